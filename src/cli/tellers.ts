// How a run is told: to people, with headers and results on stderr so that stdout is the cells' own output; or as a
// JSON line an event.

import { formatDuration } from '../base/duration.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { CellDisplay, CellOutcome, RunState } from '../incident/cellOutcome.ts';
import type { Incident } from '../incident/incident.ts';
import type { Runbook, RunbookCell } from '../incident/runbook.ts';
import { attachTerminal, hasTerminal } from './attachTerminal.ts';
import { print, printError, printJsonLine } from './print.ts';
import { WaitLine } from './waitLine.ts';

/** Where what happens is told: for people, or a JSON line an event. */
export interface Teller {
  begin(runbook: Runbook, incident: Incident): Promise<void>;
  cell(cell: RunbookCell): Promise<void>;
  display(cell: RunbookCell): CellDisplay;
  ended(cell: RunbookCell, outcome: CellOutcome): Promise<void>;
  end(done: number, of: number, incident: Incident, tookMs: number): Promise<void>;
}

const strong = (text: string): string => (process.stderr.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

/** What is worth a line; the rest is told by what follows. */
function textOf(state: RunState): string | undefined {
  if (state.type === 'beside') return `Runs beside the next cells: it does not end by itself (${state.why}).`;
  if (state.type === 'silence') return `No output for ${formatDuration(state.silentMs)}; it still runs.`;
  if (state.type === 'sleep' && !process.stderr.isTTY)
    return `Waits ${formatDuration(state.totalMs)} in a sleep.`;
  return undefined;
}

/** Headers and results go to stderr, so that stdout is the cells' own output, unprefixed. */
export const peopleTeller: Teller = {
  async begin(runbook, incident) {
    await printError(`${strong(runbook.name)}  incident ${incident.id}\nevidence: ${incident.folder}\n`);
  },
  async cell({ index, cell, alerts, severity }) {
    const answers = [alerts.map((alert) => alert.name).join(', '), severity?.raw ?? '']
      .filter(Boolean)
      .join(' · ');
    const title = cell.headings.at(-1) ?? 'cell';
    await printError(`\n${strong(`▶ ${index}  ${title}`)}${answers ? `  (${answers})` : ''}\n`);
  },
  display() {
    const wait = new WaitLine();
    return {
      output(stream, bytes) {
        wait.clear();
        return stream === 'stdout' ? print(bytes) : printError(bytes);
      },
      notice(text) {
        wait.clear();
        void printError(`  ${text}\n`);
      },
      state(state) {
        if (state.type === 'sleep') wait.begin(state.untilMs);
        else if (state.type === 'awake') wait.end();
        const text = textOf(state);
        if (text) this.notice(text);
      },
      ...(hasTerminal() ? { terminal: attachTerminal } : {}),
    };
  },
  async ended({ index }, outcome) {
    await printError(`${outcome.status === 'done' ? '✔' : '✘'} ${index}  ${outcome.message}\n`);
    for (const { title, command } of outcome.undo?.steps ?? [])
      await printError(`  to undo  ${title}\n           ${command.replaceAll('\n', '\n           ')}\n`);
    for (const note of outcome.undo?.notes ?? []) await printError(`  no undo  ${note}\n`);
  },
  async end(done, of, incident, tookMs) {
    await printError(
      `\n${done} of ${of} cells done in ${formatDuration(tookMs)}; incident ${incident.id}, evidence in ${incident.folder}\n`,
    );
  },
};

/** A JSON line an event. Such lines end up in files: credentials are cut out of them as out of the evidence. */
export function jsonTeller({ redactor }: Pick<EvidenceWriter, 'redactor'>): Teller {
  const printSafe = (value: Readonly<Record<string, unknown>>): Promise<void> =>
    printJsonLine(redactor.json(value).value);
  return {
    begin: ({ name, sha256 }, { id, folder }) =>
      printJsonLine({ event: 'begin', runbook: name, sha256, incident: id, folder }),
    cell: ({ index, cell }) =>
      printSafe({ event: 'cell', index, headings: cell.headings, source: cell.text }),
    display: ({ index }) => {
      const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
      return {
        output: (stream, bytes) =>
          printJsonLine({
            event: 'output',
            index,
            stream,
            text: decoders[stream].decode(bytes, { stream: true }),
          }),
        notice: (text) => void printSafe({ event: 'notice', index, text }),
        state: (state) => void printSafe({ event: 'state', index, state }),
      };
    },
    ended: ({ index }, { status, message, runId, result, undo }) =>
      printSafe({
        event: 'result',
        index,
        status,
        message,
        run: runId ?? null,
        undo: undo ? undo.steps.map(({ title, command }) => ({ title, command })) : [],
        exitCode: result?.exitCode ?? null,
        durationMs: result?.durationMs ?? null,
        cwd: result?.cwd ?? null,
        commands: result?.commands ?? [],
      }),
    end: (done, of, { id, folder }, tookMs) =>
      printJsonLine({ event: 'end', done, of, incident: id, folder, durationMs: tookMs }),
  };
}
