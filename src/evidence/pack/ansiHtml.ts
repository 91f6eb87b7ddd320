// Terminal output as HTML: colours as classes, everything else as text.

/** For text and attributes. Signs that have no place in HTML become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const sequence = /\x1b\[([0-9;]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]/g;

/** Sixteen colours, bold, underline; other sequences are dropped. A line that was overwritten shows its last state. */
export function ansiHtml(text: string): string {
  const settled = text.replace(/\r\n/g, '\n').replace(/^.*\r(?!$)/gm, '');
  let out = '';
  let at = 0;
  let classes = new Set<string>();
  const piece = (to: number): void => {
    if (to <= at) return;
    const inner = escapeHtml(settled.slice(at, to));
    out += classes.size > 0 ? `<span class="${[...classes].join(' ')}">${inner}</span>` : inner;
  };
  for (const match of settled.matchAll(sequence)) {
    piece(match.index);
    at = match.index + match[0].length;
    if (match[2] === 'm') classes = applied(classes, match[1]!);
  }
  piece(settled.length);
  return out;
}

function applied(before: ReadonlySet<string>, codes: string): Set<string> {
  let classes = new Set(before);
  const list = codes.split(';').map(Number);
  for (let index = 0; index < list.length; index += 1) {
    const code = list[index]!;
    if (code === 0) classes = new Set();
    else if (code === 1) classes.add('b');
    else if (code === 4) classes.add('u');
    else if (code === 22) classes.delete('b');
    else if (code === 24) classes.delete('u');
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
      classes = coloured(classes, `c-${colours[code % 10]}`);
    else if (code === 39) classes = coloured(classes, undefined);
    else if (code === 38 || code === 48) index += list[index + 1] === 5 ? 2 : 4;
  }
  return classes;
}

function coloured(classes: ReadonlySet<string>, colour: string | undefined): Set<string> {
  const rest = [...classes].filter((one) => !one.startsWith('c-'));
  return new Set(colour ? [...rest, colour] : rest);
}
