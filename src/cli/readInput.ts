// Reading what the command line names.

import { readFile, stat } from 'node:fs/promises';
import { RunbookError } from '../base/runbookError.ts';

/** The bytes of a file. @throws RunbookError for a folder, a system error with its path otherwise. */
export async function readInput(file: string): Promise<Uint8Array> {
  if ((await stat(file)).isDirectory()) {
    throw new RunbookError({
      code: 'input-is-folder',
      message: `${file} is a folder.`,
      mend: 'Name a Markdown file.',
    });
  }
  return readFile(file);
}

export async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
