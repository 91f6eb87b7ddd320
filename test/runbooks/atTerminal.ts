// `runbook run` as somebody uses it who sits at a terminal and says yes: in a pseudo-terminal of its own, so that
// questions, typed names, alternatives and values are asked and answered for real. What the cells did comes as JSON.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from '@lydell/node-pty';

const project = path.resolve(import.meta.dirname, '../..');

export interface TerminalRun {
  /** `FILE` and the options of `runbook run`; `--json` is added. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Which of a cell's alternatives, from 1; one that it has not is its last. */
  readonly alternative?: number;
  /** The value for a placeholder, by the text that asks for it. */
  readonly answerFor?: (asked: string) => string | undefined;
  readonly timeoutMs?: number;
}

export interface CellRun {
  readonly index: number;
  readonly headings: readonly string[];
  readonly source: string;
  readonly status: string;
  readonly message: string;
  readonly exitCode: number | null;
  readonly output: string;
}

export interface TerminalResult {
  readonly code: number;
  readonly cells: readonly CellRun[];
  /** Everything that stood on the screen: questions and answers. */
  readonly screen: string;
  readonly evidence: string | undefined;
}

interface Line {
  readonly event: string;
  readonly index: number;
  readonly [key: string]: unknown;
}

/** Never rejects for what the run did: its status is in the result. */
export async function runAtTerminal(run: TerminalRun): Promise<TerminalResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'runbook-terminal-'));
  const out = path.join(folder, 'out.jsonl');
  const words = [process.execPath, path.join(project, 'dist/cli/runbook.js'), 'run', ...run.args, '--json'];
  const terminal = spawn('bash', ['-c', '"$@" > "$OUT"', 'bash', ...words], {
    cols: 400,
    rows: 60,
    cwd: project,
    env: { ...(run.env as Record<string, string>), OUT: out },
  });
  let screen = '';
  let unread = '';
  terminal.onData((data) => {
    screen += data;
    unread += data;
    const reply = replyTo(unread, run);
    if (reply === undefined) return;
    unread = '';
    terminal.write(`${reply}\r`);
  });
  const timer = setTimeout(() => terminal.kill(), run.timeoutMs ?? 240_000);
  try {
    const code = await new Promise<number>((resolve) =>
      terminal.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)),
    );
    return { code, screen, ...told(readFileSync(out, 'utf8')) };
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is answered once the cursor stands behind a prompt; undefined while there is none. */
function replyTo(text: string, { alternative = 1, answerFor }: TerminalRun): string | undefined {
  const line = (text.split(/\r?\n/).at(-1) ?? '').replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
  if (/\[y\/N\] $/.test(line)) return 'y';
  const typed = /^Type (.*) to run it: $/.exec(line);
  if (typed) return typed[1]!;
  if (/^Which one\? \(.*\) $/.test(line)) {
    const offered = [...text.matchAll(/^ {2}(\d+) {2}/gm)].map(([, number]) => Number(number));
    return String(Math.min(alternative, Math.max(...offered)));
  }
  if (/^(Reason|Why).*: $/.test(line)) return 'rehearsal';
  if (/^\S.*: $/.test(line)) return answerFor?.(line.replace(/: $/, '')) ?? '';
  return undefined;
}

function told(text: string): { cells: CellRun[]; evidence: string | undefined } {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const cells = lines
    .filter(({ event }) => event === 'cell')
    .map(({ index, headings, source }): CellRun => {
      const own = lines.filter((line) => line.index === index);
      const result = own.find(({ event }) => event === 'result');
      const output = own
        .filter(({ event }) => event === 'output')
        .map((line) => line.text)
        .join('');
      return {
        index,
        headings: headings as string[],
        source: source as string,
        status: (result?.status as string) ?? 'no result',
        message: (result?.message as string) ?? '',
        exitCode: (result?.exitCode as number | null) ?? null,
        output,
      };
    });
  return { cells, evidence: lines.find(({ event }) => event === 'begin')?.folder as string | undefined };
}

/** Every event of an incident's folder, of all writers. */
export function eventsOf(folder: string): Record<string, unknown>[] {
  const writers = path.join(folder, 'writers');
  return readdirSync(writers).flatMap((writer) =>
    readFileSync(path.join(writers, writer, 'log.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
