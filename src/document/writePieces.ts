// Each cell's text in its place: what it says, under which prefix, and how much room is between two cells.

import { shownText } from './cellLayout.ts';
import { withTag } from './infoString.ts';
import { isShellTag, languageIdOf, plainText, tagOfLanguageId } from './languages.ts';
import { blankPrefix, continuedPrefix } from './linePrefix.ts';
import { keepsTag, type Piece } from './notebookPieces.ts';
import { stringOf } from './notebookShape.ts';
import { endingOf, type LineEnding, linesOf, withoutEnding } from './sourceLines.ts';
import { rewriteFence, valueLines, writeFence } from './writeFence.ts';
import { rewriteMarkup, writeMarkup } from './writeMarkup.ts';

/** How a piece is to be written after it was found that writing it plainly does not read back. */
export interface Mend {
  /** At the margin: a fence closed, since whatever is around, it is a fence there; Markdown as it is shown. */
  readonly flat?: boolean;
  /** A last line that ends what the text leaves open. */
  readonly closing?: string;
  /** Behind an empty comment, which ends a list. */
  readonly separated?: boolean;
}

export interface WrittenPiece {
  readonly piece: Piece;
  /** Without the room after it; empty for an empty Markdown cell. */
  readonly text: string;
  /** A blank line has to stand on both sides. */
  readonly apart: boolean;
}

export interface WriteOptions {
  readonly ending: LineEnding;
  readonly mends: ReadonlyMap<Piece, Mend>;
}

export function writePieces(pieces: readonly Piece[], options: WriteOptions): WrittenPiece[] {
  const written: WrittenPiece[] = [];
  let context = '';
  let lastTag = '';
  pieces.forEach((piece, index) => {
    const mend = options.mends.get(piece) ?? {};
    const inside = pieces[index - 1]?.shape.kind === 'code' ? context : '';
    const around = piece.shape.kind === 'markup' ? inside : context;
    const own = writePiece(piece, mend, around, pieces[index + 1], pieces, lastTag, options.ending);
    const closing = mend.closing !== undefined && own.text ? mend.closing + options.ending : '';
    const separator = mend.separated && own.text ? `<!-- -->${options.ending}${options.ending}` : '';
    const body = closing && endingOf(own.text) === '' ? own.text + options.ending : own.text;
    if (own.text)
      written.push({
        piece,
        text: separator + body + closing,
        apart: mend.flat === true,
      });
    if (piece.sliced && !piece.moved && !mend.flat) context = piece.after;
    else if (piece.shape.kind === 'code') context = continuedPrefix(own.prefix);
    if (piece.shape.kind === 'code' && isShellTag(own.tag)) lastTag = own.tag;
  });
  return written;
}

interface Own {
  readonly text: string;
  readonly prefix: string;
  readonly tag: string;
}

