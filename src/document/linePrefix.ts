// What stands before a line inside list items and quotes.

/** The prefix of further lines in the same containers as a line that starts with `opening`: list markers become spaces. */
export function continuedPrefix(opening: string): string {
  return opening.replace(/[^ \t>]/g, ' ');
}

/** The prefix of a blank line there: nothing in a list, the bare mark in a quote. */
export function blankPrefix(prefix: string): string {
  return prefix.replace(/[ \t]+$/, '');
}

/** Columns that a prefix takes, tab stops at every fourth. */
export function columnsOf(prefix: string): number {
  let column = 0;
  for (const char of prefix) column += char === '\t' ? 4 - (column % 4) : 1;
  return column;
}
