// Pods in one plain table: phase, readiness, restarts and how each container last ended.

import { at, type KubernetesObject, listAt, numberAt, textAt } from './kubernetesObject.ts';

export function podSummary(pods: readonly KubernetesObject[]): string {
  const lines = pods.flatMap((pod) => {
    const { name, namespace } = pod.metadata;
    const phase = textAt(pod, 'status', 'phase') ?? 'Unknown';
    const node = textAt(pod, 'spec', 'nodeName') ?? 'no node';
    const head = `${namespace}/${name}  ${phase}  on ${node}${pod.metadata.deletionTimestamp ? '  terminating' : ''}`;
    const conditions = listAt(pod, 'status', 'conditions')
      .filter((condition) => textAt(condition, 'status') !== 'True')
      .map((condition) => {
        const message = textAt(condition, 'message');
        return `    not ${textAt(condition, 'type')}: ${textAt(condition, 'reason') ?? ''}${message ? ` (${message})` : ''}`;
      });
    const statuses = [
      ...listAt(pod, 'status', 'initContainerStatuses'),
      ...listAt(pod, 'status', 'containerStatuses'),
    ];
    return [head, ...conditions, ...statuses.map(containerLine)];
  });
  return lines.length ? `${lines.join('\n')}\n` : '';
}

function containerLine(status: unknown): string {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const parts = [`    ${textAt(status, 'name')}: ${stateText(at(status, 'state'))}`, `restarts ${restarts}`];
  const last = at(status, 'lastState');
  if (last && Object.keys(last).length > 0) parts.push(`before that ${stateText(last)}`);
  return parts.join(', ');
}

function stateText(state: unknown): string {
  const ended = at(state, 'terminated');
  if (ended) {
    const when = textAt(ended, 'finishedAt');
    return `${textAt(ended, 'reason') ?? 'ended'} (exit ${numberAt(ended, 'exitCode') ?? '?'}${when ? `, ${when}` : ''})`;
  }
  const waiting = at(state, 'waiting');
  if (waiting) return `waiting, ${textAt(waiting, 'reason') ?? ''}`;
  const running = at(state, 'running');
  return running ? `running since ${textAt(running, 'startedAt') ?? '?'}` : 'unknown';
}
