// What is asked where the evidence folder takes nothing any more.

import * as vscode from 'vscode';
import { systemReason } from '../base/systemReason.ts';

/** The evidence folder can't be written: nothing runs without one, so another is asked for. */
export async function askForFolder(error: Error, folder: string): Promise<string | undefined> {
  const choice = await vscode.window.showErrorMessage(
    `Evidence can't be written: ${systemReason(error)}`,
    {
      modal: true,
      detail: [
        folder,
        'Nothing runs without evidence. It goes on in another folder if you choose one; else what runs is stopped now, and can be run again when this folder takes it. What has been shown is kept.',
      ].join('\n\n'),
    },
    'Choose Folder…',
  );
  if (!choice) return undefined;
  const [picked] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      title: 'Evidence folder',
    })) ?? [];
  return picked?.fsPath;
}
