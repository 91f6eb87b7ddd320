// Where the command line asks alerts and queries: its options and the environment. Credentials come from the
// environment alone, since arguments are seen by every process of the machine.

import type { HttpAuth } from '../alerts/live/httpJson.ts';
import type { MonitoringPlaces } from '../incident/monitoring.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Without an address the services `prometheus` and `alertmanager` of the pinned cluster are asked. */
export function monitoringPlaces(env: Env, prometheus?: string, alertmanager?: string): MonitoringPlaces {
  return {
    prometheusUrl: prometheus ?? env.RUNBOOK_PROMETHEUS_URL ?? '',
    alertmanagerUrl: alertmanager ?? env.RUNBOOK_ALERTMANAGER_URL ?? '',
    prometheusAuth: authOf(env, 'RUNBOOK_PROMETHEUS'),
    alertmanagerAuth: authOf(env, 'RUNBOOK_ALERTMANAGER'),
  };
}

/** `…_TOKEN` for a bearer token, or `…_USER` and `…_PASSWORD`. */
function authOf(env: Env, prefix: string): HttpAuth | undefined {
  const token = env[`${prefix}_TOKEN`];
  if (token) return { kind: 'bearer', token };
  const user = env[`${prefix}_USER`];
  return user ? { kind: 'basic', user, password: env[`${prefix}_PASSWORD`] ?? '' } : undefined;
}
