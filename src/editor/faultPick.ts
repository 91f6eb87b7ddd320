// Which fault of the practice cluster a drill begins with.

import * as vscode from 'vscode';
import { faultsFor } from '../incident/drill/drillFault.ts';
import type { Runbook } from '../incident/runbook.ts';
import type { FaultStatus } from '../practice/faults/faultBoard.ts';

/** Those of the runbook first. undefined where none was picked. */
export async function pickFault(
  runbook: Runbook,
  faults: readonly FaultStatus[],
): Promise<FaultStatus | undefined> {
  const own = faultsFor(runbook, faults);
  const others = faults.filter((fault) => !own.includes(fault));
  const rows = [
    ...(own.length > 0 ? [separator('this runbook answers'), ...own.map(itemOf)] : []),
    ...(others.length > 0 ? [separator('of other runbooks'), ...others.map(itemOf)] : []),
  ];
  const picked = await vscode.window.showQuickPick(rows, {
    title: 'Start Drill',
    placeHolder: 'What breaks on the practice cluster?',
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return picked?.fault;
}

const itemOf = (fault: FaultStatus) => ({
  label: fault.title,
  detail: `$(bell) ${fault.alert}, in ${fault.namespace}`,
  ...(fault.state === 'idle' ? {} : { description: fault.state }),
  fault,
});

const separator = (label: string) => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
  fault: undefined,
});
