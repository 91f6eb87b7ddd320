// What can be done with an incident from the tree: pack it for somebody else, add what was written after the close.

import path from 'node:path';
import * as vscode from 'vscode';
import { addAddendum } from '../../evidence/keep/addAddendum.ts';
import { makePack } from '../../evidence/pack/makePack.ts';
import { evidenceOptions, type Place } from '../../incident/incident.ts';
import type { IncidentStatus } from '../../incident/incidentStatus.ts';
import { toast } from '../toast.ts';

/** The zip goes where the operator says; its checkpoint to the clipboard, since it must travel another way. */
export async function packIncident(place: Place, { id, folder }: IncidentStatus): Promise<void> {
  const home = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(folder));
  const file = await vscode.window.showSaveDialog({
    title: 'Pack of Evidence',
    defaultUri: vscode.Uri.joinPath(home, `${id}.zip`),
    filters: { Packs: ['zip'] },
  });
  if (!file) return;
  const pack = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Packing ${id}…` },
    async () => makePack(path.dirname(folder), id, file.fsPath, await evidenceOptions(place, home.fsPath)),
  );
  await vscode.env.clipboard.writeText(pack.note);
  const choice = await vscode.window.showInformationMessage(
    `${path.basename(pack.file)}, ${pack.bytes.toLocaleString('en')} bytes. Its checkpoint is on the clipboard: hand it out by another way than the pack. Key ${pack.fingerprint}.`,
    'Review Pack',
  );
  if (choice) await vscode.commands.executeCommand('runbook.review.open', file);
}

/** A finished RCA, a correction: signed and added; what stands in the log stays as it is. */
export async function addToIncident(place: Place, { id, folder }: IncidentStatus): Promise<void> {
  const files = await vscode.window.showOpenDialog({
    title: `Add to ${id}`,
    canSelectMany: true,
    openLabel: 'Add',
  });
  if (!files) return;
  const title = await vscode.window.showInputBox({
    title: `Add to ${id}`,
    prompt: 'What is it? Credentials are cut out before it is kept.',
    value: path.basename(files[0]!.fsPath),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : 'A few words are enough.'),
  });
  if (!title) return;
  const options = await evidenceOptions(place, path.dirname(files[0]!.fsPath));
  const addendum = { title: title.trim(), files: files.map(({ fsPath }) => fsPath) };
  const sealed = await addAddendum(path.dirname(folder), id, addendum, options);
  void vscode.window.showInformationMessage(
    toast(`“${title.trim()}” is added and sealed. Key ${sealed.fingerprint}.`),
  );
}
