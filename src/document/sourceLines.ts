// A text as lines. A line ends with LF, CR LF or a lone CR, as CommonMark has it (and as VS Code's editor does).

export type LineEnding = '\n' | '\r\n' | '\r';

/** Where each line starts, and at the end the text's length: line n is `[starts[n], starts[n + 1])`, ending included. */
export function lineStartsOf(text: string): number[] {
  const starts: number[] = [];
  let at = 0;
  if (!text.includes('\r')) {
    while (at < text.length) {
      starts.push(at);
      const feed = text.indexOf('\n', at);
      at = feed < 0 ? text.length : feed + 1;
    }
  } else {
    while (at < text.length) {
      starts.push(at);
      at = nextLineStart(text, at);
    }
  }
  starts.push(text.length);
  return starts;
}

function nextLineStart(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return at + 1;
    if (code === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  }
  return text.length;
}

/** The lines of a text, each with its ending; none for the empty text. */
export function linesOf(text: string): string[] {
  const starts = lineStartsOf(text);
  const lines: string[] = [];
  for (let line = 0; line + 1 < starts.length; line++) {
    lines.push(text.slice(starts[line], starts[line + 1]));
  }
  return lines;
}

/** The line ending of one line as `linesOf` gives it; empty at the end of a file without a final newline. */
export function endingOf(line: string): LineEnding | '' {
  if (line.endsWith('\r\n')) return '\r\n';
  if (line.endsWith('\n')) return '\n';
  return line.endsWith('\r') ? '\r' : '';
}

export function withoutEnding(line: string): string {
  const ending = endingOf(line);
  return ending ? line.slice(0, -ending.length) : line;
}

/** What an editor holds: lines joined by LF, without a leading byte order mark (VS Code's editor drops it). */
export function normalized(text: string): string {
  const unmarked = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked;
}

/** The ending that most lines have; LF when there are none, or no majority against it. */
export function dominantEnding(text: string): LineEnding {
  if (!text.includes('\r')) return '\n';
  let crlf = 0;
  let cr = 0;
  let lf = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) lf++;
    else if (code === 13) {
      if (text.charCodeAt(at + 1) === 10) {
        crlf++;
        at++;
      } else cr++;
    }
  }
  if (crlf > lf && crlf >= cr) return '\r\n';
  return cr > lf ? '\r' : '\n';
}

/**
 * Text in pieces → one text. Where a lone CR meets a line feed the two would melt into one line ending: the line
 * feed, always that of a blank line, becomes a CR.
 */
export function joinPieces(pieces: readonly string[]): string {
  let carriage = false;
  let clash = false;
  for (const piece of pieces) {
    if (!piece) continue;
    if (carriage && piece.charCodeAt(0) === 10) clash = true;
    carriage = piece.charCodeAt(piece.length - 1) === 13;
  }
  if (!clash) return pieces.join('');
  let text = '';
  for (const piece of pieces) {
    text += piece.startsWith('\n') && text.endsWith('\r') ? `\r${piece.slice(1)}` : piece;
  }
  return text;
}
