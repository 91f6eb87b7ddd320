// What of a cell's text goes to the kernel: prompts and old output taken out, the line numbers kept.

import { isShellTag } from './languages.ts';
import { transcriptOf } from './transcript.ts';

export interface RunnableText {
  /** As many lines as the shown text: what does not run is an empty line. */
  readonly text: string;
  /** Lines of the shown text, from 0, that do not run though they are not blank. */
  readonly removedLines: readonly number[];
  /** Characters of prompt cut from each line: add them to a column of `text` for one of the shown text. */
  readonly promptLengths: readonly number[];
}

/** `language` is the fence's tag (not the editor's language id). */
export function runnableText(cell: { readonly language: string; readonly text: string }): RunnableText {
  if (!isShellTag(cell.language)) return { text: cell.text, removedLines: [], promptLengths: [] };
  const transcript = transcriptOf(cell.text);
  const removedLines: number[] = [];
  const lines = cell.text.split('\n');
  const kept = lines.map((line, index) => {
    const command = transcript.commands[index];
    if (command === undefined && line.trim() !== '') removedLines.push(index);
    return command ?? '';
  });
  const promptLengths = transcript.prompted ? transcript.cuts : [];
  return {
    text: removedLines.length || transcript.prompted ? kept.join('\n') : cell.text,
    removedLines,
    promptLengths,
  };
}
