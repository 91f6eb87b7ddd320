// What a runbook wants to be seen before its incident is over, and what stays to be done after it.

import type { ObjectName } from '../cluster/cluster.ts';
import type { Incident as ReadIncident } from '../evidence/read/readIncident.ts';
import { checklistOf, ticksOf } from './checklist.ts';
import { glassLine, type HandoverState, handoverState, promiseLine } from './handoverState.ts';
import { lastRunsOf, runsOf } from './recordedRuns.ts';
import type { Runbook } from './runbook.ts';
import type { SessionTarget } from './sessionTarget.ts';

export interface ClosingCheck {
  readonly text: string;
  /** null where only a person can tell. */
  readonly met: boolean | null;
  /** Why it counts as met or not. */
  readonly why: string;
}

export interface Closing {
  readonly checks: readonly ClosingCheck[];
  /** What is open when the incident ends, a line each: the follow-ups. */
  readonly followUps: readonly string[];
}

const asked =
  /success criteria|acceptance|validat|verif|confirm|post-?incident|resolution|recovery check|close|sign-?off|exit criteria/i;
const rolledOut = new Set(['deployment', 'statefulset', 'daemonset']);
const rolloutMs = 4000;

/** @param target of the session, for the rollouts of what was changed; undefined without a cluster. */
export async function closingOf(
  runbook: Runbook | undefined,
  incident: ReadIncident,
  target: SessionTarget | undefined,
): Promise<Closing> {
  const state = handoverState(incident);
  const checks = [
    ...(runbook ? ofRunbook(runbook, incident) : []),
    ...state.alerts.map(
      ({ alert, state: word }): ClosingCheck => ({
        text: `Alert ${alert} does not fire`,
        met: word === 'unknown' ? null : word !== 'firing' && word !== 'pending',
        why: `it was ${word} when it was last seen`,
      }),
    ),
    ...(await rollouts(incident, target)),
  ];
  return { checks, followUps: followUpsOf(checks, state) };
}

/** Boxes, and cells, of the sections whose heading asks for a check. */
function ofRunbook(runbook: Runbook, incident: ReadIncident): ClosingCheck[] {
  const isAsked = (headings: readonly string[]): boolean => asked.test(headings.at(-1) ?? '');
  const ticks = ticksOf(incident);
  const boxes = checklistOf(runbook)
    .filter(({ headings, byHand }) => isAsked(headings) && !byHand)
    .map((item): ClosingCheck => {
      const told = ticks.get(item.key);
      const met = told?.done ?? item.ticked;
      return {
        text: item.text,
        met,
        why: met ? `ticked${told ? ` by ${told.by}` : ' in the runbook'}` : 'not ticked',
      };
    });
  const last = lastRunsOf(runsOf(incident), runbook.name, runbook.cells);
  const cells = runbook.cells
    .filter(({ cell }) => cell.kind === 'code' && cell.executable && isAsked(cell.headings))
    .map((cell): ClosingCheck => {
      const run = last.get(cell);
      const why = !run ? 'not run' : run.result?.ok ? `done by ${run.by}` : 'its last run failed';
      return { text: `The cell under “${cell.cell.headings.at(-1)}”`, met: run?.result?.ok ?? false, why };
    });
  return [...boxes, ...cells];
}

/** Of every workload that was changed. */
async function rollouts(
  { events }: ReadIncident,
  target: SessionTarget | undefined,
): Promise<ClosingCheck[]> {
  const changed = new Map<string, ObjectName>();
  for (const { event } of events) {
    if (event.type !== 'object.after' || event.absent) continue;
    const { kind, name, namespace } = event.object;
    const resource = kind.toLowerCase();
    if (!rolledOut.has(resource)) continue;
    changed.set(`${resource}/${name} ${namespace}`, { resource, name, ...(namespace ? { namespace } : {}) });
  }
  return Promise.all(
    [...changed.values()].slice(0, 20).map(async (object): Promise<ClosingCheck> => {
      const text = `Rollout of ${object.resource}/${object.name}${object.namespace ? ` in ${object.namespace}` : ''}`;
      if (!target) return { text, met: null, why: 'no cluster is pinned to ask' };
      try {
        const progress = await target.cluster.rollout(object, { signal: AbortSignal.timeout(rolloutMs) });
        return { text, met: progress.done, why: progress.message };
      } catch (error) {
        return { text, met: null, why: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function followUpsOf(checks: readonly ClosingCheck[], state: HandoverState): string[] {
  const open = checks.filter(({ met }) => met !== true).map(({ text, why }) => `Check: ${text} (${why})`);
  const reverts = state.reverts.map(({ object }) => `Put back or keep on purpose: ${object}`);
  const running = state.running.map(({ what }) => `Still without a result: ${what.split('\n', 1)[0]}`);
  const questions = state.questions.map(({ text }) => `Never answered: ${text}`);
  return [
    ...open,
    ...state.promised.map(promiseLine),
    ...state.glasses.map(glassLine),
    ...reverts,
    ...running,
    ...questions,
  ];
}
