// The extension's own log: what went wrong inside, for us; never an operator's output.

import * as vscode from 'vscode';
import { RunbookError, toError } from '../base/runbookError.ts';
import { toast } from './toast.ts';

let channel: vscode.LogOutputChannel | undefined;

export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel('Runbook Notebooks', { log: true });
  return channel;
}

/** Writes it down, and shows the operator one line with the mend. */
export function report(thrown: unknown): void {
  const error = toError(thrown);
  log().error(error);
  const text = error instanceof RunbookError ? error.toLine() : error.message;
  void vscode.window.showErrorMessage(toast(`Runbook: ${text}`), 'Show Log').then((choice) => {
    if (choice) log().show();
  });
}
