// An incident that comes from another machine, as a pack or as a folder: verified, then merged into this machine's
// evidence. Each writer has its own log, so that nothing of one's own is ever overwritten by another's.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError, systemCode } from '../base/runbookError.ts';
import { checkpointName, isId, isSha256, logName } from '../evidence/format/layout.ts';
import { openPack } from '../evidence/read/packSource.ts';
import { openFolder, type Source } from '../evidence/read/source.ts';
import { verifyEvidence } from '../evidence/read/verifyEvidence.ts';
import { incidentOf } from '../evidence/read/verifyPack.ts';

export interface Received {
  readonly id: string;
  /** Logs that are new here or have grown. */
  readonly writers: number;
  readonly blobs: number;
}

/**
 * @param bundle a pack, or an incident's folder, from anywhere.
 * @param root of this machine's evidence.
 * @throws RunbookError `bundle-unsound` where it does not verify, `bundle-conflict` where a log here says otherwise.
 */
export async function receiveBundle(bundle: string, root: string): Promise<Received> {
  const verification = await verifyEvidence(bundle);
  if (!verification.ok || !isId(verification.incident)) {
    throw new RunbookError({
      code: 'bundle-unsound',
      message: `${bundle} does not verify: ${verification.problems[0]?.message ?? 'it names no incident'}`,
      mend: 'Ask for the bundle again. Nothing of it was taken over.',
    });
  }
  const isFolder = (await stat(bundle)).isDirectory();
  const opened = isFolder ? await openFolder(bundle) : await openPack(bundle);
  try {
    return await merge(isFolder ? opened : incidentOf(opened), verification.incident, root);
  } finally {
    opened.close();
  }
}

async function merge(source: Source, id: string, root: string): Promise<Received> {
  const dir = path.join(root, id);
  await mkdir(path.join(dir, 'blobs'), { recursive: true, mode: 0o700 });
  let blobs = 0;
  let writers = 0;
  const logs: { writer: string; log: Buffer }[] = [];
  for (const name of source.files.keys()) {
    const [top, second = '', third, ...more] = name.split('/');
    if (top === 'blobs' && isSha256(second) && third === undefined) {
      if (await putBlob(source, name, second, dir)) blobs += 1;
    } else if (top === 'writers' && isId(second) && third === logName && more.length === 0) {
      logs.push({ writer: second, log: await bytesOf(source, name) });
    }
  }
  // Logs come last: what they point at is there then. All are compared before any is written.
  const grown: typeof logs = [];
  for (const one of logs)
    if (await isNews(one.log, path.join(dir, 'writers', one.writer, logName))) grown.push(one);
  for (const { writer, log } of grown) {
    const folder = path.join(dir, 'writers', writer);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await putFile(path.join(folder, logName), log);
    const note = `writers/${writer}/${checkpointName}`;
    if (source.files.has(note)) await putFile(path.join(folder, checkpointName), await bytesOf(source, note));
    writers += 1;
  }
  return { id, writers, blobs };
}

/** Whether there is more of this log than here. @throws where neither is the other's beginning. */
async function isNews(log: Buffer, file: string): Promise<boolean> {
  const own = await readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (own === undefined) return true;
  const shorter = Math.min(own.length, log.length);
  if (own.subarray(0, shorter).equals(log.subarray(0, shorter))) return log.length > own.length;
  throw new RunbookError({
    code: 'bundle-conflict',
    message: `The log ${file} here and the one of the bundle say different things.`,
    mend: 'One of them was rewritten: verify both against the checkpoints that were shown earlier.',
  });
}

async function putBlob(source: Source, name: string, sha256: string, dir: string): Promise<boolean> {
  const file = path.join(dir, 'blobs', sha256);
  if (await stat(file).catch(() => undefined)) return false;
  const bytes = await bytesOf(source, name);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new RunbookError({
      code: 'bundle-unsound',
      message: `The blob ${sha256} is not what its name says.`,
    });
  }
  await putFile(file, bytes);
  return true;
}

async function putFile(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, bytes, { mode: 0o600, flush: true });
  await rename(`${file}.part`, file);
}

async function bytesOf(source: Source, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
