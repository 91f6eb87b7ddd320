// A quick look whether a cell is as it was read, without taking its slice apart: most cells of a notebook are,
// each time that it is saved.

import { parseInfo } from './infoString.ts';
import { languageIdOf } from './languages.ts';
import { type CellShape, stringOf } from './notebookShape.ts';

/** True: surely as it was read. False: has to be looked at closely. */
export function looksKept({ kind, languageId, value, metadata }: CellShape): boolean {
  const raw = stringOf(metadata, 'raw');
  const layout = /^(markup|code),0,(\d{1,9}),(closed|open),(\d{1,9}),$/.exec(
    stringOf(metadata, 'layout') ?? '',
  );
  if (raw === undefined || !layout || layout[1] !== kind || value === '') return false;
  if (raw.includes('\r') || value.includes('\r') || value.charCodeAt(0) === 0xfeff) return false;
  const start = kind === 'code' ? raw.indexOf('\n') + 1 : 0;
  if (!raw.startsWith(value, start)) return false;
  if (kind === 'code' && !(start > 0 && keepsLanguage(raw.slice(Number(layout[2]), start - 1), languageId)))
    return false;
  // Behind the value its own line feed, then as many lines as the layout has: so the body is the value.
  let feeds = 0;
  for (let at = start + value.length; at < raw.length; at++) if (raw.charCodeAt(at) === 10) feeds++;
  const after = 1 + (layout[3] === 'closed' ? 1 : 0) + Number(layout[4]);
  return raw.charCodeAt(start + value.length) === 10 && raw.endsWith('\n') && feeds === after;
}

function keepsLanguage(opening: string, languageId: string): boolean {
  const marker = /^(?:`{3,}|~{3,})/.exec(opening)?.[0];
  return (
    marker !== undefined &&
    languageIdOf(parseInfo(opening.slice(marker.length)).tag.toLowerCase()) === languageId
  );
}
