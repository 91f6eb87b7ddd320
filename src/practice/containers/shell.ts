// A small shell for `sh -c` and interactive sessions in containers: quotes, variables, pipes, `&&`, `||`, `;`,
// redirections and patterns. No functions and no control flow: what it can't read it refuses, with status 2.

import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pathIn } from './commandTools.ts';
import { globRegExp } from './fileCommands.ts';
import type { CommandContext } from './program.ts';

interface Word {
  readonly text: string;
  /** Unquoted and holding `*` or `?`. */
  readonly pattern: boolean;
}
type Token = { readonly operator: string } | { readonly word: Word };

const operators = ['&&', '||', '>>', '2>&1', '2>', ';', '|', '>', '<', '\n'];
const refused = new Set(['if', 'for', 'while', 'case', 'function', 'until']);

class ShellError extends Error {}

function tokenize(script: string, lookUp: (name: string) => string): Token[] {
  const tokens: Token[] = [];
  let text = '';
  let started = false;
  let pattern = false;
  const close = (): void => {
    if (started) tokens.push({ word: { text, pattern } });
    text = '';
    started = false;
    pattern = false;
  };
  for (let at = 0; at < script.length; ) {
    const rest = script.slice(at);
    const operator =
      started && /\w$/.test(text)
        ? operators.filter((one) => !one.startsWith('2')).find((one) => rest.startsWith(one))
        : operators.find((one) => rest.startsWith(one));
    const char = script[at]!;
    if (operator) {
      close();
      tokens.push({ operator: operator === '\n' ? ';' : operator });
      at += operator.length;
    } else if (char === ' ' || char === '\t') {
      close();
      at += 1;
    } else if (char === '#' && !started) {
      at += /^[^\n]*/.exec(rest)?.[0].length ?? 1;
    } else if (char === "'") {
      const end = script.indexOf("'", at + 1);
      if (end < 0) throw new ShellError('unterminated quoted string');
      text += script.slice(at + 1, end);
      started = true;
      at = end + 1;
    } else if (char === '"') {
      const match = /^"((?:\\.|[^"\\])*)"/s.exec(rest);
      if (!match) throw new ShellError('unterminated quoted string');
      text += expand(match[1]!, lookUp).replace(/\\(["\\$`])/g, '$1');
      started = true;
      at += match[0].length;
    } else if (char === '$') {
      const match = /^\$(\{[A-Za-z_]\w*\}|[A-Za-z_]\w*|\?|\$)/.exec(rest);
      if (rest.startsWith('$(') || !match) throw new ShellError(`unsupported: ${rest.slice(0, 12)}`);
      text += lookUp(match[1]!.replace(/[{}]/g, ''));
      started ||= text !== '';
      at += match[0].length;
    } else if (char === '\\') {
      text += script[at + 1] ?? '';
      started = true;
      at += 2;
    } else {
      if (char === '*' || char === '?') pattern = true;
      text += char;
      started = true;
      at += 1;
    }
  }
  close();
  return tokens;
}

function expand(text: string, lookUp: (name: string) => string): string {
  return text.replace(/(?<!\\)\$(\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*|\?))/g, (_w, _a, braced, bare) =>
    lookUp(braced ?? bare),
  );
}

function glob(context: CommandContext, { text, pattern }: Word): string[] {
  if (!pattern) return [text];
  let found: string[] = [text.startsWith('/') ? '/' : ''];
  for (const step of text.split('/').filter(Boolean)) {
    const expression = globRegExp(step);
    found = found.flatMap((base) => {
      const directory = pathIn(context, base || '.');
      if (context.view.files.stat(directory)?.kind !== 'directory') return [];
      return context.view.files
        .list(directory)
        .filter((name) => expression.test(name) && (!name.startsWith('.') || step.startsWith('.')))
        .map((name) => posix.join(base, name));
    });
  }
  return found.length > 0 ? found : [text];
}

/** Runs a script; the status of its last command. */
export async function runScript(context: CommandContext, script: string): Promise<number> {
  const state = { ...context, env: { ...context.env }, cwd: context.cwd };
  return runLine(state, script, 0);
}

type State = CommandContext & { env: Record<string, string>; cwd: string };

