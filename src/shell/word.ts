// One word of a command after the shell's expansions, as far as they can be known without running.

/** Stands inside a value for what only the run will tell (`pod-$X` is `pod-` and this). No argument holds a NUL. */
export const unknownPart = '\u0000';

export interface Word {
  /** As written. */
  readonly text: string;
  /** After quotes and known variables; holds `unknownPart` where something is not known. */
  readonly value: string;
  /** An unquoted `*`, `?` or `[…]` that the local shell expands against local files. */
  readonly glob: boolean;
  /** May become several words or none: an unquoted expansion of unknown content. */
  readonly multiple: boolean;
  /** Formats of the dates that its unknown parts are, in their order; absent where any is something else. */
  readonly dates?: readonly string[];
  /** `<(…)` or `>(…)`: a file that is another command's stream. */
  readonly stream?: 'in' | 'out';
}

export function isKnown(word: Word | undefined): boolean {
  return word !== undefined && !word.multiple && !word.value.includes(unknownPart);
}

/** A word made here, of a value that is known. */
export function literal(value: string, text = value): Word {
  return { text, value, glob: false, multiple: false };
}

/** A word of which nothing is known: what `xargs` or `"$@"` will hand over. */
export function unknownWord(text: string, multiple = true): Word {
  return { text, value: unknownPart, glob: false, multiple };
}

/** For people: the value where it is known, else the text as written. */
export function shown(word: Word): string {
  return isKnown(word) ? word.value : word.text;
}
