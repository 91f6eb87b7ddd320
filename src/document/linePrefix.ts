// What stands before a line inside list items and quotes.

/**
 * The prefix of further lines in the same containers as a line that starts with `opening`: list markers become
 * spaces. Right behind a quote's `>` one space more, as the quote takes the first for itself.
 */
export function continuedPrefix(opening: string): string {
  if (!/[^ \t>]/.test(opening)) return opening;
  let prefix = '';
  let column = 0;
  for (const segment of opening.split(/(?<=>)/)) {
    const markers = segment.replace(/>$/, '');
    const end = columnsOf(markers, column);
    const glued = /^[^ \t]/.test(markers) ? 1 : 0;
    if (column > 0 && /[^ \t]/.test(markers)) prefix += ' '.repeat(glued + end - column);
    else prefix += markers.replace(/[^ \t]/g, ' ');
    if (segment.endsWith('>')) prefix += '>';
    column = end + (segment.endsWith('>') ? 1 : 0);
  }
  return prefix;
}

/** The prefix of a blank line there: nothing in a list, the bare mark in a quote. */
export function blankPrefix(prefix: string): string {
  return prefix.replace(/[ \t]+$/, '');
}

/** The column behind a prefix that starts at column `from`; tab stops at every fourth. */
export function columnsOf(prefix: string, from = 0): number {
  let column = from;
  for (const char of prefix) column += char === '\t' ? 4 - (column % 4) : 1;
  return column;
}

/** A line in its containers. */
export function prefixed(prefix: string, line: string): string {
  if (line === '') return blankPrefix(prefix);
  // A quote's bare `>` takes a space behind it for its own.
  return prefix.endsWith('>') && /^[ \t]/.test(line) ? `${prefix} ${line}` : prefix + line;
}
