// Whether somebody has closed an incident that is still open here: another window, a command, a colleague. Nothing may
// begin behind a close. Asked before every run, so that it reads the ends of logs and not all of them.

import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { logName } from '../evidence/format/layout.ts';
import type { Incident } from './incident.ts';
import { incidentStatus } from './incidentStatus.ts';

/** Behind a close stand checkpoints alone, one or two of them. */
const endBytes = 256 * 1024;
const kept = new Map<string, { readonly stamp: string; readonly closes: boolean }>();
const mostKept = 5000;

/** @param incident that this process writes to. @throws RunbookError `incident-closed`. */
export async function refuseClosedElsewhere({
  folder,
  id,
  writer,
}: Pick<Incident, 'folder' | 'id' | 'writer'>): Promise<void> {
  const closedAt = await closedElsewhere(folder, writer.writer);
  if (closedAt === null) return;
  const { drill } = await incidentStatus(folder);
  throw new RunbookError({
    code: 'incident-closed',
    message: `${id} was closed elsewhere, at ${new Date(closedAt).toISOString()}: nothing more is recorded under it.`,
    mend: drill
      ? 'End the drill: its verdict goes in as an addendum.'
      : 'Start another incident; what belongs to this one goes in as an addendum.',
  });
}

/**
 * When it was closed, epoch milliseconds; null while it is open.
 *
 * @param own the writer of whoever asks: what that does, it knows.
 */
export async function closedElsewhere(folder: string, own: string): Promise<number | null> {
  const writers = await readdir(path.join(folder, 'writers')).catch(() => []);
  const others = writers.filter((writer) => writer !== own);
  const closes = await Promise.all(
    others.map((writer) => endsInClose(path.join(folder, 'writers', writer, logName))),
  );
  // It may have been opened again: that only all of it tells.
  return closes.includes(true) ? (await incidentStatus(folder)).closedAt : null;
}

async function endsInClose(log: string): Promise<boolean> {
  const found = await stat(log).catch(() => undefined);
  if (!found || found.size === 0) return false;
  const stamp = `${found.size} ${found.mtimeMs}`;
  const before = kept.get(log);
  if (before?.stamp === stamp) return before.closes;
  const closes = mayClose(await endOf(log, found.size));
  if (kept.size >= mostKept) kept.clear();
  kept.set(log, { stamp, closes });
  return closes;
}

/** By the last event that is no checkpoint; where it reaches further back than what was read, perhaps. */
function mayClose(end: string): boolean {
  for (const line of end.trimEnd().split('\n').reverse()) {
    const type = typeOf(line);
    if (type !== 'checkpoint') return type === 'incident.closed' || type === undefined;
  }
  return true;
}

/** undefined for what is no whole line. */
function typeOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { type?: unknown }).type;
  } catch {
    return undefined;
  }
}

async function endOf(file: string, size: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, endBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}
