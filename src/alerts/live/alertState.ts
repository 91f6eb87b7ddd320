// The state of one alert from what the servers said: firing since, pending, silenced, inhibited, inactive, or unknown
// with the reason.

import { nameKey } from '../alertName.ts';
import type { AlertmanagerAlert, AlertmanagerSilence } from './alertmanagerClient.ts';
import type { AlertSnapshot } from './alertSnapshot.ts';
import type { Failure } from './outcome.ts';
import type { Labels, PrometheusRule } from './prometheusTypes.ts';

export interface AlertInstance {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'firing' | 'pending' | 'silenced' | 'inhibited';
  /** Firing: since it fires; pending: since its condition holds. */
  readonly sinceMs: number | null;
  readonly value: number | null;
  readonly silences: readonly AlertmanagerSilence[];
}

export interface AlertState {
  readonly name: string;
  readonly state: 'firing' | 'pending' | 'silenced' | 'inhibited' | 'inactive' | 'unknown';
  readonly sinceMs: number | null;
  /** Why the state is unknown, or what about it can't be told; null where all is known. */
  readonly reason: string | null;
  /** The worst first. */
  readonly instances: readonly AlertInstance[];
}

const order = ['firing', 'pending', 'inhibited', 'silenced'] as const;

/** `name` without regard to case or separators, as runbooks write it. */
export function alertState(name: string, snapshot: AlertSnapshot): AlertState {
  const isNamed = (labels: Labels): boolean => nameKey(labels.alertname ?? '') === nameKey(name);
  const rules = okOr(snapshot.rules, []).filter((rule) => nameKey(rule.name) === nameKey(name));
  const managed = okOr(snapshot.alerts, []).filter(({ labels }) => isNamed(labels));
  const instances = instancesOf(rules, managed, okOr(snapshot.silences, []));
  if (instances.length > 0) {
    const [state] = order.filter((one) => instances.some((instance) => instance.state === one));
    const own = instances.filter((instance) => instance.state === state);
    const times = own.flatMap(({ sinceMs }) => sinceMs ?? []);
    const sinceMs = times.length > 0 ? Math.min(...times) : null;
    return { name, state: state!, sinceMs, reason: doubt(snapshot, state!), instances };
  }
  const blind = blindness(name, snapshot, rules);
  return { name, state: blind ? 'unknown' : 'inactive', sinceMs: null, reason: blind, instances: [] };
}

/** Instances of all alerts, whatever their names: what an overview shows. */
export function allInstances(snapshot: AlertSnapshot): AlertInstance[] {
  return instancesOf(okOr(snapshot.rules, []), okOr(snapshot.alerts, []), okOr(snapshot.silences, []));
}

function instancesOf(
  rules: readonly PrometheusRule[],
  managed: readonly AlertmanagerAlert[],
  silences: readonly AlertmanagerSilence[],
): AlertInstance[] {
  const instances: AlertInstance[] = [];
  const seen = new Set<AlertmanagerAlert>();
  for (const rule of rules) {
    for (const alert of rule.alerts) {
      if (alert.state === 'pending') {
        instances.push({ ...alert, sinceMs: alert.activeAtMs, silences: [] });
        continue;
      }
      const known = managed.filter((one) => holdsLabels(one.labels, alert.labels));
      for (const one of known) seen.add(one);
      const first = known[0];
      const since = first?.startsAtMs ?? (alert.activeAtMs === null ? null : alert.activeAtMs + rule.forMs);
      instances.push({ ...alert, ...managedState(known, silences), sinceMs: since });
    }
  }
  // Alerts that another Prometheus sent.
  for (const alert of managed.filter((one) => !seen.has(one))) {
    const { labels, annotations, startsAtMs } = alert;
    instances.push({
      labels,
      annotations,
      sinceMs: startsAtMs,
      value: null,
      ...managedState([alert], silences),
    });
  }
  return instances.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/** Quiet only where each of the Alertmanager's alerts of this instance is. */
function managedState(
  known: readonly AlertmanagerAlert[],
  silences: readonly AlertmanagerSilence[],
): Pick<AlertInstance, 'state' | 'silences'> {
  const ids = new Set(known.flatMap(({ silencedBy }) => silencedBy));
  const own = silences.filter(({ id }) => ids.has(id));
  if (known.length === 0 || known.some(({ state }) => state !== 'suppressed'))
    return { state: 'firing', silences: [] };
  if (known.every(({ silencedBy }) => silencedBy.length > 0)) return { state: 'silenced', silences: own };
  return { state: 'inhibited', silences: own };
}

/** Prometheus adds its external labels on the way to the Alertmanager, so there are more there than here. */
function holdsLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** What is unsure though the alert was seen. */
function doubt({ alerts }: AlertSnapshot, state: AlertState['state']): string | null {
  if (state === 'firing' && alerts && !alerts.ok)
    return `whether it is silenced is unknown: ${alerts.message}`;
  return null;
}

/** Why an alert that nobody shows can't be called inactive. */
function blindness(name: string, snapshot: AlertSnapshot, rules: readonly PrometheusRule[]): string | null {
  const failed = [snapshot.rules, snapshot.alerts].filter((one): one is Failure => one !== null && !one.ok);
  if (!snapshot.rules && !snapshot.alerts) return 'no Prometheus and no Alertmanager is configured';
  if (snapshot.rules && !snapshot.rules.ok) return failed[0]!.message;
  if (snapshot.rules && rules.length === 0) return `Prometheus has no rule named ${name}`;
  const broken = rules.find(({ health, lastError }) => health === 'err' || lastError !== null);
  if (broken) return `its rule can't be evaluated: ${broken.lastError ?? broken.health}`;
  if (rules.length > 0 && rules.every(({ health }) => health === 'unknown'))
    return 'its rule was not evaluated yet';
  return snapshot.rules ? null : (failed[0]?.message ?? null);
}

function okOr<T>(outcome: { ok: true; value: T } | Failure | null, otherwise: T): T {
  return outcome?.ok ? outcome.value : otherwise;
}
