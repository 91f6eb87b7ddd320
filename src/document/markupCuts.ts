// Markdown that goes on inside a list item after a cell would render as indented code when it stands alone. So it
// is shown without the item's indent, as fences are, and gets it back when it is written.

/**
 * What is cut from each line (see CellLayout.cuts) of Markdown that follows a fence in a list item whose content
 * stands at column `indent`. Where the text leaves the item, no more than the outer item's indent is cut.
 */
export function markupCuts(lines: readonly string[], indent: number): number[] {
  const cuts: number[] = [];
  let limit = indent;
  for (const line of lines) {
    let column = 0;
    let at = 0;
    while (column < limit && (line[at] === ' ' || line[at] === '\t')) {
      column += line[at] === '\t' ? 4 - (column % 4) : 1;
      at++;
    }
    const blank = /^[ \t]*[\r\n]*$/.test(line.slice(at));
    if (!blank && column < limit) limit = column;
    cuts.push(4 * at + Math.max(0, column - limit));
  }
  return cuts.some((cut) => cut > 0) ? cuts : [];
}
