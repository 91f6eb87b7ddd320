// What a run has put out so far, or had put out when its host died, before anybody made its writer whole: redacted
// and on disk, not yet evidence. For showing only.

import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openFolder } from '../evidence/format/layout.ts';
import { streamNameOf } from '../evidence/write/streamName.ts';
import type { RecordedRun } from './recordedRuns.ts';

export interface UnfinishedStream {
  readonly stream: 'stdout' | 'stderr';
  readonly file: string;
  readonly bytes: number;
}

/** None where the writer has ended, whole or mended: its blobs tell it all then. */
export function unfinishedOutput(
  recorded: Pick<RecordedRun, 'dir' | 'writer' | 'writerEnded' | 'run' | 'blobs'>,
): UnfinishedStream[] {
  if (recorded.writerEnded) return [];
  const open = path.join(recorded.dir, 'writers', recorded.writer, openFolder);
  return namesIn(open).flatMap((name) => {
    const named = streamNameOf(name);
    if (named?.run !== recorded.run) return [];
    const file = path.join(open, name);
    const bytes = plainSize(file);
    // A stream that was just finished keeps its first name for a moment.
    const isTold = recorded.blobs.some((one) => one.stream === named.stream && one.blob.bytes === bytes);
    return bytes > 0 && !isTold ? [{ stream: named.stream, file, bytes }] : [];
  });
}

/** What was there when it was listed; what comes after is not read. */
export function readUnfinished({ file, bytes }: UnfinishedStream): AsyncIterable<Uint8Array> {
  return createReadStream(file, { highWaterMark: 1 << 20, end: bytes - 1 });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** 0 for what is no file of its own: a link in a folder from elsewhere may lead anywhere. */
function plainSize(file: string): number {
  try {
    const found = lstatSync(file);
    return found.isFile() ? found.size : 0;
  } catch {
    return 0;
  }
}
