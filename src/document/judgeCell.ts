// Whether a code cell can be run, and if not, why.

import { foreignContent } from './foreignContent.ts';
import { isShellTag } from './languages.ts';
import { hasPrompts, transcriptOf } from './transcript.ts';

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
  if (hasPrompts(text)) return judgeTranscript(text);
  if (!/^\s*(?:#!|[^\s#])/m.test(text))
    return refused('The cell holds only comments: there is nothing to run.');
  const foreign = foreignContent(text);
  return foreign ? refused(`This looks like ${foreign}, not like shell commands.`) : runs;
}

function judgeTranscript(text: string): CellVerdict {
  const { commands, remoteFrom } = transcriptOf(text);
  if (!commands.some((command) => command !== undefined && /^\s*[^#\s]/.test(command))) {
    return refused('There is a prompt, and no command behind it.');
  }
  if (remoteFrom === undefined) return runs;
  const line = `\`${commands[remoteFrom]!.trim()}\``;
  return refused(
    `${line} is typed inside the shell that an earlier line opens; here it would run on this machine.`,
  );
}

function refused(reason: string): CellVerdict {
  return { executable: false, reason };
}
