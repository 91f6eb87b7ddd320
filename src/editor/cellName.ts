// What a cell is called where its text is not seen.

const mostLetters = 80;

/** The first line of its text; of a comment the words. Empty for an empty cell. */
export function cellName(text: string): string {
  const [first = ''] = text.trim().split('\n');
  return first.replace(/^#+\s*/, '').slice(0, mostLetters);
}
