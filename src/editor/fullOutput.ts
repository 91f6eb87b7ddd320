// The whole output of a run as a read-only file of VS Code: evidence is looked at, never edited.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { outputOf, type RecordedRun, recordedRuns } from '../incident/recordedRuns.ts';
import { ReadOnlyFiles } from './readOnlyFiles.ts';

const scheme = 'runbook-output';

/** `runbook-output:/INC-…/cell-3 r-….log?<folder of the incident>` */
export function fullOutputUri(dir: string, run: string): vscode.Uri {
  const incident = dir.split(/[\\/]/).at(-1) ?? 'incident';
  return vscode.Uri.from({ scheme, path: `/${incident}/${run}.log`, query: dir });
}

class RecordedOutputFiles extends ReadOnlyFiles {
  protected async read(uri: vscode.Uri): Promise<Uint8Array> {
    const run = uri.path
      .split('/')
      .at(-1)!
      .replace(/\.log$/, '');
    const found = (await recordedRuns(uri.query)).find((one) => one.run === run);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return wholeOutput(found);
  }
}

async function wholeOutput(run: RecordedRun): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of outputOf(run)) chunks.push(bytes);
  return Buffer.concat(chunks);
}

export function registerFullOutput(): Disposable {
  const store = new DisposableStore();
  store.add(
    vscode.workspace.registerFileSystemProvider(scheme, new RecordedOutputFiles(), {
      isReadonly: true,
      isCaseSensitive: true,
    }),
  );
  return store;
}
