// What both servers said at one moment.

import type { Clock } from '../../base/clock.ts';
import type { AlertmanagerAlert, AlertmanagerClient, AlertmanagerSilence } from './alertmanagerClient.ts';
import type { Outcome } from './outcome.ts';
import type { PrometheusClient } from './prometheusClient.ts';
import type { PrometheusRule } from './prometheusTypes.ts';

export interface AlertSources {
  readonly prometheus?: PrometheusClient;
  readonly alertmanager?: AlertmanagerClient;
}

export interface AlertSnapshot {
  readonly atMs: number;
  /** Null where none is configured. Rules carry their alerts. */
  readonly rules: Outcome<readonly PrometheusRule[]> | null;
  readonly alerts: Outcome<readonly AlertmanagerAlert[]> | null;
  readonly silences: Outcome<readonly AlertmanagerSilence[]> | null;
}

/** Asks all at once; a server that fails leaves the others' answers standing. Never rejects. */
export async function takeSnapshot(
  sources: AlertSources,
  clock: Clock,
  signal?: AbortSignal,
): Promise<AlertSnapshot> {
  const { prometheus, alertmanager } = sources;
  const [rules, alerts, silences] = await Promise.all([
    prometheus?.rules(signal) ?? null,
    alertmanager?.alerts(signal) ?? null,
    alertmanager?.silences(signal) ?? null,
  ]);
  return { atMs: clock.now(), rules, alerts, silences };
}

/** Did anything fail? Then the next poll may wait longer. */
export function isHealthy({ rules, alerts, silences }: AlertSnapshot): boolean {
  return [rules, alerts, silences].every((outcome) => outcome === null || outcome.ok);
}
