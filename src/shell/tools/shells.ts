// Shells and interpreters: text given to a shell is read as commands; any other program text is unknown.

import { type Call, type Inner, type Place, type Tool, type Verdict, verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { isKnown, shown, type Word } from '../word.ts';

const shellFlags =
  '-c -e -u -x -v -n -i -l,--login -s -r -p -a -b -f -h -k -m -t -B -C -E -H -P -T -D -o= -O= --posix --norc ' +
  '--noprofile --rcfile= --init-file= --restricted --verbose --debugger';

const shell: Tool = {
  names: ['bash', 'sh', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'rbash'],
  classify(call) {
    const words = call.args.filter((word) => !/^\+[A-Za-z]+$/.test(word.value));
    const parsed = parseFlags(words, shellFlags, 'posix');
    const [first] = parsed.operands;
    // Their start-up files set PATH anew.
    const login =
      parsed.on('--login') || parsed.on('-i') || parsed.on('--init-file') || parsed.on('--rcfile');
    const ungated = login ? [`${call.name} reads its start-up files, which may lead past the gate`] : [];
    const odd =
      parsed.unlisted.length > 0
        ? [`${call.name} has no flag ${parsed.unlisted.join(', ')} that we know`]
        : [];
    if (parsed.on('-c')) {
      if (!first) return verdict('unknown', 'names no command');
      return {
        risk: odd.length ? 'unknown' : 'read',
        reasons: odd.length ? odd : [`${call.name} runs the given text`],
        ungated,
        inner: [{ script: first.value, separate: true, stdin: call.stdin }],
      };
    }
    if (first && !parsed.on('-s')) {
      if (first.stream === 'in') return verdict('unknown', 'runs the output of another command');
      if (parsed.on('-n')) return verdict('read', 'checks a script, and does not run it');
      return verdict('unknown', `runs the script ${shown(first)}, whose content is not known`, {
        reads: isKnown(first) ? [first.value] : [],
      });
    }
    return { ...fromStdin(call, odd), ungated };
  },
};

function fromStdin(call: Call, odd: readonly string[]): Verdict {
  const { stdin } = call;
  if (stdin.kind === 'text' && stdin.text !== undefined) {
    return {
      risk: odd.length ? 'unknown' : 'read',
      reasons: odd.length ? odd : [`${call.name} runs the given text`],
      inner: [{ script: stdin.text, separate: true, stdin: { kind: 'none' } }],
    };
  }
  if (stdin.kind === 'pipe') return verdict('unknown', `runs what ${stdin.from ?? 'another command'} prints`);
  if (stdin.kind === 'file') return verdict('unknown', 'runs a file of unknown content');
  return verdict('unknown', 'opens a shell, in which anything may be typed', {
    interactive: 'opens a shell',
  });
}

const su: Tool = {
  names: ['su', 'runuser'],
  classify(call) {
    const parsed = parseFlags(
      call.args,
      '-c,--command= -l,--login -m -p,--preserve-environment -s,--shell= -g,--group= -G,--supp-group= -w= -P,--pty -f,--fast -u,--user=',
      'gnu',
    );
    const script = parsed.last('--command');
    if (script !== undefined)
      return {
        risk: parsed.unlisted.length ? 'unknown' : 'read',
        reasons: ['as another user'],
        inner: [{ script, separate: true }],
      };
    if (parsed.on('--user') && parsed.operands.length)
      return { risk: 'read', reasons: ['as another user'], inner: [{ words: parsed.operands }] };
    return fromStdin({ ...call, name: 'su' }, []);
  },
};

const sshFlags =
  '-4 -6 -A -a -B= -b= -C -c= -D= -E= -e= -F= -f -G -g -I= -i= -J= -K -k -L= -l= -M -m= -N -n -O= -o= -P= -p= -Q= -q -R= -S= -s -T -t -V -v -W= -w= -X -x -Y -y';

const ssh: Tool = {
  names: ['ssh', 'autossh', 'mosh'],
  classify(call) {
    const parsed = parseFlags(call.args, sshFlags, 'posix');
    const [host, ...words] = parsed.operands;
    const rest = words[0]?.value === '--' ? words.slice(1) : words;
    if (parsed.on('-V') || parsed.on('-Q') || parsed.on('-G')) return verdict('read', 'shows settings');
    if (!host) return verdict('unknown', 'names no host');
    const place: Place = { kind: 'host', label: `host ${hostName(host)}` };
    const option = [...parsed.all('-o')].find((value) =>
      /^(ProxyCommand|LocalCommand|KnownHostsCommand|PermitLocalCommand)/i.test(value),
    );
    const reasons = option ? ['runs a program of its options'] : [`runs on ${place.label}`];
    const risk = option || parsed.unlisted.length ? 'unknown' : 'read';
    const remote = remoteCommand(rest, call, place);
    if (remote) return { risk, reasons, inner: [remote] };
    if (parsed.on('-N') || parsed.on('-W'))
      return { ...verdict(risk, 'opens a tunnel'), blocking: 'holds a tunnel open' };
    if (call.stdin.kind === 'none')
      return verdict('unknown', `opens a shell on ${place.label}`, { interactive: 'opens a remote shell' });
    return {
      ...fromStdin({ ...call, name: 'ssh' }, []),
      inner: call.stdin.text === undefined ? [] : [{ script: call.stdin.text, place, separate: true }],
    };
  },
};

function remoteCommand(words: readonly Word[], call: Call, place: Place): Inner | undefined {
  if (words.length === 0) return undefined;
  // The remote shell reads the words again, joined by blanks.
  return { script: words.map((word) => word.value).join(' '), place, separate: true, stdin: call.stdin };
}

function hostName(word: Word): string {
  return word.text.length > 60 || /\$\(|`/.test(word.text) ? '…' : shown(word).replace(/^['"]|['"]$/g, '');
}

const scp: Tool = {
  names: ['scp', 'sftp', 'rsync', 'rclone', 'croc'],
  classify({ name, args }) {
    const values = args.map((word) => word.value);
    const short = values.filter((value) => /^-[A-Za-z0-9]+$/.test(value)).join('');
    if (name === 'rsync' && values.some((value) => /^--(delete|remove-source-files)/.test(value))) {
      if (!/n/.test(short) && !values.includes('--dry-run'))
        return verdict('destroy', 'deletes what the other side does not have');
    }
    if (name === 'rsync' && (/n/.test(short) || values.includes('--dry-run')))
      return verdict('read', 'is a dry run');
    if (
      name === 'rsync' &&
      values.some((value) => /^(-e|--rsh|--rsync-path)/.test(value)) &&
      !values.some((value) => /^(ssh|-e\s*ssh|--rsh=ssh)\b/.test(value))
    ) {
      return verdict('unknown', 'runs a program of its options');
    }
    if (
      name === 'scp' &&
      values.some((value) => /^-[A-Za-z0-9]*S/.test(value) || /ProxyCommand|LocalCommand/i.test(value))
    )
      return verdict('unknown', 'runs a program of its options');
    if (name === 'rclone') {
      const verb = values.find((value) => !value.startsWith('-')) ?? '';
      if (
        /^(ls|lsd|lsl|lsf|lsjson|size|check|cat|md5sum|sha1sum|tree|about|version|listremotes|cryptcheck)$/.test(
          verb,
        )
      )
        return verdict('read', 'lists remote files', { verb });
      if (/^(delete|purge|deletefile|cleanup|rmdir|rmdirs|sync|move|moveto|dedupe|bisync)$/.test(verb))
        return verdict('destroy', 'removes remote files', { verb });
      return verdict(
        /^(copy|copyto|mkdir|touch|rcat)$/.test(verb) ? 'change' : 'unknown',
        'changes remote files',
        { verb },
      );
    }
    if (name === 'sftp' || name === 'croc')
      return verdict('unknown', 'takes commands', { interactive: 'takes commands' });
    const target = values.at(-1) ?? '';
    if (/^[^/]*:/.test(target)) return verdict('change', `writes files at ${target.replaceAll('\0', '…')}`);
    return verdict('write', 'writes local files', { writes: [target] });
  },
};

interface Interpreter {
  readonly names: string;
  readonly code: readonly string[];
  readonly harmless: RegExp;
}
const interpreters: readonly Interpreter[] = [
  {
    names: 'python python2 python3 pypy3 ipython ipython3',
    code: ['-c', '-m'],
    harmless: /^(-V|-VV|--version|-h|--help)$/,
  },
  {
    names: 'node nodejs deno bun',
    code: ['-e', '--eval', '-p', '--print'],
    harmless: /^(-v|--version|-h|--help)$/,
  },
  { names: 'perl perl5', code: ['-e', '-E', '-n', '-p'], harmless: /^(-v|-V|--version|-h|--help)$/ },
  { names: 'ruby irb', code: ['-e'], harmless: /^(-v|--version|-h|--help)$/ },
  {
    names: 'php lua Rscript R julia ghci scala groovy erl iex elixir tclsh expect osascript pwsh powershell',
    code: ['-e', '-r', '-c'],
    harmless: /^(-v|--version|-h|--help)$/,
  },
];

const pythonModules: Record<string, Verdict> = {
  'json.tool': verdict('read', 'prints JSON'),
  'http.server': {
    ...verdict('change', 'serves this directory to the network'),
    blocking: 'serves until stopped',
  },
  venv: verdict('write', 'makes a virtual environment'),
  site: verdict('read', 'shows paths'),
  calendar: verdict('read', 'shows a calendar'),
  platform: verdict('read', 'shows the platform'),
};

function interpreter(one: Interpreter): Tool {
  return {
    names: one.names.split(' '),
    classify(call) {
      const { args, name, stdin } = call;
      if (args.length > 0 && args.every((word) => one.harmless.test(word.value)))
        return verdict('read', 'shows its version');
      if (args.length === 0 && stdin.kind === 'none')
        return verdict('unknown', `opens ${name}, in which anything may be typed`, {
          interactive: `opens ${name}`,
        });
      const at = args.findIndex((word) => word.value === '-m');
      if (at >= 0 && name.startsWith('py')) {
        const module = args[at + 1]?.value ?? '';
        if (module === 'pip')
          return {
            risk: 'read',
            reasons: [],
            inner: [{ words: [{ ...args[at + 1]!, value: 'pip' }, ...args.slice(at + 2)] }],
          };
        const known = pythonModules[module];
        if (
          known &&
          !(
            module === 'json.tool' &&
            args.slice(at + 2).filter((word) => !word.value.startsWith('-')).length > 1
          )
        )
          return known;
        return verdict('unknown', `runs the module ${shown(args[at + 1] ?? args[at]!)}`);
      }
      return verdict('unknown', `runs a ${name} program, which is not read here`);
    },
  };
}

export const shells: readonly Tool[] = [shell, su, ssh, scp, ...interpreters.map(interpreter)];
