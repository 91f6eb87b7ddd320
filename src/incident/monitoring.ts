// Which Prometheus and Alertmanager an incident asks: configured addresses, or services of the pinned cluster.

import { AlertmanagerClient } from '../alerts/live/alertmanagerClient.ts';
import type { HttpAuth } from '../alerts/live/httpJson.ts';
import { PrometheusClient } from '../alerts/live/prometheusClient.ts';
import { clusterFetch } from './clusterFetch.ts';
import type { SessionTarget } from './sessionTarget.ts';

export interface MonitoringPlaces {
  /** Empty: the service `prometheus` of the pinned cluster, if there is one. */
  readonly prometheusUrl: string;
  /** Empty: the service `alertmanager` of the pinned cluster. */
  readonly alertmanagerUrl: string;
  /** For the configured address alone: a service of the cluster is asked with the cluster's own credentials. */
  readonly prometheusAuth?: HttpAuth | undefined;
  readonly alertmanagerAuth?: HttpAuth | undefined;
}

export const noPlaces: MonitoringPlaces = { prometheusUrl: '', alertmanagerUrl: '' };

export interface MonitoringSources {
  readonly prometheus?: PrometheusClient;
  readonly alertmanager?: AlertmanagerClient;
  /** As it is told to people. */
  readonly prometheusUrl: string;
}

const prometheusService = 'http://prometheus:9090';
const alertmanagerService = 'http://alertmanager:9093';

/** Without an address and without a cluster there is nothing to ask. */
export function monitoringSources(
  places: MonitoringPlaces,
  target: SessionTarget | undefined,
): MonitoringSources {
  const viaCluster = target ? { fetch: clusterFetch(target) } : undefined;
  const { prometheusUrl, alertmanagerUrl, prometheusAuth, alertmanagerAuth } = places;
  const prometheus = prometheusUrl
    ? new PrometheusClient({ url: prometheusUrl, ...(prometheusAuth ? { auth: prometheusAuth } : {}) })
    : viaCluster && new PrometheusClient({ url: prometheusService, ...viaCluster });
  const alertmanager = alertmanagerUrl
    ? new AlertmanagerClient({
        url: alertmanagerUrl,
        ...(alertmanagerAuth ? { auth: alertmanagerAuth } : {}),
      })
    : viaCluster && new AlertmanagerClient({ url: alertmanagerService, ...viaCluster });
  return {
    ...(prometheus ? { prometheus } : {}),
    ...(alertmanager ? { alertmanager } : {}),
    prometheusUrl: withoutCredentials(prometheusUrl || prometheusService),
  };
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}
