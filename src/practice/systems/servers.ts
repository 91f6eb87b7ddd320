// Redis and PostgreSQL, whichever system has them: what their exporters tell of the state that `redis-cli` and `psql`
// read and change.

import {
  type Connection,
  connectionLimit,
  type RedisServer,
  redisMemory,
} from '../containers/databaseCommands.ts';
import type { ContainerView, Program, Sample } from '../containers/program.ts';
import { selectorMatches } from '../store/selectors.ts';
import { cycle, memoryLimit, waver } from './programTools.ts';

const mebi = 2 ** 20;
/** Of the container's limit, as `maxmemory` is set: the rest is for what Redis itself needs. */
const maxMemoryShare = 0.78;

/** The service that leads to the pod; undefined for a pod that nothing leads to. */
function serviceOf(view: ContainerView): string | undefined {
  const { namespace = '', labels } = view.pod.metadata;
  const found = view.cluster
    .list('/services', namespace)
    .find(({ spec }) => spec.selector && selectorMatches(spec.selector, labels, true));
  return found?.metadata.name;
}

function redisMetrics(view: ContainerView): Sample[] {
  const service = serviceOf(view);
  if (!service) return [];
  const server = view.cluster.facts.get(`redis ${view.pod.metadata.namespace}`) as RedisServer | undefined;
  const own = { service, job: 'redis-exporter', instance: `${view.pod.metadata.name}:9121` };
  const limit = memoryLimit(view);
  const limited = Number.isFinite(limit)
    ? [{ name: 'redis_memory_max_bytes', labels: own, value: limit * maxMemoryShare }]
    : [];
  return [{ name: 'redis_memory_used_bytes', labels: own, value: redisMemory(server) }, ...limited];
}

export const redisProgram: Program = {
  image: 'redis',
  startLog: () => ['* Ready to accept connections tcp (practice)'],
  logEveryMs: 120_000,
  logLine: cycle(['* 100 changes in 300 seconds. Saving...', '* Background saving terminated with success']),
  metrics: redisMetrics,
  usage: (view) => ({
    cpuCores: 0.03 * waver(view),
    memoryBytes:
      36 * mebi * waver(view, 0.03) +
      redisMemory(view.cluster.facts.get(`redis ${view.pod.metadata.namespace}`)),
  }),
};

interface ConnectionsFact {
  connections?: readonly Connection[];
  /** When the server started that they are connected to. */
  servedSince?: number;
}

function postgresMetrics(view: ContainerView): Sample[] {
  const service = serviceOf(view);
  if (!service) return [];
  const server = view.cluster.facts.get(`postgres ${view.pod.metadata.namespace}`) as
    | ConnectionsFact
    | undefined;
  if (server) {
    // A restart ends every connection; those that are needed come back.
    server.servedSince ??= view.startedAt;
    if (view.startedAt > server.servedSince) {
      server.connections = connections(view.cluster.now(), 6);
      server.servedSince = view.startedAt;
    }
  }
  const own = { service, job: 'postgres-exporter', instance: `${view.pod.metadata.name}:9187` };
  return [
    { name: 'pg_stat_activity_count', labels: own, value: server?.connections?.length ?? 0 },
    { name: 'pg_settings_max_connections', labels: own, value: connectionLimit },
  ];
}

export const postgresProgram: Program = {
  image: 'postgres',
  files: { '/var/lib/postgresql/PG_VERSION': '15\n' },
  startLog: () => [
    'LOG:  starting PostgreSQL 15.6 (practice)',
    'LOG:  database system is ready to accept connections',
  ],
  logEveryMs: 60_000,
  logLine: cycle(['LOG:  checkpoint starting: time', 'LOG:  checkpoint complete: wrote % buffers']),
  metrics: postgresMetrics,
  usage: (view) => ({ cpuCores: 0.08 * waver(view), memoryBytes: 180 * mebi * waver(view, 0.02) }),
};

/** Connections of a database: some at work, the rest idle for a while. */
export function connections(now: number, count: number): Connection[] {
  return Array.from({ length: count }, (_, index) => ({
    pid: 100 + index,
    state: index % 4 === 0 ? 'active' : 'idle',
    stateChangeMs: now - index * 90_000,
    application: 'practice',
  }));
}
