// Blobs as text for what people read, bounded: a report shows the head of a gigabyte, not all of it.

import { isSha256 } from '../format/layout.ts';
import type { Source } from '../read/source.ts';
import type { PackContent } from './packContent.ts';

/** For reports of an incident's folder or an opened pack. */
export function blobReader(source: Source): PackContent['readBlob'] {
  return async (sha256, limit) => {
    const name = `blobs/${sha256}`;
    if (!isSha256(sha256) || !source.files.get(name)?.plain) return undefined;
    const pieces: Uint8Array[] = [];
    let held = 0;
    for await (const piece of source.read(name)) {
      pieces.push(piece);
      held += piece.length;
      if (held >= limit) break;
    }
    return Buffer.concat(pieces).subarray(0, limit).toString('utf8');
  };
}
