// The alerts that the runbook says it answers: whether a rule of that name exists, and its state now.

import type { AlertSnapshot } from '../../alerts/live/alertSnapshot.ts';
import { alertState } from '../../alerts/live/alertState.ts';
import { formatDuration } from '../../base/duration.ts';
import type { AlertFeed } from '../alertFeed.ts';
import type { Runbook } from '../runbook.ts';
import type { Needs } from './neededCalls.ts';
import type { Check } from './preflightReport.ts';

/** What the author wrote out as an alert's name; a title or a file's name may be any words. */
const writtenOut = new Set(['front-matter', 'label', 'alert-heading', 'rule-fence', 'table']);

export interface AlertsPlace {
  readonly feed: AlertFeed | undefined;
  /** Names of rules from files, where some were given. */
  readonly ruleNames: readonly string[];
  readonly budgetMs: number;
}

export async function checkAlerts(runbook: Runbook, needs: Needs, place: AlertsPlace): Promise<Check[]> {
  const named = new Map<string, number | undefined>();
  for (const { name, via, line } of runbook.declarations.alerts)
    if (writtenOut.has(via) && !named.has(name)) named.set(name, line);
  if (named.size === 0) return [];
  const snapshot = await firstAnswer(place);
  return [...named].map(([name, line]): Check => {
    const where = line === undefined ? [] : [needs.whereOfLine(line)];
    return { area: 'alerts', what: name, where, ...judge(name, snapshot, place.ruleNames) };
  });
}

function judge(
  name: string,
  snapshot: AlertSnapshot | undefined,
  ruleNames: readonly string[],
): Pick<Check, 'state' | 'says' | 'mend'> {
  const inFiles = ruleNames.includes(name);
  if (!snapshot) {
    if (inFiles) return { state: 'ok', says: 'has a rule in the files' };
    if (ruleNames.length > 0) return { state: 'problem', says: 'no rule of the files has this name' };
    return {
      state: 'unknown',
      says: 'no Prometheus to ask',
      mend: 'Name one in the settings, or rule files with --rules.',
    };
  }
  const { state, sinceMs, reason } = alertState(name, snapshot);
  if (state === 'unknown') {
    const noRule = /has no rule named/.test(reason ?? '');
    if (inFiles) return { state: noRule ? 'note' : 'ok', says: `has a rule in the files; ${reason}` };
    if (ruleNames.length > 0)
      return { state: 'problem', says: `no rule of the files has this name; ${reason}` };
    return { state: noRule ? 'problem' : 'unknown', says: reason ?? 'its state is not known' };
  }
  const since = sinceMs === null ? '' : ` for ${formatDuration(snapshot.atMs - sinceMs)}`;
  return { state: 'ok', says: `has a rule; ${state}${since} now` };
}

function firstAnswer({ feed, budgetMs }: AlertsPlace): Promise<AlertSnapshot | undefined> {
  if (!feed) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), budgetMs);
    const listening = feed.onAnswer((snapshot) => {
      clearTimeout(timer);
      listening.dispose();
      resolve(snapshot);
    });
    feed.start();
  });
}
