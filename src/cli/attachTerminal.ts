// A command of a cell that talks to a person, at the terminal that `runbook run` itself runs in.

import { toError } from '../base/runbookError.ts';
import type { TerminalRequest } from '../incident/cellOutcome.ts';
import { print, printError } from './print.ts';

export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** What is typed goes to the command as it is, Ctrl-C too, until it ends. */
export function attachTerminal(request: TerminalRequest): void {
  void attach(request).catch((error: unknown) => printError(`runbook: ${toError(error).message}\n`));
}

async function attach(request: TerminalRequest): Promise<void> {
  const { stdin, stdout } = process;
  const terminal = await request.open((bytes) => print(bytes), {
    columns: stdout.columns,
    rows: stdout.rows,
  });
  const onData = (data: Buffer): void => terminal.write(data.toString());
  const onResize = (): void => terminal.resize(stdout.columns, stdout.rows);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('data', onData);
  stdout.on('resize', onResize);
  try {
    await terminal.ended;
  } finally {
    stdin.off('data', onData);
    stdout.off('resize', onResize);
    stdin.setRawMode(false);
    stdin.pause();
  }
}