async function runLine(state: State, script: string, last: number): Promise<number> {
  let status = last;
  try {
    const tokens = tokenize(script, (name) => (name === '?' ? String(status) : (state.env[name] ?? '')));
    let skip = false;
    let pipeline: Token[] = [];
    for (const token of [...tokens, { operator: ';' }]) {
      if (!('operator' in token) || !['&&', '||', ';'].includes(token.operator)) {
        pipeline.push(token);
        continue;
      }
      if (pipeline.length > 0 && !skip) status = await runPipeline(state, pipeline);
      pipeline = [];
      if (token.operator === ';') skip = false;
      else skip = token.operator === '&&' ? status !== 0 : status === 0;
      if (state.env['?exit'] !== undefined) return Number(state.env['?exit']);
    }
    return status;
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    state.err(`sh: syntax error: ${error.message}\n`);
    return 2;
  }
}

async function runPipeline(state: State, tokens: Token[]): Promise<number> {
  const commands: Token[][] = [[]];
  for (const token of tokens) {
    if ('operator' in token && token.operator === '|') commands.push([]);
    else commands.at(-1)!.push(token);
  }
  let stdin = state.stdin;
  let status = 0;
  for (const [index, command] of commands.entries()) {
    const chunks: Buffer[] = [];
    const lastOne = index === commands.length - 1;
    const out = lastOne ? state.out : (data: string | Buffer): void => void chunks.push(Buffer.from(data));
    status = await runSimple(state, command, stdin, out);
    stdin = Readable.from(chunks);
  }
  return status;
}

async function runSimple(
  state: State,
  tokens: Token[],
  stdin: AsyncIterable<Buffer>,
  out: State['out'],
): Promise<number> {
  const words: string[] = [];
  let target: { path: string; append: boolean } | undefined;
  let quiet = false;
  let toOut = false;
  let from = stdin;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    if ('word' in token) {
      words.push(...glob(state, token.word));
      continue;
    }
    if (token.operator === '2>&1') {
      toOut = true;
      continue;
    }
    const next = tokens[++index];
    if (!next || !('word' in next)) throw new ShellError('unexpected redirection');
    if (token.operator === '2>') quiet = true;
    else if (token.operator === '<')
      from = Readable.from([state.view.files.read(pathIn(state, next.word.text))]);
    else target = { path: pathIn(state, next.word.text), append: token.operator === '>>' };
  }
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const word = words.shift()!;
    state.env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
  }
  const [name] = words;
  if (!name) return 0;
  if (refused.has(name))
    throw new ShellError(`unexpected "${name}": the practice shell knows no control flow`);
  if (name === 'cd') {
    state.cwd = pathIn(state, words[1] ?? '/root');
    if (state.view.files.stat(state.cwd)?.kind === 'directory') return 0;
    state.err(`sh: cd: can't cd to ${words[1]}\n`);
    return 1;
  }
  if (name === 'exit') {
    state.env['?exit'] = words[1] ?? '0';
    return Number(words[1] ?? 0);
  }
  if (name === 'export' || name === 'set') {
    for (const word of words.slice(1))
      if (word.includes('=')) state.env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
    return 0;
  }
  const chunks: Buffer[] = [];
  const write =
    target && target.path !== '/dev/null'
      ? (data: string | Buffer): void => void chunks.push(Buffer.from(data))
      : target
        ? (): void => {}
        : out;
  const err = quiet ? (): void => {} : toOut ? write : state.err;
  const status = await state.run(words, { stdin: from, out: write, err, env: state.env, cwd: state.cwd });
  if (target && target.path !== '/dev/null') {
    const { files } = state.view;
    const before = target.append && files.stat(target.path) ? files.read(target.path) : Buffer.alloc(0);
    files.write(target.path, Buffer.concat([before, ...chunks]));
  }
  return status;
}

/** Reads lines from standard input and runs each, until `exit` or the end. */
export async function interactiveShell(context: CommandContext): Promise<number> {
  const state: State = { ...context, env: { ...context.env }, cwd: context.cwd };
  const prompt = (): void => {
    if (context.tty) context.out(`${state.cwd} # `);
  };
  let status = 0;
  let pending = '';
  prompt();
  for await (const chunk of context.stdin) {
    pending += chunk.toString();
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      status = await runLine({ ...state, stdin: Readable.from([]) } as State, line, status).finally(
        () => undefined,
      );
      const cd = /^\s*cd(?:\s+(\S+))?\s*$/.exec(line);
      if (cd && status === 0) state.cwd = pathIn(state, cd[1] ?? '/root');
      if (state.env['?exit'] !== undefined) return status;
      prompt();
    }
  }
  if (pending) status = await runLine({ ...state, stdin: Readable.from([]) } as State, pending, status);
  return status;
}
