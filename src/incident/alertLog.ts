// What alerts did while people worked, written into the log: each change of state, and before and after every cell
// that changes something the state of its alerts with the value of their expression, so that a reviewer sees whether
// the step worked.

import { nameKey } from '../alerts/alertName.ts';
import { type AlertSnapshot, takeSnapshot } from '../alerts/live/alertSnapshot.ts';
import { type AlertState, alertState } from '../alerts/live/alertState.ts';
import { sampleOf } from '../alerts/promql/askQuery.ts';
import { topComparison } from '../alerts/promql/promqlScan.ts';
import { systemClock, toTimestamp } from '../base/clock.ts';
import type { AlertLook } from '../evidence/read/alertLook.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { MonitoringSources } from './monitoring.ts';

interface Looked {
  readonly state: AlertState;
  readonly severity: string | undefined;
  readonly atMs: number;
  readonly extra: Omit<AlertLook, 'run' | 'when'>;
}

const budgetMs = 3000;
const mostAlerts = 5;
const mostValues = 10;
const active = new Set(['firing', 'pending', 'silenced', 'inhibited']);

/** The states of these alerts and the values of their expressions, within three seconds. Never rejects. */
export async function lookAt(names: readonly string[], sources: MonitoringSources): Promise<Looked[]> {
  if (names.length === 0 || (!sources.prometheus && !sources.alertmanager)) return [];
  const signal = AbortSignal.timeout(budgetMs);
  const snapshot = await takeSnapshot(sources, systemClock, signal);
  return Promise.all(names.slice(0, mostAlerts).map((name) => looked(name, snapshot, sources, signal)));
}

async function looked(
  name: string,
  snapshot: AlertSnapshot,
  { prometheus }: MonitoringSources,
  signal: AbortSignal,
): Promise<Looked> {
  const state = alertState(name, snapshot);
  const rules = snapshot.rules?.ok ? snapshot.rules.value : [];
  const rule = rules.find((one) => nameKey(one.name) === nameKey(name));
  const severity = state.instances[0]?.labels.severity ?? rule?.labels.severity;
  const about = { state, severity, atMs: snapshot.atMs };
  const reason = state.reason ? { reason: state.reason } : {};
  if (!rule || !prometheus) return { ...about, extra: reason };
  const told = topComparison(rule.query);
  const expression = told?.left ?? rule.query;
  const threshold = told ? { threshold: `${told.comparison} ${told.value}` } : {};
  const answer = await prometheus.query(expression, { signal });
  if (!answer.ok) return { ...about, extra: { expression, ...threshold, reason: answer.message } };
  const values = answer.value.series
    .slice(0, mostValues)
    .map(({ labels, points }) => ({ labels, value: sampleOf(points.at(-1)?.[1]) }));
  return { ...about, extra: { expression, ...threshold, values, ...reason } };
}

export class AlertLog {
  readonly #writer: EvidenceWriter;
  /** The state that was last written, by the alert's key. */
  readonly #last = new Map<string, string>();

  constructor(writer: EvidenceWriter) {
    this.#writer = writer;
  }

  /** What was seen at the intent or the end of a run. Rejects only where evidence can't be written. */
  async around(run: string, when: AlertLook['when'], looks: readonly Looked[]): Promise<void> {
    for (const { state, severity, atMs, extra } of looks) {
      await this.#append(state, severity, atMs, { run, when, ...extra });
    }
  }

  /** The last word on an alert, whatever was written before: `resolved` where somebody knows that it was active. */
  async end(looks: readonly Looked[], wasActive: boolean): Promise<void> {
    for (const { state, severity, atMs, extra } of looks) {
      if (wasActive) this.#last.set(nameKey(state.name), 'firing');
      await this.#append(state, severity, atMs, Object.keys(extra).length > 0 ? extra : undefined);
    }
  }

  /** Writes the states that changed since they were last written; the first one of an alert that is inactive is none. */
  async note(names: readonly string[], snapshot: AlertSnapshot): Promise<void> {
    for (const name of names) {
      const state = alertState(name, snapshot);
      const before = this.#last.get(nameKey(name));
      if (before === state.state || (before === undefined && !active.has(state.state))) continue;
      await this.#append(state, state.instances[0]?.labels.severity, snapshot.atMs);
    }
  }

  async #append(
    { name, state, reason, instances }: AlertState,
    severity: string | undefined,
    atMs: number,
    look?: Looked['extra'] | AlertLook,
  ): Promise<void> {
    const key = nameKey(name);
    const before = this.#last.get(key);
    this.#last.set(key, state);
    const [first] = instances;
    // What was active and is no longer has resolved; what nobody saw active is only inactive.
    const word = state === 'inactive' && before !== undefined && active.has(before) ? 'resolved' : state;
    const extra = look ?? (reason ? { reason } : undefined);
    await this.#writer.append({
      type: 'alert.state',
      alert: name,
      state: word,
      at: toTimestamp(atMs),
      ...(severity ? { severity } : {}),
      ...(first ? { labels: { ...first.labels } } : {}),
      ...(extra ? { extra: { ...extra } } : {}),
    });
  }
}
