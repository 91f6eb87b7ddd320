// The parts of a RunResult that don't depend on how the cell went.

import type { RunResult } from './types.ts';

export const emptyResult: RunResult = {
  ok: false,
  exitCode: null,
  signal: null,
  interrupted: false,
  timedOut: false,
  refused: null,
  notStarted: null,
  sessionEnded: false,
  stateFrom: null,
  startedAt: 0,
  durationMs: 0,
  cwd: '',
  commands: [],
  complete: false,
  backgroundPids: [],
  outputOpen: false,
  notes: [],
};

export function notesOf(
  stateFrom: 'start' | 'end' | undefined,
  backgroundPids: readonly number[],
): readonly string[] {
  const notes: string[] = [];
  if (stateFrom === 'end') {
    notes.push(
      'bash was replaced: variables, functions, options and directory are kept; jobs and open descriptors are not.',
    );
  }
  if (stateFrom === 'start') {
    notes.push("bash ended without handing over its state: the session is as it was at the cell's start.");
  }
  if (backgroundPids.length > 0) {
    const count = backgroundPids.length;
    const what =
      count === 1 ? 'One process of this cell still runs' : `${count} processes of this cell still run`;
    notes.push(`${what} in the background.`);
  }
  return notes;
}
