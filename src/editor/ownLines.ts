// What the product says among a cell's output, so that nobody takes it for the cell's own words.

/** Characters: VS Code does not wrap output, and what is cut off at the right is not read. */
const width = 96;

/** Grey, behind a bar, wrapped at spaces; ends with a line feed. For a cell's stderr. */
export function ownLines(text: string): string {
  const lines = text.match(new RegExp(`.{1,${width}}(?:\\s|$)|\\S+\\s?`, 'g')) ?? [''];
  return lines.map((line) => `\u001b[90m┃ ${line.trimEnd()}\u001b[0m\n`).join('');
}
