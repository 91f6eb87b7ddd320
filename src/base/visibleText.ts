// Text of others as a person may be asked about it: what is shown is what there is. Signs that can't be seen, that turn
// the direction of text or that steer a terminal are spelled out, and blanks that would push the rest out of sight are
// counted.

/** Controls, formats (bidi, zero-width), separators of lines, private and unassigned ones; and blanks that are none. */
const unseen =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180d]|\u2800|\u3164|[\ufe00-\ufe0d]|\uffa0/gu;
const otherBlanks = /[^\P{Zs} ]/gu;
const mostBlanks = 24;

/** Line feeds stay, and blanks that align; `\t` is four of them. */
export function visibleText(text: string): string {
  return text
    .replace(/\t/g, '    ')
    .replace(unseen, (sign) => (sign === '\n' ? sign : spelled(sign)))
    .replace(otherBlanks, spelled)
    .replace(/(\S) +(?=\S)/g, (all, before: string) =>
      all.length - 1 > mostBlanks ? `${before} ⟨${all.length - 1} blanks⟩ ` : all,
    )
    .replace(/\n(?: *\n){4,}/g, (all) => `\n\n⟨${all.split('\n').length - 2} empty lines⟩\n\n`);
}

/** Text of others at a terminal: it neither steers it nor turns its direction; all else stays as it is. */
export function unsteered(text: string): string {
  return text.replace(unseen, (sign) => (sign === '\n' || sign === '\t' ? sign : spelled(sign)));
}

/** As `visibleText`, on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s*\n\s*/g, ' ');
}

function spelled(sign: string): string {
  return `\\u{${sign.codePointAt(0)!.toString(16)}}`;
}
