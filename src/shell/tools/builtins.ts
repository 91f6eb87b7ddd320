// What bash itself does: its builtins, and the little programs of the same kind.

import { type Call, type Tool, type Verdict, verdict } from '../call.ts';
import { isCredentialFile } from '../credentialFiles.ts';
import { isLoader } from '../loaders.ts';
import { isKnown, unknownPart } from '../word.ts';

const quiet =
  'echo printf true false : [ test [[ pwd cd pushd popd dirs exit return break continue shift read ' +
  'getopts let wait times ulimit umask help history type declare typeset export ' +
  'unset set shopt unalias fg bg logout caller compopt tput stty suspend disown';

/** Numbers of `sleep`, added up; undefined where one is not known. */
export function sleepMs(call: Call): number | undefined {
  let total = 0;
  for (const word of call.args) {
    const found = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word.value);
    if (!found) return undefined;
    total += Number(found[1]) * { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[found[2]!]!;
  }
  return total;
}

function signal(call: Call): Verdict {
  const values = call.args.map((word) => word.value);
  if (values.some((value) => /^(-l|-L|--list|--table)/.test(value))) return verdict('read', 'lists signals');
  if (values.some((value) => value === '-0' || /^-s?0$/.test(value)))
    return verdict('read', 'asks whether a process is alive');
  // -1 is everybody's: every process that there is a right to end.
  if (call.name === 'kill' && values.slice(1).some((value) => value === '-1'))
    return verdict('destroy', 'ends every process (-1)');
  const byUser =
    call.name === 'pkill' && values.some((value) => /^(-[uUt]([^A-Z]|$)|--(euid|uid|terminal))/.test(value));
  if (byUser) return verdict('destroy', "ends a user's processes");
  return verdict('change', 'sends a signal to a process');
}

function environment(call: Call): Verdict {
  const named = call.args.filter((word) => !word.value.startsWith('-'));
  if (call.name === 'printenv' && named.length > 0) {
    const telling = named.some(
      (word) => !isKnown(word) || /SECRET|TOKEN|PASS|KEY|CREDENTIAL|PWD$/i.test(word.value),
    );
    return telling
      ? verdict('secret', 'shows a credential of the environment')
      : verdict('read', 'shows a variable');
  }
  return verdict('secret', 'shows the whole environment, credentials included');
}

