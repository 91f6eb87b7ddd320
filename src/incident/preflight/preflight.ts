// Whether a runbook would work here, told before anybody needs it: tools, files, values, cluster, permissions, alerts.
// Changes nothing: programs are asked for version and help, the cluster is only read, and reviewed for what is allowed.

import { toError } from '../../base/runbookError.ts';
import { filesBeside } from '../../lint/filesBeside.ts';
import { lintDocument } from '../../lint/lintDocument.ts';
import { toolsOnPath } from '../../lint/toolsOnPath.ts';
import { AlertFeed } from '../alertFeed.ts';
import { liveNames } from '../liveNames.ts';
import type { MonitoringPlaces } from '../monitoring.ts';
import { folderOf, type Runbook } from '../runbook.ts';
import { SessionTarget, type TargetChoice } from '../sessionTarget.ts';
import { dotEnv, fileVariables, incidentVariableNames } from '../sessionVariables.ts';
import { shellParser } from '../shellTools.ts';
import { checkAlerts } from './checkAlerts.ts';
import { checkCluster } from './checkCluster.ts';
import { checkFiles } from './checkFiles.ts';
import { checkTools } from './checkTools.ts';
import { checkValues } from './checkValues.ts';
import { type Needs, needsOf } from './neededCalls.ts';
import { blockedBy, type Check, checkAreas, type PreflightReport } from './preflightReport.ts';

export interface PreflightOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The runbook's own settings otherwise. */
  readonly target?: TargetChoice;
  /** Values that will be given, by the placeholder's name. */
  readonly values?: ReadonlyMap<string, string>;
  /** Where alerts are asked; the pinned cluster's own Prometheus otherwise. */
  readonly alerts?: MonitoringPlaces;
  /** Names of alerting rules from files. */
  readonly ruleNames?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told as each area begins. */
  readonly onProgress?: (doing: string) => void;
}

const clusterBudgetMs = 20_000;
const alertsBudgetMs = 8000;

/** @throws RunbookError for a runbook without a file, and the signal's reason where it was cancelled. */
export async function preflight(runbook: Runbook, options: PreflightOptions): Promise<PreflightReport> {
  const startedAt = performance.now();
  const folder = folderOf(runbook);
  const { settings } = runbook.document;
  const env = { ...options.env, ...fileVariables({ ...(await dotEnv(folder)), ...settings.env }).taken };
  const tell = options.onProgress ?? (() => {});
  const { signal } = options;
  const set = Object.keys(env).filter((name) => env[name] !== undefined);
  const needs = needsOf(runbook, await shellParser(), new Set([...set, ...incidentVariableNames]));
  tell('tools and files');
  const checks: Check[] = [
    ...(await checkTools(needs, { cwd: folder, env, signal })),
    ...(await outdatedCalls(runbook, needs)),
    ...(await checkFiles(needs, folder)),
  ];
  signal?.throwIfAborted();
  tell('the cluster and what it allows');
  const { target, failure } = await pinned(env, options.target ?? settings);
  const feed = AlertFeed.of(options.alerts ?? { prometheusUrl: '', alertmanagerUrl: '' }, target);
  try {
    const budgetMs = clusterBudgetMs;
    checks.push(...(await checkCluster(needs.calls, { target, failure, folder, budgetMs, signal })));
    signal?.throwIfAborted();
    tell('values');
    const values = options.values ?? new Map();
    checks.push(
      ...(await checkValues(needs, { values, sources: target ? [liveNames(target)] : [], signal })),
    );
    tell('alerts');
    const ruleNames = options.ruleNames ?? [];
    checks.push(...(await checkAlerts(runbook, needs, { feed, ruleNames, budgetMs: alertsBudgetMs })));
    signal?.throwIfAborted();
  } finally {
    feed?.dispose();
    await target?.dispose();
  }
  return {
    runbook: runbook.name,
    sha256: runbook.sha256,
    ...(target ? { target: placeOf(target) } : {}),
    checks: checks.sort((one, other) => checkAreas.indexOf(one.area) - checkAreas.indexOf(other.area)),
    blocked: blockedBy(checks),
    tookMs: Math.round(performance.now() - startedAt),
  };
}

const placeOf = ({ pin }: SessionTarget): NonNullable<PreflightReport['target']> => ({
  context: pin.context,
  server: pin.server,
  namespace: pin.namespace,
});

async function pinned(
  env: Readonly<Record<string, string | undefined>>,
  choice: TargetChoice,
): Promise<{ target?: SessionTarget | undefined; failure?: string }> {
  try {
    return { target: await SessionTarget.pin(env, choice) };
  } catch (error) {
    return { failure: toError(error).message };
  }
}

/** Errors of lint that no version of the tool takes back: removed kinds and endpoints, addresses that curl refuses. */
const neverWorks = new Set(['kubectl-removed', 'removed-api-version', 'alertmanager-v1', 'curl-glob']);

async function outdatedCalls(runbook: Runbook, needs: Needs): Promise<Check[]> {
  const problems = await lintDocument(runbook.document, {
    fileName: runbook.name,
    parser: await shellParser(),
    files: filesBeside(runbook.path),
    tools: toolsOnPath(),
  });
  return problems
    .filter(({ code, severity }) => neverWorks.has(code) && severity === 'error')
    .map(({ message, range, fix }): Check => {
      const [what = '', ...rest] = message.split(/(?<=`) /);
      return {
        area: 'tools',
        what: what.replaceAll('`', ''),
        state: 'problem',
        says: rest.join(' ').replaceAll('`', ''),
        where: [needs.whereOfLine(range.line)],
        stops: true,
        ...(fix ? { mend: fix.title } : {}),
      };
    });
}
