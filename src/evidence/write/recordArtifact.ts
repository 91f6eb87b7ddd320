// Files that cells wrote: small texts are copied, redacted; of all else only size, path and a commitment are
// kept, since what can't be scanned can't be shown to be free of secrets.

import { constants, createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { EventInput } from '../events.ts';
import type { EvidenceWriter } from './evidenceWriter.ts';

export interface ArtifactLimits {
  /** Larger files are not copied. */
  readonly copyBytes: number;
  /** Larger files are not even read for their commitment. */
  readonly commitBytes: number;
}

export const artifactLimits: ArtifactLimits = { copyBytes: 1024 * 1024, commitBytes: 4 * 1024 * 1024 * 1024 };

export interface Artifact {
  readonly run?: string | undefined;
  /** Where the file is. */
  readonly path: string;
  /** How the cell named it; the path where it is not given. */
  readonly shownAs?: string | undefined;
  /** How it was noticed: `redirection`, `option`, `directory`. */
  readonly via?: string | undefined;
}

export type ArtifactEvent = Extract<EventInput, { type: 'artifact' }>;

/** Names of what holds whole databases or file systems: never copied, however small. */
const dumps =
  /\.(?:tar|tgz|tbz2?|txz|zip|gz|bz2|xz|zst|7z|rar|sql|dump|dmp|bak|rdb|aof|db|sqlite3?|mdb|hprof|core|img|iso|qcow2?|vmdk|pcap(?:ng)?|p12|pfx|jks|keystore|kdbx)$/i;
const sqlDump = /^-- (?:MySQL|MariaDB|PostgreSQL) (?:database )?dump|^PGDMP|^\s*(?:INSERT INTO|COPY )\S+/im;

/** Records a file; gives what was recorded. A file that can't be read is recorded as that. */
export async function recordArtifact(
  writer: EvidenceWriter,
  artifact: Artifact,
  limits: ArtifactLimits = artifactLimits,
): Promise<ArtifactEvent> {
  const event = await describe(writer, artifact, limits);
  await writer.append(event);
  return event;
}

async function describe(
  writer: EvidenceWriter,
  artifact: Artifact,
  limits: ArtifactLimits,
): Promise<ArtifactEvent> {
  const { run, via } = artifact;
  const common = {
    type: 'artifact',
    path: artifact.shownAs ?? artifact.path,
    ...(run ? { run } : {}),
    ...(via ? { via } : {}),
  } as const;
  // A pipe would wait here for whoever writes to it.
  const file = await open(artifact.path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (!file) return { ...common, bytes: 0, kept: 'unreadable' };
  try {
    const stat = await file.stat();
    const bytes = stat.size;
    if (!stat.isFile()) return { ...common, bytes: 0, kept: 'unreadable' };
    const kept = dumps.test(path.basename(artifact.path))
      ? 'dump'
      : bytes > limits.copyBytes
        ? 'too large'
        : undefined;
    if (kept) return { ...common, bytes, kept, ...(await commitment(writer, artifact.path, bytes, limits)) };
    const content = await file.readFile();
    if (!isText(content))
      return { ...common, bytes, kept: 'binary', commitment: writer.redactor.commit(content) };
    const text = content.toString('utf8');
    if (sqlDump.test(text))
      return { ...common, bytes, kept: 'dump', commitment: writer.redactor.commit(content) };
    const { blob, cuts } = await writer.putText(text);
    return {
      ...common,
      bytes,
      kept: 'copied',
      blob,
      ...(cuts.length > 0 ? { extra: { cuts: cuts.slice(0, 100) } } : {}),
    };
  } finally {
    await file.close();
  }
}

async function commitment(
  writer: EvidenceWriter,
  file: string,
  bytes: number,
  limits: ArtifactLimits,
): Promise<{ commitment?: string }> {
  if (bytes > limits.commitBytes) return {};
  const hmac = writer.redactor.beginCommitment();
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hmac.update(chunk as Buffer);
  return { commitment: hmac.digest('hex') };
}

function isText(content: Buffer): boolean {
  if (content.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}
