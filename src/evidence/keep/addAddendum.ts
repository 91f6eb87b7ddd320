// What is written after the close: the RCA, a correction. A signed addition by a writer of its own; what stands
// in the log stays as it is.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type EvidenceOptions, joinIncident } from '../write/openIncident.ts';
import type { Sealed } from '../write/writerOptions.ts';

export interface Addendum {
  readonly title: string;
  readonly text?: string | undefined;
  /** Text files; they are redacted like everything else. */
  readonly files: readonly string[];
}

export async function addAddendum(
  root: string,
  id: string,
  addendum: Addendum,
  options: EvidenceOptions,
): Promise<Sealed> {
  const { writer } = await joinIncident(root, id, options, 'addendum');
  let sealed: Sealed;
  try {
    const files: { name: string; blob: { sha256: string; bytes: number } }[] = [];
    for (const file of addendum.files) {
      const { blob } = await writer.putText(await readFile(file, 'utf8'));
      files.push({ name: path.basename(file), blob });
    }
    const text = addendum.text === undefined ? {} : { text: addendum.text };
    await writer.append({ type: 'addendum', title: addendum.title, ...text, files, by: options.actor.user });
  } finally {
    // Also after a failure: the writer joined, and its log must be whole.
    sealed = await writer.close('addendum');
  }
  return sealed;
}
