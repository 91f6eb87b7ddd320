// Commands that run another command given as arguments: the inner one decides, the wrapper never lowers.

import { type Tool, type Verdict, verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { environmentGaps, isLoader } from '../loaders.ts';
import { literal, unknownPart, unknownWord, type Word } from '../word.ts';

interface WrapperTable {
  readonly names: readonly string[];
  readonly flags: string;
  readonly why: string;
  /** Operands before the command: `timeout 5 cmd`. */
  readonly skip?: number;
  readonly risk?: Verdict['risk'];
  readonly ungated?: string;
  readonly blocking?: string;
  /** Without a command: what the wrapper does alone. */
  readonly alone?: Verdict;
}

function wrapper(table: WrapperTable): Tool {
  return {
    names: table.names,
    classify(call) {
      const parsed = parseFlags(call.args, `${table.flags} --help --version`, 'posix');
      const words = parsed.operands.slice(table.skip ?? 0);
      const base = {
        ...(table.ungated ? { ungated: [table.ungated] } : {}),
        ...(table.blocking ? { blocking: table.blocking } : {}),
      };
      if (parsed.unlisted.length) {
        const why = `${call.name} has no flag ${parsed.unlisted.join(', ')} that we know`;
        return { ...verdict('unknown', why), ...base, inner: words.length ? [{ words }] : [] };
      }
      if (words.length === 0) return table.alone ?? verdict('read', `${call.name} alone does nothing`);
      const reasons = table.risk ? [table.why] : [];
      return { risk: table.risk ?? 'read', reasons, ...base, inner: [{ words }] };
    },
  };
}

const interactiveRoot: Verdict = verdict('unknown', 'opens a shell', { interactive: 'opens a shell' });

function assignmentsFirst(words: readonly Word[]): { assigned: Word[]; rest: Word[] } {
  let at = 0;
  while (at < words.length && /^[A-Za-z_]\w*=/.test(words[at]!.value)) at++;
  return { assigned: words.slice(0, at), rest: words.slice(at) };
}

const env: Tool = {
  names: ['env'],
  classify(call) {
    const flags =
      '-i,--ignore-environment -0,--null -u,--unset= -C,--chdir= -S,--split-string= --block-signal? --default-signal? --ignore-signal? -v,--debug --help --version';
    const parsed = parseFlags(call.args, flags, 'posix');
    const split = parsed.last('--split-string')?.split(/\s+/).filter(Boolean) ?? [];
    const { assigned, rest: words } = assignmentsFirst([
      ...split.map((part) => literal(part.replace(/^(["'])(.*)\1$/, '$2'))),
      ...parsed.operands,
    ]);
    if (parsed.unlisted.length)
      return {
        ...verdict('unknown', `env has no flag ${parsed.unlisted.join(', ')} that we know`),
        inner: [{ words }],
      };
    const gaps = environmentGaps([
      ...assigned.map((word) => word.value.replace(/=.*/s, '')),
      ...parsed.all('--unset'),
    ]);
    if (parsed.on('--ignore-environment')) gaps.push('the environment is emptied, and with it the gate');
    if (words.length === 0) return verdict('secret', 'shows the whole environment, credentials included');
    return {
      risk: assigned.some((word) => isLoader(word.value)) ? 'unknown' : 'read',
      reasons: [],
      ungated: gaps,
      inner: [{ words }],
    };
  },
};

const xargs: Tool = {
  names: ['xargs', 'gxargs'],
  classify(call) {
    const flags =
      '-0,--null -a,--arg-file= -d,--delimiter= -E= -e,--eof? -I= -J= -i,--replace? -L,--max-lines= -l? -n,--max-args= -o,--open-tty -P,--max-procs= -p,--interactive --process-slot-var= -r,--no-run-if-empty -s,--max-chars= --show-limits -t,--verbose -x,--exit -R= --help --version';
    const parsed = parseFlags(call.args, flags, 'posix');
    const token =
      parsed.last('-I') ??
      parsed.last('-J') ??
      (parsed.flags.some((flag) => flag.name === '--replace')
        ? (parsed.last('--replace') ?? '{}')
        : undefined);
    const given = parsed.operands;
    if (given.length === 0) return verdict('read', 'prints its input');
    const words = token
      ? given.map((word) =>
          word.value.includes(token) ? { ...word, value: word.value.replaceAll(token, unknownPart) } : word,
        )
      : [...given, unknownWord('…')];
    const reasons = ['for every line of its input'];
    if (parsed.unlisted.length) {
      return {
        ...verdict('unknown', `xargs has no flag ${parsed.unlisted.join(', ')} that we know`),
        inner: [{ words, stdin: { kind: 'none' } }],
      };
    }
    // Empty input runs it once as it stands: `xargs cp a /etc/b` may write there.
    const empty = token ? [] : [{ words: given, stdin: { kind: 'none' } as const }];
    return { risk: 'read', reasons, inner: [...empty, { words, stdin: { kind: 'none' } }] };
  },
};

const command: Tool = {
  names: ['command'],
  classify(call) {
    const parsed = parseFlags(call.args, '-p -v -V', 'posix');
    if (parsed.on('-v') || parsed.on('-V')) return verdict('read', 'tells where a command is');
    const ungated = parsed.on('-p') ? ['uses the standard PATH, past the gate'] : [];
    return {
      risk: 'read',
      reasons: [],
      ungated,
      inner: parsed.operands.length ? [{ words: parsed.operands }] : [],
    };
  },
};

const parallel: Tool = {
  names: ['parallel'],
  classify(call) {
    const flags =
      '-j,-P,--jobs,--max-procs= -k,--keep-order -n,--max-args= -N= -L= -I= -a,--arg-file= -d,--delimiter= -0,--null -C,--colsep= --dry-run --bar --progress --eta --halt= --joblog= --results= --retries= --timeout= --delay= -u,--ungroup --line-buffer,--lb --tag -q,--quote -r,--no-run-if-empty -S,--sshlogin= --env= --will-cite -X -m -v -t --tmpdir= --wd,--workdir=';
    const { operands } = parseFlags(call.args, flags, 'posix');
    const end = operands.findIndex((word) => /^:{3,4}\+?$/.test(word.value));
    const words = operands.slice(0, end < 0 ? undefined : end);
    if (words.length === 0) return verdict('unknown', 'runs its input as commands');
    // Its shell reads the words again, joined by blanks.
    const script = words.map(({ value }) => value.replace(/\{[^}]*\}/g, '"$1"')).join(' ');
    return {
      ...verdict('unknown', 'puts its input into commands'),
      inner: [{ script: `${script} "$1"`, separate: true }],
    };
  },
};

const timeCommand: Tool = {
  names: ['time'],
  classify(call) {
    const parsed = parseFlags(
      call.args,
      '-p,--portability -f,--format= -o,--output= -a,--append -v,--verbose -q,--quiet -l',
      'posix',
    );
    const file = parsed.last('--output');
    return {
      risk: parsed.unlisted.length ? 'unknown' : file ? 'write' : 'read',
      reasons: file ? [`writes ${file}`] : parsed.unlisted.length ? ['has flags that we do not know'] : [],
      inner: parsed.operands.length ? [{ words: parsed.operands }] : [],
    };
  },
};

const watch: Tool = {
  names: ['watch', 'viddy'],
  classify(call) {
    const parsed = parseFlags(
      call.args,
      '-b,--beep -c,--color -C,--no-color -d,--differences? -e,--errexit -g,--chgexit -q,--equexit= -n,--interval= -p,--precise -t,--no-title -w,--no-wrap -x,--exec -r,--no-rerun -h,--help -v,--version',
      'posix',
    );
    const base = {
      ...verdict(parsed.unlisted.length ? 'unknown' : 'read', 'runs again and again'),
      blocking: 'repeats until stopped',
    };
    if (parsed.operands.length === 0) return verdict('read', 'shows its usage');
    if (parsed.on('--exec')) return { ...base, inner: [{ words: parsed.operands }] };
    return {
      ...base,
      inner: [{ script: parsed.operands.map((word) => word.value).join(' '), separate: true }],
    };
  },
};

const flock: Tool = {
  names: ['flock'],
  classify(call) {
    const parsed = parseFlags(
      call.args,
      '-s,--shared -x,-e,--exclusive -u,--unlock -n,--nb,--nonblock -w,--timeout= -E,--conflict-exit-code= -o,--close -c,--command= -F,--no-fork --verbose',
      'posix',
    );
    const script = parsed.last('--command');
    const rest = parsed.operands.slice(1);
    const dashC = rest[0]?.value === '-c' ? rest[1]?.value : undefined;
    if (script !== undefined || dashC !== undefined)
      return { risk: 'read', reasons: [], inner: [{ script: (script ?? dashC)!, separate: true }] };
    return { risk: 'read', reasons: [], inner: rest.length ? [{ words: rest }] : [] };
  },
};

const sudoFlags =
  '-A,--askpass -b,--background -B,--bell -C,--close-from= -D,--chdir= -E,--preserve-env? -e,--edit -g,--group= ' +
  '-H,--set-home -h,--host= -i,--login -K,--remove-timestamp -k,--reset-timestamp -l,--list -n,--non-interactive ' +
  '-P,--preserve-groups -p,--prompt= -R,--chroot= -r,--role= -S,--stdin -s,--shell -T,--command-timeout= -t,--type= ' +
  '-U,--other-user= -u,--user= -V,--version -v,--validate -N --help';

const sudo: Tool = {
  names: ['sudo', 'doas', 'dzdo', 'pfexec'],
  classify(call) {
    const parsed = parseFlags(call.args, sudoFlags, 'posix');
    const { assigned, rest } = assignmentsFirst(parsed.operands);
    const ungated = [
      'sudo sets its own PATH, past the gate',
      ...environmentGaps(assigned.map((word) => word.value.replace(/=.*/s, ''))),
    ];
    const gated = rest.some((word) => /(^|\/)(kubectl|oc|helm)$/.test(word.value));
    const gaps = gated ? { ungated } : {};
    if (parsed.on('--list') || parsed.on('--version') || parsed.on('--help'))
      return verdict('read', 'shows what sudo allows');
    if (parsed.on('--edit'))
      return { ...verdict('change', 'edits a file as another user'), interactive: 'opens an editor' };
    if (rest.length === 0) {
      if (parsed.on('--validate') || parsed.on('--reset-timestamp') || parsed.on('--remove-timestamp'))
        return verdict('read', 'touches the sudo ticket');
      return interactiveRoot;
    }
    const odd = parsed.unlisted.length > 0 || assigned.some((word) => isLoader(word.value));
    if (parsed.on('--shell') || parsed.on('--login')) {
      return {
        risk: odd ? 'unknown' : 'read',
        reasons: ['as another user'],
        ...gaps,
        inner: [{ words: rest }],
      };
    }
    const why = odd ? 'sudo is called in a way that we do not know' : 'as another user';
    return { risk: odd ? 'unknown' : 'read', reasons: [why], ...gaps, inner: [{ words: rest }] };
  },
};

const exec: Tool = {
  names: ['exec'],
  classify(call) {
    const parsed = parseFlags(call.args, '-c -l -a=', 'posix');
    if (parsed.operands.length === 0) return verdict('read', 'changes the redirections of the session');
    const ungated = parsed.on('-c') ? ['the environment is emptied, and with it the gate'] : [];
    return { risk: 'read', reasons: ['replaces the session'], ungated, inner: [{ words: parsed.operands }] };
  },
};

const chroot: Tool = {
  names: ['chroot', 'nsenter', 'unshare'],
  classify(call) {
    const nsenter =
      '-t,--target= -m,--mount? -u,--uts? -i,--ipc? -n,--net? -p,--pid? -C,--cgroup? -U,--user? -T,--time? -r,--root? -w,--wd? -S,--setuid= -G,--setgid= -F,--no-fork -a,--all -Z -e,--env -f,--fork --mount-proc? --map-root-user --preserve-credentials';
    const parsed = parseFlags(
      call.args,
      call.name === 'chroot' ? '--groups= --userspec= --skip-chdir' : nsenter,
      'posix',
    );
    const words = call.name === 'chroot' ? parsed.operands.slice(1) : parsed.operands;
    if (words.length === 0) return interactiveRoot;
    const risk = parsed.unlisted.length ? 'unknown' : 'read';
    return {
      risk,
      reasons: parsed.unlisted.length ? [`${call.name} has flags that we do not know`] : [],
      inner: [
        {
          words,
          separate: true,
          place: {
            kind: 'host',
            label: call.name === 'chroot' ? `the root ${call.args[0]?.text ?? ''}` : 'other namespaces',
          },
        },
      ],
    };
  },
};

/** `script -c 'kubectl …' file`: keeps what a command says; alone it opens a shell. */
const script: Tool = {
  names: ['script'],
  classify(call) {
    const flags =
      '-a,--append -c,--command= -E,--echo= -e,--return -f,--flush -F --force -I,--log-in= -O,--log-out= -B,--log-io= -T,--log-timing= -t? -m,--logging-format= -o,--output-limit= -q,--quiet -k -r -d -p --help --version';
    const parsed = parseFlags(call.args, flags, 'gnu');
    const text = parsed.last('--command');
    if (text === undefined || parsed.unlisted.length)
      return {
        ...verdict('unknown', 'opens a session in which anything may be typed'),
        interactive: 'opens a session',
      };
    const files = parsed.operands.map(({ value }) => value).filter((file) => file !== '/dev/null');
    const base =
      files.length > 0
        ? verdict('write', `writes ${files.join(', ')}`)
        : verdict('read', 'keeps what is said');
    return { ...base, inner: [{ script: text, separate: true }] };
  },
};

export const wrappers: readonly Tool[] = [
  script,
  sudo,
  env,
  xargs,
  command,
  parallel,
  timeCommand,
  watch,
  flock,
  exec,
  chroot,
  wrapper({ names: ['nohup'], flags: '', why: '' }),
  wrapper({ names: ['setsid'], flags: '-c,--ctty -f,--fork -w,--wait', why: '' }),
  wrapper({ names: ['builtin', 'coproc', 'noglob', 'nocorrect', '-'], flags: '-p', why: '' }),
  wrapper({
    names: ['timeout', 'gtimeout'],
    flags: '--preserve-status --foreground -k,--kill-after= -s,--signal= -v,--verbose',
    why: '',
    skip: 1,
  }),
  wrapper({ names: ['nice', 'gnice'], flags: '-n,--adjustment= -NUM', why: '' }),
  wrapper({ names: ['ionice'], flags: '-c,--class= -n,--classdata= -t,--ignore -p,--pid= -P= -u=', why: '' }),
  wrapper({ names: ['stdbuf', 'gstdbuf'], flags: '-i,--input= -o,--output= -e,--error=', why: '' }),
  wrapper({ names: ['unbuffer'], flags: '-p', why: '' }),
  wrapper({ names: ['caffeinate'], flags: '-d -i -m -s -u -t= -w=', why: '' }),
  wrapper({ names: ['taskset', 'chrt'], flags: '-c,--cpu-list -a -p', why: '', skip: 1 }),
  wrapper({
    names: ['strace', 'ltrace'],
    flags: '-f -c -tt -T -e= -o= -p= -s= -y -v -q',
    why: 'traces the program',
    risk: 'change',
  }),
  wrapper({ names: ['busybox', 'toybox'], flags: '', why: '' }),
  wrapper({ names: ['direnv'], flags: '', why: 'loads a directory’s environment', risk: 'unknown' }),
  wrapper({ names: ['retry'], flags: '-t,--times= -d,--delay= -m,--max-time=', why: '' }),
];
