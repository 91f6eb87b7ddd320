// In which stages a cell runs: what ends by itself in the session, then the first command that does not end by
// itself (beside the other cells) or that talks to a person (in a terminal). What follows that command is held: it
// was written for somebody who watches, and is offered instead of run behind one's back.

import { splitCommands } from '../kernel/splitCommands.ts';
import type { Piece } from '../kernel/statuses.ts';
import type { AssessedCommand, Assessment } from '../shell/assess.ts';
import { type Held, keepLines } from './cellParts.ts';

export interface Stage {
  readonly kind: 'session' | 'beside' | 'terminal';
  /** Lines of other stages are blank. */
  readonly text: string;
  /** Why it does not run in the session: `follows the log`, `opens a shell`. */
  readonly why: string | undefined;
  /** The command that makes it so, its first line. */
  readonly command: string;
}

export interface Stages {
  readonly stages: readonly Stage[];
  readonly held: Held | undefined;
}

/** What the cell's author wrote into the info string. */
export interface StageWishes {
  readonly background?: boolean | undefined;
  readonly interactive?: boolean | undefined;
}

/** `… | head -5` and the like end what writes into them; `timeout` ends what it runs. */
const endsIt = /\|\s*(?:head\b|grep\s+-[a-zA-Z]*[mq]|sed\s+(?:-n\s+)?['"]?\d+q)|^\s*(?:sudo\s+)?timeout\s/m;
/** A loop without a way out; what it repeats may end, it does not. */
const endless = /^\s*(?:while\s+(?:true|:)|until\s+false)\s*(?:;|\n)\s*do\b/;
const wayOut = /\b(?:break|exit|return)\b/;
/** Read their input to its end where there is no terminal, as `cat` does. */
const pagers = new Set(['less', 'more', 'most', 'pg']);

interface Stop {
  readonly kind: 'beside' | 'terminal';
  readonly why: string;
}

function stopOf(
  piece: Piece,
  commands: readonly AssessedCommand[],
  { interactive: needsTerminal }: StageWishes,
): Stop | undefined {
  const inside = commands.filter(({ line }) => line >= piece.start && line < piece.end);
  const talks = inside.find(
    ({ interactive, background, tool }) => interactive !== null && !background && !pagers.has(tool),
  );
  if (talks && needsTerminal !== false) return { kind: 'terminal', why: talks.interactive! };
  if (endsIt.test(piece.text)) return undefined;
  const blocks = inside.find(({ blocking, background }) => blocking !== null && !background);
  if (blocks) return { kind: 'beside', why: blocks.blocking! };
  const loop = piece.text.replace(/^\s*#.*\n/gm, '');
  if (endless.test(loop) && !wayOut.test(loop)) return { kind: 'beside', why: 'repeats without end' };
  return undefined;
}

const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#')) ?? '';

/** All of it as one. */
export function whole(text: string, kind: Stage['kind'] = 'session', why?: string): Stages {
  return { stages: [{ kind, text, why, command: firstLine(text) }], held: undefined };
}

/** @param assessment of `text`; undefined for a language that is not read, which runs as one. */
export function stagesOf(text: string, assessment: Assessment | undefined, wishes: StageWishes): Stages {
  if (wishes.interactive) return whole(text, 'terminal', 'its author says so');
  if (wishes.background === false || !assessment) {
    return wishes.background ? whole(text, 'beside', 'its author says so') : whole(text);
  }
  const pieces = splitCommands(text).filter((piece) => firstLine(piece.text) !== '');
  const at = pieces.findIndex((piece) => stopOf(piece, assessment.commands, wishes) !== undefined);
  if (at < 0) return wishes.background ? whole(text, 'beside', 'its author says so') : whole(text);
  const piece = pieces[at]!;
  const { kind, why } = stopOf(piece, assessment.commands, wishes)!;
  const lines = (from: number, to: number): string => keepLines(text, (line) => line >= from && line < to);
  // A cell that its author runs beside the others has its first commands there, too.
  const together = wishes.background && kind === 'beside';
  const command = firstLine(piece.text);
  const stage: Stage = { kind, why, command, text: lines(together ? 0 : piece.start, piece.end) };
  const before: Stage = { kind: 'session', why: undefined, command, text: lines(0, piece.start) };
  const rest = pieces.slice(at + 1);
  return {
    stages: at === 0 || together ? [stage] : [before, stage],
    held:
      rest.length === 0
        ? undefined
        : {
            lines: [rest[0]!.start, rest.at(-1)!.end],
            title: `what follows ${short(command)}`,
            after: command,
            count: rest.length,
          },
  };
}

/** Of a command line, what fits into a sentence. */
export function short(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command;
}

/** The text of all stages: what this run may come to. */
export function textOfStages({ stages }: Stages, text: string): string {
  const kept = stages.map((stage) => stage.text.split('\n'));
  return keepLines(text, (line) => kept.some((lines) => lines[line] !== ''));
}
