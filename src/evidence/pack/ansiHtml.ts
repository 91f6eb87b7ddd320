// Terminal output as HTML: colours as classes, everything else as text.

/** For text and attributes. Signs that have no place in HTML become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const sequence = /\x1b\[([0-9;]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]/g;

/**
 * Colours as the nearest of sixteen, which the reader's theme shows well; bold, underline, inverse; other sequences are
 * dropped. A line that was overwritten shows its last state.
 */
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
    else if (code === 7) classes.add('i');
    else if (code === 27) classes.delete('i');
    else if (code >= 30 && code <= 37) classes = coloured(classes, 'c', colours[code % 10]);
    else if (code >= 90 && code <= 97) classes = coloured(classes, 'c', bright(code % 10));
    else if (code >= 40 && code <= 47) classes = coloured(classes, 'g', colours[code % 10]);
    else if (code >= 100 && code <= 107) classes = coloured(classes, 'g', bright(code % 10));
    else if (code === 39) classes = coloured(classes, 'c', undefined);
    else if (code === 49) classes = coloured(classes, 'g', undefined);
    else if (code === 38 || code === 48) {
      const isIndex = list[index + 1] === 5;
      const colour = isIndex ? ofTable(list[index + 2] ?? 0) : nearest(list.slice(index + 2, index + 5));
      classes = coloured(classes, code === 38 ? 'c' : 'g', colour);
      index += isIndex ? 2 : 4;
    }
  }
  return classes;
}

function coloured(classes: ReadonlySet<string>, plane: 'c' | 'g', colour: string | undefined): Set<string> {
  const rest = [...classes].filter((one) => !one.startsWith(`${plane}-`));
  return new Set(colour ? [...rest, `${plane}-${colour}`] : rest);
}

/** Bright black is what terminals show as grey. */
const bright = (index: number): string => (index === 0 ? 'grey' : colours[index]!);

/** Of the 256 of xterm: sixteen by name, a cube of six steps a channel, greys. */
function ofTable(index: number): string {
  if (index < 8) return colours[index] ?? 'white';
  if (index < 16) return bright(index - 8);
  if (index >= 232) return nearest(Array<number>(3).fill(8 + (index - 232) * 10));
  const cube = index - 16;
  return nearest(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) =>
      step === 0 ? 0 : 55 + step * 40,
    ),
  );
}

/** @param rgb 0 to 255 each */
function nearest([red = 0, green = 0, blue = 0]: readonly number[]): string {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 48) return most < 64 ? 'black' : most < 176 ? 'grey' : 'white';
  const middle = (most + least) / 2;
  return colours[(red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0)]!;
}