function writePiece(
  piece: Piece,
  mend: Mend,
  context: string,
  next: Piece | undefined,
  all: readonly Piece[],
  lastTag: string,
  ending: LineEnding,
): Own {
  const { sliced, shape, value } = piece;
  if (shape.kind === 'markup') {
    if (mend.flat) return { text: writeMarkup(value, ending), prefix: '', tag: '' };
    return { ...markup(piece, context, next, ending), tag: '' };
  }
  const isOld = sliced !== undefined && piece.state !== 'turned';
  const opening = isOld ? sliced.open.slice(0, sliced.layout.openColumn) : context;
  if (isOld) {
    const info = infoFor(piece);
    const tag = info === undefined ? piece.tag : tagOfLanguageId(shape.languageId);
    const target = mend.flat ? '' : piece.moved && !/[^ \t>]/.test(opening) ? context : opening;
    if (target === opening && !(mend.flat && !sliced.layout.closed)) {
      const gapless = piece.raw.slice(0, piece.raw.length - sliced.gap.join('').length);
      const text = piece.state === 'kept' ? gapless : rewriteFence(sliced, valueLines(value), ending, info);
      return { text, prefix: opening, tag };
    }
    const marker = /^(?:`+|~+)/.exec(sliced.open.slice(sliced.layout.openColumn))![0];
    const lead = sliced.lead.map((line) => target + line.replace(/^[ \t>]+/, '')).join('');
    const fence = { info: info ?? piece.info, lines: valueLines(value), prefix: target, ending, marker };
    return { text: lead + writeFence(fence), prefix: target, tag };
  }
  const info = stringOf(shape.metadata, 'info') ?? piece.head?.info ?? newTag(piece, all, lastTag);
  const prefix = mend.flat ? '' : context;
  const lead = (piece.head?.lead ?? []).map((line) => prefix + line + ending).join('');
  const tag = /^[^\s{]*/.exec(info)![0].toLowerCase();
  return { text: lead + writeFence({ info, lines: valueLines(value), prefix, ending }), prefix, tag };
}

/** The info string where the language was changed in the editor; undefined where the old one stays. */
function infoFor(piece: Piece): string | undefined {
  if (piece.state === 'kept' || !piece.sliced) return undefined;
  if (keepsTag(piece.tag, shownText(piece.sliced), piece.sliced, piece.shape.languageId)) return undefined;
  return withTag(piece.info, tagOfLanguageId(piece.shape.languageId));
}

/**
 * The tag of a cell without source. A copy bears that of the cell that it is a copy of; other shell cells the one
 * last used above, when it is a plain shell's.
 */
function newTag({ shape, value }: Piece, all: readonly Piece[], lastTag: string): string {
  const twin = all.find(
    (other) =>
      other.sliced !== undefined &&
      other.tag !== '' &&
      shownText(other.sliced) === value &&
      value.trim() !== '' &&
      (languageIdOf(other.tag) === shape.languageId || shape.languageId === plainText),
  );
  if (twin) return twin.tag;
  const plainShell = lastTag === 'bash' || lastTag === 'sh' || lastTag === 'shell';
  return shape.languageId === 'shellscript' && plainShell ? lastTag : tagOfLanguageId(shape.languageId);
}

function markup(
  piece: Piece,
  context: string,
  next: Piece | undefined,
  ending: LineEnding,
): Omit<Own, 'tag'> {
  const { sliced, value } = piece;
  if (piece.state === 'turned' && sliced) {
    const opening = sliced.open.slice(0, sliced.layout.openColumn);
    return { text: writeMarkup(value, ending, opening, continuedPrefix(opening)), prefix: opening };
  }
  if (sliced && piece.moved && sliced.layout.cuts.length > 0)
    return { text: writeMarkup(value, ending), prefix: '' };
  if (sliced && piece.state === 'kept') {
    return { text: piece.raw.slice(0, piece.raw.length - sliced.gap.join('').length), prefix: '' };
  }
  if (sliced) return { text: rewriteMarkup(sliced, value, ending), prefix: '' };
  const prefix = context && goesOn(next, context) ? context : '';
  return { text: writeMarkup(value, ending, prefix), prefix };
}

/** Whether the next cell stands in the same list item or quote. */
function goesOn(next: Piece | undefined, context: string): boolean {
  if (/[^ \t>]/.test(context)) return false;
  return next?.sliced !== undefined && !next.moved && next.raw.startsWith(context);
}

/** The pieces and the room between them as one text. */
export function withRoom(
  preamble: string,
  written: readonly WrittenPiece[],
  originalCount: number,
  ending: LineEnding,
): string[] {
  const present = new Set(written.map(({ piece }) => piece.at));
  const parts: string[] = [];
  const first = written[0]?.piece;
  if (preamble && first && first.at !== 0 && /[^\ufeff]/.test(preamble))
    parts.push(endsBlank(preamble, ending));
  else parts.push(preamble);
  written.forEach(({ piece, text, apart }, index) => {
    const next = written[index + 1];
    const gap = piece.state === 'new' ? '' : (piece.sliced?.gap.join('') ?? '');
    if (!next) {
      const wasLast = piece.at === originalCount - 1;
      parts.push(wasLast || endingOf(text) !== '' ? text : text + ending, wasLast ? gap : '');
      return;
    }
    parts.push(endingOf(text) === '' ? text + ending : text);
    const stay = piece.at >= 0 && next.piece.at === piece.at + 1;
    const turned = piece.state === 'turned' || next.piece.state === 'turned';
    if (gap) {
      parts.push(endingOf(gap) === '' ? gap + ending : gap);
      // Lines with nothing but a quote's mark are room only for what stands in the quote too.
      if (
        !stay &&
        !/^[ \t]*>/.test(next.text) &&
        /^[ \t>]*>[ \t>]*$/.test(withoutEnding(linesOf(gap).at(-1)!))
      )
        parts.push(ending);
    } else if (
      apart ||
      next.apart ||
      !((stay && !turned) || mayTouch(piece, next.piece, present, originalCount))
    ) {
      parts.push(blankBetween(piece, text, next) + ending);
    }
  });
  return parts;
}

/** Whether two cells that were not neighbours may stand without a blank line, as those that they replace did. */
function mayTouch(piece: Piece, next: Piece, present: ReadonlySet<number>, originalCount: number): boolean {
  const leftTight = piece.at >= 0 && !piece.moved && piece.at + 1 < originalCount;
  const replaces = !present.has(next.at - 1) || piece.partOf === next.at - 1;
  const rightTight = next.at >= 0 && !next.moved && next.tight && replaces;
  if (piece.at >= 0 && next.at >= 0) {
    return leftTight && rightTight && /^\s*(?:(?:[-*+]|\d+[.)]|#{1,6})[ \t]|>|`{3,}|~{3,})/.test(next.raw);
  }
  if (next.at >= 0) return rightTight && next.shape.kind !== piece.shape.kind;
  return piece.at >= 0 && leftTight && !present.has(piece.at + 1) && next.shape.kind !== piece.shape.kind;
}

/** What a blank line between two texts bears: the quote's mark where a fence goes on in the quote of the other. */
function blankBetween(piece: Piece, text: string, next: WrittenPiece): string {
  if (piece.shape.kind === 'markup' && next.piece.shape.kind === 'markup') return '';
  const above = quoteOf(linesOf(text).at(-1) ?? '');
  const below = quoteOf(next.text);
  const depth = (prefix: string): number => prefix.split('>').length;
  return depth(above) < depth(below) ? above : below;
}

function quoteOf(line: string): string {
  return blankPrefix(/^(?:[ \t]*>)*/.exec(line)![0]);
}

function endsBlank(preamble: string, ending: LineEnding): string {
  const ended = endingOf(preamble) === '' ? preamble + ending : preamble;
  const lines = linesOf(ended);
  return /^[ \t]*[\r\n]+$/.test(lines.at(-1)!) ? ended : ended + ending;
}
