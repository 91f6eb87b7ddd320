// Body lines without their prefixes, straight from the source.

/** Lines `[start, end)` of `source` with `cuts` (see CellLayout) applied, the last one without its ending. */
export function cutLines(
  source: string,
  starts: readonly number[],
  start: number,
  end: number,
  cuts: readonly number[],
): string {
  const parts: string[] = [];
  for (let line = start; line < end; line++) {
    const cut = cuts[line - start]!;
    if (cut & 3) parts.push(' '.repeat(cut & 3));
    parts.push(source.slice(starts[line]! + (cut >> 2), starts[line + 1]));
  }
  return parts.join('').replace(/(?:\r\n|\r|\n)$/, '');
}
