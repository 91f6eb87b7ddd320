// Commands on text: grep, head, tail, wc, sort, sed's `s`, cut, base64, sha256sum, and small ones beside them.

import { createHash } from 'node:crypto';
import { escapeRegExp } from '../../base/escapeRegExp.ts';
import { pathIn, readAll, readFlags } from './commandTools.ts';
import type { Command, CommandContext } from './program.ts';

/** The named files, or standard input. */
async function inputOf(context: CommandContext, paths: readonly string[]): Promise<Buffer> {
  if (paths.length === 0 || paths[0] === '-') return readAll(context.stdin);
  return Buffer.concat(paths.map((path) => context.view.files.read(pathIn(context, path))));
}

function linesOf(data: Buffer): string[] {
  const text = data.toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

const grep: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['e', 'A', 'B', 'C', 'm']);
  const pattern = flags.get('e') ?? rest.shift() ?? '';
  const escaped = flags.has('F') ? escapeRegExp(pattern) : pattern;
  const source = flags.has('E') || flags.has('F') ? escaped : escaped.replaceAll('\\|', '|');
  const expression = new RegExp(source, flags.has('i') ? 'i' : '');
  const found = linesOf(await inputOf(context, rest)).filter(
    (line) => expression.test(line) !== flags.has('v'),
  );
  if (flags.has('c')) context.out(`${found.length}\n`);
  else if (!flags.has('q')) for (const line of found) context.out(`${line}\n`);
  return found.length > 0 ? 0 : 1;
};

const headOrTail =
  (last: boolean): Command =>
  async (context) => {
    const { flags, rest } = readFlags(context.argv, ['n', 'c']);
    const short = rest.find((word) => /^-\d+$/.test(word));
    const count = Math.abs(Number(flags.get('n') ?? short ?? 10));
    const lines = linesOf(
      await inputOf(
        context,
        rest.filter((word) => word !== short),
      ),
    );
    for (const line of last ? lines.slice(-count) : lines.slice(0, count)) context.out(`${line}\n`);
    return 0;
  };

const wc: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv);
  const data = await inputOf(context, rest);
  const counts = {
    l: linesOf(data).length,
    w: data.toString().split(/\s+/).filter(Boolean).length,
    c: data.length,
  };
  const wanted = (['l', 'w', 'c'] as const).filter((key) => flags.has(key) || flags.size === 0);
  context.out(`${wanted.map((key) => counts[key]).join(' ')}${rest[0] ? ` ${rest[0]}` : ''}\n`);
  return 0;
};

const sort: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['k', 't']);
  const lines = linesOf(await inputOf(context, rest));
  lines.sort(flags.has('n') ? (a, b) => Number.parseFloat(a) - Number.parseFloat(b) : undefined);
  if (flags.has('r')) lines.reverse();
  for (const line of flags.has('u') ? new Set(lines) : lines) context.out(`${line}\n`);
  return 0;
};

const uniq: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv);
  const lines = linesOf(await inputOf(context, rest));
  for (let index = 0; index < lines.length; ) {
    let next = index;
    while (lines[next] === lines[index] && next < lines.length) next += 1;
    context.out(`${flags.has('c') ? `${String(next - index).padStart(7)} ` : ''}${lines[index]}\n`);
    index = next;
  }
  return 0;
};

const sed: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['e']);
  const script = flags.get('e') ?? rest.shift() ?? '';
  const parts = /^s(.)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1([gi]*)$/.exec(script);
  if (!parts) {
    context.err(`sed: unsupported command: ${script}\n`);
    return 1;
  }
  const expression = new RegExp(parts[2]!, parts[4]);
  const text = linesOf(await inputOf(context, rest)).map((line) => line.replace(expression, parts[3]!));
  const result = text.map((line) => `${line}\n`).join('');
  if (flags.has('i')) context.view.files.write(pathIn(context, rest[0]!), result);
  else context.out(result);
  return 0;
};

const cut: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['d', 'f']);
  const fields = (flags.get('f') ?? '1').split(',').map(Number);
  const by = flags.get('d') ?? '\t';
  for (const line of linesOf(await inputOf(context, rest)))
    context.out(`${fields.map((field) => line.split(by)[field - 1] ?? '').join(by)}\n`);
  return 0;
};

const base64: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['w']);
  const data = await inputOf(context, rest);
  const decodes = flags.has('d') || flags.has('decode');
  context.out(decodes ? Buffer.from(data.toString(), 'base64') : `${data.toString('base64')}\n`);
  return 0;
};

const digest =
  (algorithm: string): Command =>
  async (context) => {
    const { rest } = readFlags(context.argv);
    const hex = createHash(algorithm)
      .update(await inputOf(context, rest))
      .digest('hex');
    context.out(`${hex}  ${rest[0] ?? '-'}\n`);
    return 0;
  };

const xargs: Command = async (context) => {
  const words = context.argv.slice(1);
  const items = (await readAll(context.stdin)).toString().split(/\s+/).filter(Boolean);
  return context.run([...(words.length ? words : ['echo']), ...items]);
};

export const textCommands: Readonly<Record<string, Command>> = {
  grep,
  egrep: (context) => grep({ ...context, argv: ['egrep', '-E', ...context.argv.slice(1)] }),
  head: headOrTail(false),
  tail: headOrTail(true),
  wc,
  sort,
  uniq,
  sed,
  cut,
  base64,
  sha256sum: digest('sha256'),
  md5sum: digest('md5'),
  xargs,
};
