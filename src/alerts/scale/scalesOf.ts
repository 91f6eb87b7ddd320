// The ordered table of scale readers; each form is one file.

import type { SeverityScale } from '../documentAlerts.ts';
import type { DocumentOutline } from '../outline/documentOutline.ts';
import { headingScales } from './headingScale.ts';
import { listScales } from './listScale.ts';
import { finishScale, type ScaleDraft } from './scaleDraft.ts';
import { tableScales } from './tableScale.ts';
import { textScales } from './textScale.ts';

const readers: readonly ((outline: DocumentOutline) => ScaleDraft[])[] = [
  tableScales,
  headingScales,
  listScales,
  textScales,
];

export interface FoundScale {
  readonly scale: SeverityScale;
  /** Lines that only lay down the scale, and declare no cell's severity. */
  readonly line: number;
  readonly endLine: number;
}

// No document has more; a bound keeps what is made to be slow from being so.
const maxScales = 50;

/** Scales in the order of the document, at most fifty. */
export function scalesOf(outline: DocumentOutline): FoundScale[] {
  const found: FoundScale[] = [];
  for (const read of readers) {
    for (const draft of read(outline)) {
      if (found.length >= maxScales) break;
      if (found.some((other) => draft.line < other.endLine && other.line < draft.endLine)) continue;
      found.push({ scale: finishScale(draft), line: draft.line, endLine: draft.endLine });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}
