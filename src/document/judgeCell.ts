// Whether a code cell can be run, and if not, why.

import { foreignContent } from './foreignContent.ts';
import { isShellTag } from './languages.ts';
import { transcriptOf } from './transcript.ts';

export interface CellVerdict {
  readonly executable: boolean;
  readonly reason?: string;
}

const runs: CellVerdict = { executable: true };

/** `tag` is an executable one, in lower case; `text` is what the editor shows. */
export function judgeCell(tag: string, text: string, closed: boolean): CellVerdict {
  if (!closed) return refused('The fence is never closed: close it to run this.');
  if (/^\s*$/.test(text)) return refused('The cell is empty.');
  if (!isShellTag(tag)) return runs;
  const foreign = foreignContent(text, transcriptOf(text, tag));
  return foreign ? refused(`This looks like ${foreign}, not like shell commands.`) : runs;
}

function refused(reason: string): CellVerdict {
  return { executable: false, reason };
}
