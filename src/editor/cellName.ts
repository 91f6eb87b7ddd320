// What a cell is called where its text is not seen.

const mostLetters = 80;

/**
 * The first line of its text; of a comment the words. Empty for an empty cell.
 * @param given what its author calls it: counts where no comment says it in words, or the words are one alternative's
 */
export function cellName(text: string, given?: string): string {
  const [first = ''] = text.trim().split('\n');
  const words = /^#+\s*(?!!)(?!option\b)(.*)$/i.exec(first)?.[1];
  return (words || given || first.replace(/^#+\s*/, '')).slice(0, mostLetters);
}
