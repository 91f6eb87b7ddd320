// A container's log over HTTP: tail, since, previous, timestamps, limits, and following.

import type { ServerResponse } from 'node:http';
import type { ContainerRun, LogLine } from '../containers/containerRun.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import { ApiError } from '../store/apiError.ts';
import type { KubeObject } from '../store/kubeObject.ts';

const followEveryMs = 250;

/** The container that a request names; the only one without a name. Throws 400 as the API server does. */
export function containerFor(kubelet: Kubelet, pod: KubeObject, name: string | null): ContainerRun {
  const names: string[] = [
    ...(pod.spec.initContainers ?? []),
    ...pod.spec.containers,
    ...(pod.spec.ephemeralContainers ?? []),
  ].map((one: { name: string }) => one.name);
  if (!name && pod.spec.containers.length > 1)
    throw ApiError.badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  const wanted = name || pod.spec.containers[0].name;
  if (!names.includes(wanted))
    throw ApiError.badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  const run = kubelet.containerOf(pod.metadata.uid, wanted);
  if (!run)
    throw ApiError.badRequest(
      `container "${wanted}" in pod "${pod.metadata.name}" is waiting to start: ContainerCreating`,
    );
  return run;
}

export function serveLog(
  kubelet: Kubelet,
  pod: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const run = containerFor(kubelet, pod, query.get('container'));
  const isTrue = (key: string): boolean => query.get(key) === 'true';
  if (isTrue('previous') && (!run.ended || run.restarts === 0))
    throw ApiError.badRequest(
      `previous terminated container "${run.spec.name}" in pod "${pod.metadata.name}" not found`,
    );
  if (run.phase.is === 'waiting' && !run.ended)
    throw ApiError.badRequest(
      `container "${run.spec.name}" in pod "${pod.metadata.name}" is waiting to start: ${run.phase.reason === 'ErrImagePull' || run.phase.reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : run.phase.reason}`,
    );
  let lines: readonly LogLine[] = isTrue('previous') ? run.ended!.log : run.log();
  const since = query.get('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const from = since ? run.cluster.now() - Number(since) * 1000 : sinceTime ? Date.parse(sinceTime) : 0;
  lines = lines.filter((line) => line.atMs >= from);
  const tail = query.get('tailLines');
  if (tail !== null) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  const toText = (some: readonly LogLine[]): string =>
    some
      .map(({ atMs, text }) => `${isTrue('timestamps') ? `${new Date(atMs).toISOString()} ` : ''}${text}\n`)
      .join('');
  let text = toText(lines);
  const limit = Number(query.get('limitBytes') ?? 0);
  if (limit > 0) text = text.slice(0, limit);
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  if (!isTrue('follow') || run.phase.is !== 'running') {
    response.end(text);
    return;
  }
  response.write(text);
  response.flushHeaders();
  const { startedAt } = run;
  let seen = run.cluster.now();
  let seenAtNow = run.log().filter((line) => line.atMs === seen).length;
  const timer = setInterval(() => {
    const all = run.log();
    const after = all.filter((line) => line.atMs > seen);
    const same = all.filter((line) => line.atMs === seen).slice(seenAtNow);
    const fresh = [...same, ...after];
    if (fresh.length > 0) response.write(toText(fresh));
    if (after.length > 0) seen = after.at(-1)!.atMs;
    seenAtNow = all.filter((line) => line.atMs === seen).length;
    const gone = !kubelet.containerOf(pod.metadata.uid, run.spec.name);
    if (run.phase.is !== 'running' || run.startedAt !== startedAt || gone) response.end();
  }, followEveryMs);
  response.once('close', () => clearInterval(timer));
}
