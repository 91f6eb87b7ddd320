// The Merkle tree of RFC 6962, section 2.1: what a checkpoint's root hash stands for.
// Leaves and nodes are hashed with different prefixes, so that no node can be passed off as a leaf.

import { createHash } from 'node:crypto';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** SHA-256(0x00 ‖ leaf), 32 bytes. */
export function leafHash(leaf: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(leaf).digest();
}

/** SHA-256(0x01 ‖ left ‖ right), 32 bytes. */
function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest();
}

/**
 * A tree that only grows: holds one hash for each bit of its size (a "compact range"), so that an append is
 * cheap however long the log is.
 */
export class GrowingTree {
  #size = 0;
  /** Roots of the perfect subtrees, the largest first. */
  readonly #peaks: { readonly height: number; readonly hash: Buffer }[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds the leaf whose hash is `hash` (see `leafHash`). */
  append(hash: Buffer): void {
    let top = { height: 0, hash };
    for (let last = this.#peaks.at(-1); last && last.height === top.height; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      top = { height: top.height + 1, hash: nodeHash(last.hash, top.hash) };
    }
    this.#peaks.push(top);
    this.#size += 1;
  }

  /** The root of all leaves so far; of none, the SHA-256 of nothing. */
  root(): Buffer {
    if (this.#peaks.length === 0) return createHash('sha256').digest();
    return this.#peaks.map((peak) => peak.hash).reduceRight((right, left) => nodeHash(left, right));
  }
}
