// An incident that comes from another machine, as a pack or as a folder: verified, then merged into this machine's
// evidence. Each writer has its own log, so that nothing of one's own is ever overwritten by another's.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { RunbookError, systemCode } from '../base/runbookError.ts';
import { parseCheckpoint } from '../evidence/format/checkpoint.ts';
import { checkpointName, isId, isSha256, lockName, logName } from '../evidence/format/layout.ts';
import { openPack } from '../evidence/read/packSource.ts';
import { openFolder, type Source } from '../evidence/read/source.ts';
import { verifyEvidence } from '../evidence/read/verifyEvidence.ts';
import { verifyIncident } from '../evidence/read/verifyIncident.ts';
import { incidentOf } from '../evidence/read/verifyPack.ts';

export interface Received {
  readonly id: string;
  /** Logs that are new here, have grown, or were sealed since. */
  readonly writers: number;
  readonly blobs: number;
}

/**
 * @param bundle a pack, or an incident's folder, from anywhere.
 * @param root of this machine's evidence.
 * @throws RunbookError `bundle-unsound` where it does not verify, `bundle-conflict` where a log here says otherwise.
 */
export async function receiveBundle(bundle: string, root: string): Promise<Received> {
  const isFolder = (await stat(bundle).catch(() => undefined))?.isDirectory() ?? false;
  // A folder may still be written to: what is verified and what is merged are the same bytes.
  const folder = isFolder ? await held(await openFolder(bundle)) : undefined;
  const verification = folder ? await verifyIncident(folder, {}) : await verifyEvidence(bundle);
  if (!verification.ok || !isId(verification.incident)) {
    throw new RunbookError({
      code: 'bundle-unsound',
      message: `${bundle} does not verify: ${verification.problems[0]?.message ?? 'it names no incident'}`,
      mend: 'Ask for the bundle again. Nothing of it was taken over.',
    });
  }
  const opened = folder ?? (await openPack(bundle));
  try {
    return await merge(folder ?? incidentOf(opened), verification.incident, root);
  } finally {
    opened.close();
  }
}

/** With logs and checkpoints in memory. */
async function held(source: Source): Promise<Source> {
  const kept = new Map<string, Buffer>();
  for (const [name, { plain }] of source.files)
    if (plain && /^writers\/[^/]+\/(?:log\.jsonl|checkpoint)$/.test(name))
      kept.set(name, await bytesOf(source, name));
  return {
    ...source,
    read: (name) => {
      const bytes = kept.get(name);
      return bytes ? Readable.from([bytes]) : source.read(name);
    },
  };
}

async function merge(source: Source, id: string, root: string): Promise<Received> {
  const dir = path.join(root, id);
  await mkdir(path.join(dir, 'blobs'), { recursive: true, mode: 0o700 });
  // Drafts lie outside of the incident: one that a crash leaves there would have no place in it.
  const drafts = await mkdtemp(path.join(root, '.receiving-'));
  try {
    return await mergeInto(dir, source, id, drafts);
  } finally {
    await rm(drafts, { recursive: true, force: true });
  }
}

async function mergeInto(dir: string, source: Source, id: string, drafts: string): Promise<Received> {
  let blobs = 0;
  const logs: ReceivedLog[] = [];
  for (const name of source.files.keys()) {
    const [top, second = '', third, ...more] = name.split('/');
    if (top === 'blobs' && isSha256(second) && third === undefined) {
      if (await putBlob(source, name, second, dir, drafts)) blobs += 1;
    } else if (top === 'writers' && isId(second) && third === logName && more.length === 0) {
      const note = `writers/${second}/${checkpointName}`;
      logs.push({
        folder: path.join(dir, 'writers', second),
        log: await bytesOf(source, name),
        note: source.files.has(note) ? await bytesOf(source, note) : undefined,
      });
    }
  }
  // Logs come last: what they point at is there then. All are compared before any is written.
  const grown: ReceivedLog[] = [];
  for (const one of logs) if (await isNews(one)) grown.push(one);
  for (const { folder, log, note } of grown) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, logName);
    // Somebody else may be receiving a later one at this moment.
    await putFile(file, log, drafts, () => sizeOf(file) <= log.length);
    if (note) {
      const own = path.join(folder, checkpointName);
      await putFile(own, note, drafts, () => coveredBy(own) < coveredIn(note));
    }
  }
  return { id, writers: grown.length, blobs };
}

interface ReceivedLog {
  /** The writer's, here. */
  readonly folder: string;
  readonly log: Buffer;
  readonly note: Buffer | undefined;
}

/** Whether there is more of this log than here, or a later seal of it. @throws where neither is the other's beginning. */
async function isNews({ folder, log, note }: ReceivedLog): Promise<boolean> {
  const file = path.join(folder, logName);
  const own = await readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (own === undefined) return true;
  const shorter = Math.min(own.length, log.length);
  if (!own.subarray(0, shorter).equals(log.subarray(0, shorter))) {
    throw new RunbookError({
      code: 'bundle-conflict',
      message: `The log ${file} here and the one of the bundle say different things.`,
      mend: 'One of them was rewritten: verify both against the checkpoints that were shown earlier.',
    });
  }
  const covers = coveredBy(path.join(folder, checkpointName));
  if (log.length < own.length || (log.length === own.length && coveredIn(note) <= covers)) return false;
  // Nobody but its own process writes to it, and that lives here, or has not been made whole yet.
  if (!existsSync(path.join(folder, lockName))) return true;
  throw new RunbookError({
    code: 'bundle-conflict',
    message: `The bundle holds more of the log ${file} than was written here, where its writer is.`,
    mend: 'What it holds more was made up elsewhere. Nothing of it was taken over.',
  });
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Lines that a checkpoint covers; -1 for none that can be read. */
function coveredIn(note: Buffer | undefined): number {
  const text = note?.toString('utf8') ?? '';
  return parseCheckpoint(text.slice(0, text.lastIndexOf('\n\n') + 1))?.size ?? -1;
}

function coveredBy(file: string): number {
  return coveredIn(existsSync(file) ? readFileSync(file) : undefined);
}

async function putBlob(
  source: Source,
  name: string,
  sha256: string,
  dir: string,
  drafts: string,
): Promise<boolean> {
  const file = path.join(dir, 'blobs', sha256);
  if (existsSync(file)) return false;
  const bytes = await bytesOf(source, name);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new RunbookError({
      code: 'bundle-unsound',
      message: `The blob ${sha256} is not what its name says.`,
    });
  }
  await putFile(file, bytes, drafts, () => true);
  return true;
}

/** @param mayReplace asked at the last moment */
async function putFile(
  file: string,
  bytes: Uint8Array,
  drafts: string,
  mayReplace: () => boolean,
): Promise<void> {
  const draft = path.join(drafts, randomBytes(8).toString('hex'));
  await writeFile(draft, bytes, { mode: 0o600, flush: true });
  if (mayReplace()) renameSync(draft, file);
}

async function bytesOf(source: Source, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
