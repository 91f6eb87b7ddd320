// Recorded terminals in the panel. "Open incident terminal": a shell with the session's variables, directory, target
// and gate, for what no cell foresaw; and the commands of cells that talk to a person.

import * as vscode from 'vscode';
import { toError } from '../base/runbookError.ts';
import type { OpenTerminal, TerminalRequest } from '../incident/cellOutcome.ts';
import type { NotebookSession } from '../incident/notebookSession.ts';
import { report } from './log.ts';

/** VS Code's terminal on one side, the session's pseudo-terminal on the other. */
class RecordedTerminal implements vscode.Pseudoterminal {
  readonly #request: TerminalRequest;
  readonly #greeting: string;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number | undefined>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #decoder = new TextDecoder();
  #terminal: OpenTerminal | undefined;
  #ended = false;
  /** Before the terminal was open. */
  #typedAhead = '';

  constructor(request: TerminalRequest, greeting: string) {
    this.#request = request;
    this.#greeting = greeting;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    void this.#open(size).catch((error: unknown) => {
      report(error);
      this.#ended = true;
      this.#written.fire(`${toError(error).message}\r\n`);
    });
  }

  close(): void {
    if (this.#terminal) this.#terminal.kill();
    else this.#request.cancel();
  }

  handleInput(data: string): void {
    // What was said last stays to be read; a key closes it.
    if (this.#ended) this.#closed.fire(undefined);
    else if (this.#terminal) this.#terminal.write(data);
    else this.#typedAhead += data;
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    this.#terminal?.resize(columns, rows);
  }

  async #open(size: vscode.TerminalDimensions | undefined): Promise<void> {
    this.#written.fire(`\u001b[90m${this.#greeting}\u001b[0m\r\n`);
    this.#terminal = await this.#request.open(
      (bytes) => this.#written.fire(this.#decoder.decode(bytes, { stream: true })),
      size ? { columns: size.columns, rows: size.rows } : {},
    );
    if (this.#typedAhead) this.#terminal.write(this.#typedAhead);
    const { exitCode } = await this.#terminal.ended;
    this.#ended = true;
    const how = exitCode === 0 ? 'Ended' : `Ended with ${exitCode}`;
    this.#written.fire(`\r\n\u001b[90m${how}. A key closes this terminal.\u001b[0m`);
  }
}

function show(name: string, request: TerminalRequest, greeting: string): void {
  const terminal = vscode.window.createTerminal({
    name,
    iconPath: new vscode.ThemeIcon('flame'),
    pty: new RecordedTerminal(request, greeting),
  });
  terminal.show();
}

/** For a command of a cell. */
export function showTerminal(request: TerminalRequest): void {
  show(request.title, request, `${request.title}: what is typed and printed here is recorded.`);
}

export function openIncidentTerminal(session: NotebookSession): void {
  const { id } = session.incident;
  show(
    `Incident ${id}`,
    {
      title: id,
      open: (output, size) => session.openTerminal(output, size),
      cancel: () => {},
    },
    `Incident ${id}: what is typed and printed here is recorded.`,
  );
}
