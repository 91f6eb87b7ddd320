// A notification with a Cancel button over something that takes an AbortSignal.

import * as vscode from 'vscode';

export function withSignal<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  return Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_, token) => {
        token.onCancellationRequested(() => stop.abort());
        return run(stop.signal);
      },
    ),
  );
}
