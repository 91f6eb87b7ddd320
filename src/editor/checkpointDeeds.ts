// A checkpoint handed out: on the clipboard for chat, and on demand committed alone to git. Shown early, it keeps
// even the key's holder from rewriting what came before.

import * as vscode from 'vscode';
import { commitCheckpoint } from '../incident/commitCheckpoint.ts';
import type { Incident } from '../incident/incident.ts';
import { report } from './log.ts';

/** @param folder whose git repository a commit would go to. */
export async function copyCheckpoint(incident: Incident, folder: string): Promise<void> {
  const { note, size, fingerprint } = await incident.writer.checkpoint('on demand');
  await vscode.env.clipboard.writeText(note);
  const commit = 'Commit to Git';
  void vscode.window
    .showInformationMessage(
      `The checkpoint of ${size} events is on the clipboard: show it in chat, so that nobody can rewrite what came before. Key ${fingerprint}.`,
      commit,
    )
    .then(async (choice) => {
      if (choice !== commit) return;
      const { id, writer } = incident;
      const made = await commitCheckpoint(folder, { incident: id, writer: writer.writer, note });
      void vscode.window.showInformationMessage(
        `Committed ${made.file} as ${made.commit}, and nothing else.`,
      );
    })
    .then(undefined, report);
}
