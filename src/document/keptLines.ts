// Which lines of an edited body are the old ones: those keep their source, prefix and line ending included.

import { diffArrays } from 'diff';

/** For each new line the index of the old line that it is, or -1. */
export function keptLines(old: readonly string[], next: readonly string[]): number[] {
  const kept = new Array<number>(next.length).fill(-1);
  const shorter = Math.min(old.length, next.length);
  let head = 0;
  while (head < shorter && old[head] === next[head]) kept[head] = head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === next[next.length - 1 - tail]) {
    tail++;
    kept[next.length - tail] = old.length - tail;
  }
  const oldMiddle = old.slice(head, old.length - tail);
  const nextMiddle = next.slice(head, next.length - tail);
  if (oldMiddle.length === 0 || nextMiddle.length === 0) return kept;
  const parts = diffArrays(oldMiddle, nextMiddle, { maxEditLength: 2000 });
  let from = head;
  let to = head;
  for (const part of parts ?? []) {
    if (part.added) to += part.count;
    else if (part.removed) from += part.count;
    else for (let n = 0; n < part.count; n++) kept[to++] = from++;
  }
  return kept;
}

/** For each new line that is no old one: the old line in whose place it stands, or -1. */
export function replacedLines(kept: readonly number[], oldCount: number): number[] {
  const replaced = new Array<number>(kept.length).fill(-1);
  let next = 0;
  let until = oldCount;
  kept.forEach((old, index) => {
    if (old >= 0) next = old + 1;
    else {
      if (index === 0 || kept[index - 1]! >= 0) until = kept.slice(index).find((one) => one >= 0) ?? oldCount;
      if (next < until) replaced[index] = next++;
    }
  });
  return replaced;
}
