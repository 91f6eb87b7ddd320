// The lines of a log, bounded: a reader that is handed a hostile file holds one line at most.

import { maxLineBytes } from '../format/layout.ts';

export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer;
  /** From 0. */
  readonly index: number;
  /** False for bytes after the last line feed. */
  readonly ended: boolean;
  /** The line is longer than the format allows; `bytes` is its beginning. */
  readonly tooLong?: boolean;
}

/** Lines of `chunks`, in order. Stops after a line that is too long. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Line> {
  let pieces: Buffer[] = [];
  let held = 0;
  let index = 0;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      pieces.push(rest.subarray(0, at));
      held += at;
      if (held > maxLineBytes)
        return yield { bytes: Buffer.concat(pieces), index, ended: true, tooLong: true };
      yield { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), index, ended: true };
      index += 1;
      pieces = [];
      held = 0;
      rest = rest.subarray(at + 1);
    }
    if (rest.length > 0) {
      pieces.push(Buffer.from(rest));
      held += rest.length;
    }
    if (held > maxLineBytes)
      return yield { bytes: Buffer.concat(pieces), index, ended: false, tooLong: true };
  }
  if (held > 0) yield { bytes: Buffer.concat(pieces), index, ended: false };
}
