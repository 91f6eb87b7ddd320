// The other side of a comparison with the past: a runbook's cell as it is on disk now, or nothing at all.

import * as vscode from 'vscode';
import { loadRunbook } from '../../incident/runbook.ts';

const scheme = 'runbook-now';

/** Where an object was not there, before or after. */
export const nothingUri = vscode.Uri.from({ scheme, path: '/nothing.yaml' });

export function cellNowUri(file: vscode.Uri, ordinal: number): vscode.Uri {
  const name = file.path.split('/').at(-1) ?? 'runbook';
  const query = JSON.stringify([file.toString(), ordinal]);
  return vscode.Uri.from({ scheme, path: `/${name}.sh`, query });
}

export function registerPresentText(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ query }) {
      if (query === '') return '';
      const [file, ordinal] = JSON.parse(query) as [string, number];
      const uri = vscode.Uri.parse(file);
      const { cells } = loadRunbook(await vscode.workspace.fs.readFile(uri), uri.fsPath);
      return cells.filter(({ cell }) => cell.kind === 'code')[ordinal]?.cell.text ?? '';
    },
  });
}
