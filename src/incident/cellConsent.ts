// The guard's question for a cell, or for a stage of it: what its text tells before it runs.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseKubectl } from '../cluster/kubectlArguments.ts';
import { neededFiles } from '../cluster/neededFiles.ts';
import type { AssessedCommand, Assessment } from '../shell/assess.ts';
import { compareRisk } from '../shell/risk.ts';
import { type Consented, consentTo, type GuardedRun, type GuardState, judge } from './consent.ts';
import { DocumentCues } from './documentCues.ts';
import { allowRequests } from './httpDoor.ts';
import { unreadable } from './kernelRequest.ts';
import { assessCell, type Runbook, type RunbookCell } from './runbook.ts';
import { type StaticCalls, staticCalls } from './staticCalls.ts';

export interface CellConsent {
  readonly run: string;
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
  /** Of the part that runs; the cell's heading otherwise. */
  readonly title?: string | undefined;
  readonly assessment: Assessment | undefined;
  /** Where it runs. */
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/** One question for all that it would do, as far as that can be read; the gate asks for the rest when it comes. */
export async function consentToCell(asked: CellConsent, guard: GuardState): Promise<Consented> {
  const { run, cell, assessment, cwd, signal } = asked;
  const commands = assessment?.commands ?? [unreadable(cell)];
  const calls = staticCalls(commands, cell.cell.attributes.cwd ?? cwd);
  const missing = await missingFile(commands, calls);
  if (missing) return { yes: false, reason: `${missing}; looked at before anything is changed` };
  const cues = new DocumentCues(
    asked.runbook,
    cell,
    (await assessCell(cell))?.steps ?? assessment?.steps ?? [],
  );
  const guarded = guardedRun(asked, cues);
  guard.runs.set(run, guarded);
  const told = commands.map((command, index) =>
    isAbsent(command, cwd, commands.slice(0, index))
      ? { ...command, reasons: [`${command.tool} is not there`] }
      : command,
  );
  const byAuthor = cell.cell.attributes.approval ? 'approval' : undefined;
  const judged = told.flatMap((command, index) => {
    const { calls: covers, atTheGate } = calls[index]!;
    const { demand, caution } = cues.at(command);
    const demandsApproval = byAuthor ?? (compareRisk(command.risk, 'read') > 0 ? demand : undefined);
    guarded.said = {
      demandsApproval: guarded.said?.demandsApproval ?? demandsApproval,
      caution: guarded.said?.caution ?? caution,
    };
    if (!atTheGate) return [judge(command, guard, { covers, demandsApproval, caution })];
    guarded.demand ??= demandsApproval;
    if (compareRisk(command.risk, 'secret') > 0) guarded.caution ??= caution;
    return [];
  });
  const title = `Run “${asked.title ?? cell.cell.headings.at(-1) ?? 'this cell'}”?`;
  const consented = await consentTo(judged, guard, { title, run, ...(signal ? { signal } : {}) });
  if (consented.yes) allowRequests(commands, guard);
  return consented;
}

function guardedRun({ runbook, assessment }: CellConsent, cues: DocumentCues): GuardedRun {
  const changes = (assessment?.commands ?? []).some(({ risk }) => compareRisk(risk, 'secret') > 0);
  return {
    runbook: { path: runbook.path, sha256: runbook.sha256 },
    revertWithinMs: changes ? (cues.timeBox(assessment?.steps ?? []) ?? undefined) : undefined,
  };
}

/** A program by its path that nobody could run: a yes would only let it fail. */
function isAbsent(
  { tool, parent, place }: AssessedCommand,
  cwd: string,
  before: readonly AssessedCommand[],
): boolean {
  if (parent !== null || place.kind !== 'here' || !/^\.{0,2}\/[\w./-]+$/.test(tool)) return false;
  const mayMakeIt = before.some((command) => command.tool === 'cd' || makesFiles(command));
  return !mayMakeIt && !existsSync(path.resolve(cwd, tool));
}

/** Tools of which an earlier command may have made the file. */
const makesFiles = (command: AssessedCommand): boolean =>
  command.tool !== 'kubectl' && ['write', 'change', 'unknown'].includes(command.risk);

/** A file that a call of a changing cell will read, and that is not there or not what it has to be. */
async function missingFile(
  commands: readonly AssessedCommand[],
  calls: readonly StaticCalls[],
): Promise<string | undefined> {
  if (!commands.some(({ risk }) => compareRisk(risk, 'secret') > 0)) return undefined;
  for (const [index, command] of commands.entries()) {
    if (command.tool !== 'kubectl' || commands.slice(0, index).some(makesFiles)) continue;
    if (commands.slice(0, index).some(({ writes }) => writes.length > 0)) continue;
    for (const { args, cwd, stdin, shapes } of calls[index]!.calls) {
      // The file of another second may be there.
      if (cwd === '' || shapes) continue;
      const input = { cwd, ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin) }) };
      const [problem] = await neededFiles(parseKubectl(args), input);
      if (problem)
        return problem.why.includes(problem.file) ? problem.why : `${problem.file}: ${problem.why}`;
    }
  }
  return undefined;
}
