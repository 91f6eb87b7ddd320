// `runbook preflight`: whether a runbook would work here, told before anybody needs it.

import path from 'node:path';
import { loadRules } from '../alerts/rules/loadRules.ts';
import { formatDuration } from '../base/duration.ts';
import { preflight } from '../incident/preflight/preflight.ts';
import type { Check, CheckState, PreflightReport } from '../incident/preflight/preflightReport.ts';
import { loadRunbook, type Runbook } from '../incident/runbook.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError, printJson } from './print.ts';
import { readInput } from './readInput.ts';
import { valuesOf } from './varOptions.ts';

export interface PreflightCommand {
  readonly json?: boolean;
  readonly var?: readonly string[];
  readonly rules?: readonly string[];
  readonly prometheus?: string;
  /** Also what is well. */
  readonly all?: boolean;
}

/** Exit status 1 where something that the runbook needs is not there. */
export async function runPreflight(file: string, options: PreflightCommand): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const report = await preflight(runbook, {
    env: process.env,
    values: valuesOf(options.var ?? []),
    ruleNames: options.rules ? (await loadRules(options.rules)).rules.map((rule) => rule.name) : [],
    alerts: { prometheusUrl: options.prometheus ?? '', alertmanagerUrl: '' },
    ...(process.stderr.isTTY && !options.json
      ? { onProgress: (doing: string) => void printError(`looking at ${doing}…\n`) }
      : {}),
  });
  if (options.json) await printJson(report);
  else await tell(runbook, report, options.all ?? false);
  return report.checks.some(({ state }) => state === 'problem') ? exitStatus.failed : exitStatus.done;
}

const marks: Record<CheckState, string> = { ok: '✔', note: '·', problem: '✘', unknown: '?' };

async function tell(runbook: Runbook, report: PreflightReport, all: boolean): Promise<void> {
  let area = '';
  for (const check of report.checks) {
    if (check.state === 'ok' && !all) continue;
    if (check.area !== area) {
      area = check.area;
      await print(`${area}\n`);
    }
    await print(`  ${marks[check.state]} ${check.what}: ${check.says}${placesOf(check)}\n`);
    if (check.mend && check.state !== 'ok') await print(`      ${check.mend}\n`);
  }
  for (const { cell, option, why } of report.blocked) {
    const heading = runbook.cells[cell]?.cell.headings.at(-1) ?? '';
    const what = option ? `“${option}”` : 'as it stands';
    await print(`cell ${cell} (${heading}), ${what}, can't work here: ${why.join('; ')}\n`);
  }
  await print(`${summaryOf(report)}\n`);
}

function placesOf({ where }: Check): string {
  const lines = [...new Set(where.map(({ line }) => line + 1))].sort((one, other) => one - other);
  if (lines.length === 0) return '';
  const shown = lines.slice(0, 4).join(', ');
  return `  (line ${shown}${lines.length > 4 ? `, and ${lines.length - 4} more` : ''})`;
}

function summaryOf({ checks, target, tookMs }: PreflightReport): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  const place = target ? ` on ${target.context}/${target.namespace}` : '';
  const parts = [
    `${count('ok')} well`,
    `${count('problem')} not`,
    `${count('note')} to know`,
    ...(count('unknown') > 0 ? [`${count('unknown')} not known`] : []),
  ];
  return `${parts.join(', ')}${place}, in ${formatDuration(tookMs)}`;
}
