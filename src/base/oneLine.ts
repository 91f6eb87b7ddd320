// A text in one line, where there is no room for more: in a list, a sentence, a log of what happened.

/** Every run of white space as one blank. @param most letters; what is longer ends in `…`. */
export function oneLine(text: string, most = 300): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
