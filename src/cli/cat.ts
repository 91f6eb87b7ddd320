// `runbook cat`: bytes through the serializer and back.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromNotebook, toNotebook } from '../document/notebook.ts';
import { exitStatus } from './exitStatus.ts';
import { print } from './print.ts';
import { readInput } from './readInput.ts';

export async function cat(files: readonly string[], options: { out?: string }): Promise<number> {
  const common = commonFolder(files.map((file) => path.dirname(path.resolve(file))));
  for (const file of files) {
    const bytes = fromNotebook(toNotebook(await readInput(file)));
    if (options.out === undefined) {
      await print(bytes);
      continue;
    }
    const target = path.join(options.out, path.relative(common, path.resolve(file)));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  return exitStatus.done;
}

function commonFolder(folders: readonly string[]): string {
  const parts = folders.map((folder) => folder.split(path.sep));
  const first = parts[0]!;
  let shared = 0;
  while (shared < first.length && parts.every((one) => one[shared] === first[shared])) shared++;
  return first.slice(0, shared).join(path.sep) || path.sep;
}
