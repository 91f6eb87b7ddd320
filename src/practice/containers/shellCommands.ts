// Shells and what belongs to a process: sh, echo, env, sleep, ps, pkill, date, and their kind.

import { readAll, readFlags } from './commandTools.ts';
import type { Command } from './program.ts';
import { interactiveShell, runScript } from './shell.ts';

const sh: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['c']);
  const script = flags.get('c');
  if (script !== undefined) return runScript(context, script);
  if (rest.length > 0) return runScript(context, context.view.files.read(rest[0]!).toString());
  return interactiveShell(context);
};

const echo: Command = (context) => {
  const words = context.argv.slice(1);
  let newline = '\n';
  let escapes = false;
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flag = words.shift()!;
    if (flag.includes('n')) newline = '';
    if (flag.includes('e')) escapes = true;
  }
  const text = words.join(' ');
  context.out((escapes ? text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : text) + newline);
  return 0;
};

const env: Command = (context) => {
  for (const [key, value] of Object.entries(context.env)) context.out(`${key}=${value}\n`);
  return 0;
};

const printenv: Command = (context) => {
  const [, name] = context.argv;
  if (!name) return env(context);
  if (!(name in context.env)) return 1;
  context.out(`${context.env[name]}\n`);
  return 0;
};

const sleep: Command = async (context) => {
  const [, told = '0'] = context.argv;
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[told.slice(-1)] ?? 1;
  const ms = told === 'infinity' ? 2 ** 31 - 1 : Number.parseFloat(told) * unit * 1000;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
    timer.unref();
    context.signal.addEventListener('abort', done, { once: true });
  });
  return context.signal.aborted ? 143 : 0;
};

const date: Command = (context) => {
  const now = new Date(context.view.cluster.now());
  const format = context.argv.find((word) => word.startsWith('+'));
  if (!format) context.out(`${now.toUTCString().replace('GMT', 'UTC')}\n`);
  else {
    const two = (value: number): string => String(value).padStart(2, '0');
    const parts: Record<string, string> = {
      Y: String(now.getUTCFullYear()),
      m: two(now.getUTCMonth() + 1),
      d: two(now.getUTCDate()),
      H: two(now.getUTCHours()),
      M: two(now.getUTCMinutes()),
      S: two(now.getUTCSeconds()),
      s: String(Math.floor(now.getTime() / 1000)),
    };
    context.out(`${format.slice(1).replace(/%([YmdHMSs])/g, (_, letter: string) => parts[letter]!)}\n`);
  }
  return 0;
};

const ps: Command = (context) => {
  const name = context.view.spec.command?.join(' ') ?? context.view.spec.name;
  context.out(
    `PID   USER     TIME  COMMAND\n    1 root      0:42 ${name}\n  117 root      0:00 ${context.argv.join(' ')}\n`,
  );
  return 0;
};

/** Signals a process by name: there is one, the container's own. */
const pkill: Command = (context) => {
  const { flags, rest } = readFlags(context.argv);
  const name: string = context.view.spec.name;
  if (!rest.some((word) => name.includes(word))) return 1;
  if (flags.has('U') || flags.has('H')) return 0;
  return 0;
};

const read: Command = async (context) => {
  await readAll(context.stdin);
  return 0;
};

export const shellCommands: Readonly<Record<string, Command>> = {
  sh,
  bash: sh,
  ash: sh,
  echo,
  env,
  printenv,
  sleep,
  date,
  ps,
  pkill,
  read,
  kill: () => 0,
  true: () => 0,
  false: () => 1,
  ':': () => 0,
  test: testCommand,
  '[': testCommand,
  pwd: (context) => {
    context.out(`${context.cwd}\n`);
    return 0;
  },
  whoami: (context) => {
    context.out(context.view.pod.spec.securityContext?.runAsUser ? 'app\n' : 'root\n');
    return 0;
  },
  id: (context) => {
    const uid = context.view.pod.spec.securityContext?.runAsUser ?? 0;
    context.out(`uid=${uid} gid=${uid} groups=${uid}\n`);
    return 0;
  },
  hostname: (context) => {
    context.out(`${context.env.HOSTNAME}\n`);
    return 0;
  },
  uname: (context) => {
    context.out(
      context.argv.includes('-a')
        ? `Linux ${context.env.HOSTNAME} 6.1.0-practice x86_64 GNU/Linux\n`
        : 'Linux\n',
    );
    return 0;
  },
  uptime: (context) => {
    const minutes = Math.floor((context.view.cluster.now() - context.view.startedAt) / 60_000);
    context.out(` up ${minutes} min,  load average: 0.42, 0.38, 0.35\n`);
    return 0;
  },
};

function testCommand(context: Parameters<Command>[0]): number {
  const words = context.argv.slice(1).filter((word) => word !== ']');
  const node = (path: string) => context.view.files.stat(path);
  const holds = (): boolean => {
    const [first = '', second = '', third = ''] = words;
    if (first === '-f') return node(second)?.kind === 'file';
    if (first === '-d') return node(second)?.kind === 'directory';
    if (first === '-e') return node(second) !== undefined;
    if (first === '-z') return second === '';
    if (first === '-n') return second !== '';
    if (second === '=' || second === '==') return first === third;
    if (second === '!=') return first !== third;
    return first !== '';
  };
  return holds() ? 0 : 1;
}
