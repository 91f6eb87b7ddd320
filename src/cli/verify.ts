// `runbook verify`: an incident's folder or a pack, offline, with trust from outside where it is given.

import { readFile } from 'node:fs/promises';
import { verifyEvidence } from '../evidence/read/verifyEvidence.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printJson } from './print.ts';

export interface VerifyOptions {
  /** Signed notes that were handed out earlier. */
  readonly checkpoint?: readonly string[];
  /** Files with verifier keys, one a line. */
  readonly key?: readonly string[];
  readonly json?: boolean;
}

export async function verify(target: string, options: VerifyOptions): Promise<number> {
  const texts = (files: readonly string[] = []): Promise<string[]> =>
    Promise.all(files.map((file) => readFile(file, 'utf8')));
  const [checkpoints, keyFiles] = await Promise.all([texts(options.checkpoint), texts(options.key)]);
  const keys = keyFiles.flatMap((text) => text.split('\n').filter((line) => line.trim()));
  const found = await verifyEvidence(target, {
    ...(checkpoints.length > 0 ? { checkpoints } : {}),
    ...(keys.length > 0 ? { keys } : {}),
  });
  if (options.json) {
    await printJson(found);
    return found.ok ? exitStatus.done : exitStatus.failed;
  }
  for (const { code, writer, seq, message } of found.problems) {
    const place = writer ? `${writer}${seq >= 0 ? ` event ${seq}` : ''}: ` : '';
    await print(`✘ ${place}${message} [${code}]\n`);
  }
  for (const doubt of found.unproven) await print(`? ${doubt}\n`);
  for (const { writer, events, sealed, fingerprint } of found.writers) {
    await print(`  ${writer}: ${events} events, ${sealed} sealed, key ${fingerprint}\n`);
  }
  const verdict = found.ok ? '✔ verified' : '✘ NOT verified';
  await print(`${verdict}: incident ${found.incident}, ${found.events} events, ${found.blobs} blobs\n`);
  return found.ok ? exitStatus.done : exitStatus.failed;
}