export const builtins: readonly Tool[] = [
  { names: ['set', 'export', 'declare', 'typeset', 'readonly', 'local'], classify: showsAll },
  { names: quiet.split(' '), classify: () => verdict('read', 'is a builtin of the shell') },
  {
    names: ['sleep', 'usleep'],
    classify: (call) => ({
      ...verdict('read', 'waits'),
      ...(call.name === 'sleep' ? { sleepMs: sleepMs(call) } : {}),
    }),
  },
  {
    names: ['mapfile', 'readarray'],
    classify: ({ args }) =>
      args.some(({ value }) => /^-[a-zA-Z]*C/.test(value))
        ? verdict('unknown', 'runs a command for the lines that it reads (-C)')
        : verdict('read', 'is a builtin of the shell'),
  },
  {
    names: ['hash', 'bind', 'complete', 'compgen'],
    classify: ({ name, args }) =>
      args.some(({ value }) => /^-[a-zA-Z]*[pxCFW]/.test(value))
        ? verdict('unknown', `${name} makes a name run another program`)
        : verdict('read', 'is a builtin of the shell'),
  },
  {
    names: ['enable', 'ulimit'],
    classify: (call) =>
      call.args.some((word) => /^-[a-z]*f/.test(word.value)) && call.name === 'enable'
        ? verdict('unknown', 'loads a program into the shell')
        : verdict('read', 'is a builtin of the shell'),
  },
  { names: ['kill', 'pkill', 'killall', 'skill', 'tskill', 'killall5'], classify: signal },
  { names: ['printenv'], classify: environment },
  {
    names: ['source', '.'],
    classify: ({ args }) =>
      verdict('unknown', `runs the file ${args[0]?.text ?? ''}, whose content is not known`, {
        reads: args[0] && isKnown(args[0]) ? [args[0].value] : [],
      }),
  },
  {
    names: ['eval'],
    classify: ({ args }) => ({
      ...verdict('unknown', 'runs text as commands'),
      inner: [{ script: args.map((word) => word.value).join(' '), separate: true, sameShell: true }],
    }),
  },
  {
    names: ['trap'],
    classify(call) {
      const args = call.args[0]?.value === '--' ? call.args.slice(1) : call.args;
      const [code] = args;
      if (!code || /^(-[lp]*|-)$/.test(code.value) || args.length === 1)
        return verdict('read', 'shows or clears traps');
      return {
        ...verdict('read', 'keeps commands for later'),
        inner: [{ script: code.value, separate: true, sameShell: true }],
      };
    },
  },
  {
    names: ['jobs'],
    classify: ({ args: [flag, ...words] }) => ({
      ...verdict('read', 'shows jobs'),
      ...(flag && /^-\w*x/.test(flag.value) ? { inner: [{ words }] } : {}),
    }),
  },
  {
    names: ['alias'],
    classify: ({ args }) =>
      args.some(({ value }) => reserved.test(value))
        ? verdict('unknown', "gives a word of the shell's language another meaning")
        : verdict('read', 'is a builtin of the shell'),
  },
  { names: ['cat', 'tac', 'nl'], classify: showsFiles },
  {
    names: ['base64', 'base32'],
    classify: ({ args }) => {
      const bad = args.find(
        (word) =>
          /^-/.test(word.value) &&
          !/^-(d|D|i|w\d*|o|-decode|-wrap.*|-ignore-garbage|-help|b\d*)+$/.test(word.value),
      );
      return bad
        ? verdict('unknown', `has no flag ${bad.text} that we know`)
        : verdict('read', 'encodes or decodes');
    },
  },
];

/** An alias of such a name, or of one that only the run can tell, changes how all after it reads. */
const reserved =
  /^(\[\[|[!{}]|if|then|elif|else|fi|for|while|until|select|do|done|case|esac|in|function|time|coproc|[^=]*\0[^=]*)=/;

function showsAll(call: Call): Verdict {
  if (/^(declare|typeset|local)$/.test(call.name) && call.args.some(({ value }) => /^-\w*n/.test(value)))
    return verdict('unknown', 'makes a name stand for another (-n)');
  const loader = call.name === 'set' ? undefined : call.args.find(({ value }) => isLoader(value));
  if (loader) {
    const name = /^\w*/.exec(loader.value)![0];
    return verdict('unknown', `sets ${name}, by which what comes after it runs other code`);
  }
  const onlyFlags = call.args.every((word) => /^-[pxfFaAi]*$/.test(word.value));
  const functions = call.args.some((word) => /^-\w*[fF]/.test(word.value));
  if (onlyFlags && !functions && (call.name !== 'set' || call.args.length === 0)) {
    return verdict('secret', 'shows all variables, credentials included');
  }
  return verdict('read', 'is a builtin of the shell');
}

const catFlags =
  /^-([AbeEnstTuv]+|-(show-all|number-nonblank|show-ends|number|squeeze-blank|show-tabs|show-nonprinting|help|version)|)$/;

function showsFiles({ name, args }: Call): Verdict {
  const odd =
    name === 'cat'
      ? args.find((word) => word.value.startsWith('-') && !catFlags.test(word.value))
      : undefined;
  if (odd) return verdict('unknown', `${name} has no flag ${odd.text} that we know`);
  const reads = args
    .filter((word) => !word.value.startsWith('-') && !word.value.includes(unknownPart))
    .map((word) => word.value);
  const secret = reads.find(isCredentialFile);
  return secret
    ? verdict('secret', `shows ${secret}, which holds credentials`, { reads })
    : verdict('read', 'shows files', { reads });
}
