// What the kernel is given for a cell.

import type { LineRange, RunRequest } from '../kernel/types.ts';
import type { Assessment } from '../shell/assess.ts';
import { compareRisk } from '../shell/risk.ts';
import { plainCommand } from './plainCommand.ts';
import type { RunbookCell } from './runbook.ts';

/** Lines that change something, in the kernel's words. */
function changingLines(assessment: Assessment | undefined): LineRange[] {
  const changing = (assessment?.commands ?? []).filter(({ risk }) => compareRisk(risk, 'secret') > 0);
  return changing.map(({ line, endLine }) => ({ start: line, end: endLine + 1 }));
}

export function kernelRequest(
  found: RunbookCell,
  run: string,
  planned: {
    readonly text: string;
    readonly assessment: Assessment | undefined;
    readonly variables: Readonly<Record<string, string>>;
  },
): RunRequest {
  const { attributes, language } = found.cell;
  return {
    text: planned.text,
    language,
    cellId: run,
    watchSleep: /\bsleep\b/.test(planned.text),
    ...(Object.keys(planned.variables).length > 0 ? { env: planned.variables } : {}),
    changes: changingLines(planned.assessment),
    ...(attributes.timeoutMs ? { timeoutMs: attributes.timeoutMs } : {}),
    ...(attributes.cwd ? { cwd: attributes.cwd } : {}),
  };
}

/** A cell in a language that is not read: all that is known is its interpreter. */
export function unreadable({ cell, runnable }: RunbookCell): Assessment['commands'][number] {
  return plainCommand({
    text: runnable.length > 300 ? `${runnable.slice(0, 300)}…` : runnable,
    tool: cell.language,
    risk: 'unknown',
    reasons: [`${cell.language} is run as it stands and is not read before`],
  });
}
