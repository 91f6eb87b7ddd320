// Which faults of the practice cluster a runbook can be drilled with: those that name it, and those whose alert it
// says that it answers.

import path from 'node:path';
import { nameKey } from '../../alerts/alertName.ts';
import { RunbookError } from '../../base/runbookError.ts';
import type { FaultStatus } from '../../practice/faults/faultBoard.ts';
import type { Runbook } from '../runbook.ts';

/** The best first: of an alert that the runbook itself names, then those that only name the runbook. */
export function faultsFor(
  runbook: Pick<Runbook, 'name' | 'declarations'>,
  faults: readonly FaultStatus[],
): FaultStatus[] {
  const own = path.basename(runbook.name).replace(/(\.runbook)?\.md$/, '');
  const named = new Map(runbook.declarations.alerts.map((alert) => [nameKey(alert.name), alert.confidence]));
  return faults
    .map((fault) => ({ fault, surety: named.get(nameKey(fault.alert)) ?? (fault.runbook === own ? 0 : -1) }))
    .filter(({ surety }) => surety >= 0)
    .sort((one, other) => other.surety - one.surety)
    .map(({ fault }) => fault);
}

/** The one that was asked for by its id, else the best that fits. @throws RunbookError where there is none. */
export function chooseFault(
  runbook: Pick<Runbook, 'name' | 'declarations'>,
  faults: readonly FaultStatus[],
  wanted: string | undefined,
): FaultStatus {
  const fitting = faultsFor(runbook, faults);
  const found = wanted === undefined ? fitting[0] : faults.find(({ id }) => id === wanted);
  if (found) return found;
  throw new RunbookError({
    code: 'drill-no-fault',
    message:
      wanted === undefined
        ? `No fault of the practice cluster belongs to ${runbook.name}.`
        : `There is no fault ${JSON.stringify(wanted)}.`,
    mend: `Choose one with --fault: ${faults.map(({ id }) => id).join(', ')}.`,
  });
}
