// Terminal colours inside a line would hide a secret from the rules (`grep --color` puts them into the middle
// of what it found), so rules see the line without them. The same colours as YAML, JSON or a shell spell them, too:
// a log that was put into an object comes back that way.

/** Of a CSI sequence what comes before its last letter. */
const csi = String.raw`\[[0-?]*[ -/]*`;
/** The escape character as it is spelled out. */
const spelled = '(?:e|x1[bB]|u001[bB]|033)';
const escapeSequence = new RegExp(
  String.raw`\x1b(?:${csi}[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])|\\{1,8}${spelled}${csi}[@-~]`,
  'g',
);
const unfinished = new RegExp(
  String.raw`(?:\x1b(?:${csi}|\][^\x07\x1b]*\x1b?)?|\\{1,8}(?:${spelled}(?:${csi})?|x1?|u0{0,2}1?|03?)?)$`,
);
/** Whether any of it may be in a line: most have none, and are left alone. */
const some = new RegExp(String.raw`\x1b|\\${spelled}\[|\\[ex01uB3b[]{0,5}$`);

export interface Uncoloured {
  readonly text: string;
  /** Offset in the coloured line of a character of `text`; of its length too. */
  toColoured(index: number): number;
  /** Where an escape sequence begins that the line's end cuts off; the line's length where none does. */
  readonly unfinishedAt: number;
}

export function uncolour(line: string): Uncoloured {
  if (!some.test(line)) return { text: line, toColoured: (index) => index, unfinishedAt: line.length };
  const kept: { readonly from: number; readonly at: number }[] = [];
  let text = '';
  let from = 0;
  const keep = (to: number): void => {
    if (to > from) kept.push({ from, at: text.length });
    text += line.slice(from, to);
  };
  for (const match of line.matchAll(escapeSequence)) {
    keep(match.index);
    from = match.index + match[0].length;
  }
  keep(line.length);
  const cutOff = unfinished.exec(line);
  return {
    text,
    unfinishedAt: cutOff ? cutOff.index : line.length,
    toColoured(index) {
      let low = 0;
      let high = kept.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (kept[middle]!.at <= index) low = middle;
        else high = middle - 1;
      }
      const piece = kept[low];
      return piece ? piece.from + (index - piece.at) : index;
    },
  };
}
