// Where things lie inside an incident's folder, and which names are allowed there.

/** Version of the format; every line carries it as `v`. */
export const formatVersion = 1;

/** Longest line of a log, in bytes without the line feed. What is longer belongs into a blob. */
export const maxLineBytes = 4 * 1024 * 1024;

export const logName = 'log.jsonl';
export const checkpointName = 'checkpoint';
/** Streams that are still being written; nothing in it counts as evidence yet. */
export const openFolder = 'open';
/** Names the process that writes; only there while it does. */
export const lockName = 'lock';

const idPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?$/;
const sha256Pattern = /^[0-9a-f]{64}$/;
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Of an incident or a writer: safe as a folder's name on every system. */
export function isId(text: string): boolean {
  return idPattern.test(text) && !text.includes('..') && !reserved.test(text);
}

export function isSha256(text: string): boolean {
  return sha256Pattern.test(text);
}
