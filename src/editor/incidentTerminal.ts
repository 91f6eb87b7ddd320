// "Open incident terminal": a shell with the session's variables, directory, target and gate, for what no cell
// foresaw. What it prints is recorded like a cell's output.

import * as vscode from 'vscode';
import { toError } from '../base/runbookError.ts';
import type { NotebookSession, OpenTerminal } from '../incident/notebookSession.ts';
import { report } from './log.ts';

/** VS Code's terminal on one side, the session's pseudo-terminal on the other. */
class RecordedTerminal implements vscode.Pseudoterminal {
  readonly #session: NotebookSession;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #decoder = new TextDecoder();
  #terminal: OpenTerminal | undefined;

  constructor(session: NotebookSession) {
    this.#session = session;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    void this.#open(size).catch((error: unknown) => {
      report(error);
      this.#written.fire(`${toError(error).message}\r\n`);
      this.#closed.fire(1);
    });
  }

  close(): void {
    this.#terminal?.kill();
  }

  handleInput(data: string): void {
    this.#terminal?.write(data);
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    this.#terminal?.resize(columns, rows);
  }

  async #open(size: vscode.TerminalDimensions | undefined): Promise<void> {
    const { id } = this.#session.incident;
    this.#written.fire(`\u001b[90mIncident ${id}: what is typed and printed here is recorded.\u001b[0m\r\n`);
    this.#terminal = await this.#session.openTerminal(
      {
        output: (_, bytes) => this.#written.fire(this.#decoder.decode(bytes, { stream: true })),
        notice: () => {},
      },
      size ? { columns: size.columns, rows: size.rows } : {},
    );
    this.#closed.fire((await this.#terminal.ended).exitCode);
  }
}

export function openIncidentTerminal(session: NotebookSession): void {
  const terminal = vscode.window.createTerminal({
    name: `Incident ${session.incident.id}`,
    iconPath: new vscode.ThemeIcon('flame'),
    pty: new RecordedTerminal(session),
  });
  terminal.show();
}
