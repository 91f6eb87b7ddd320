// The revisions of a workload, from its ReplicaSets or ControllerRevisions, and the patch that leads back to one.

import type { CallContext } from './chosenObjects.ts';
import { at, type KubernetesObject, numberAt, selectorText } from './kubernetesObject.ts';
import type { PatchOfOne } from './plannedChange.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

export interface Revision {
  readonly number: number;
  readonly source: KubernetesObject;
}

/** Ascending; the last is the running one. */
async function revisionsOf(workload: KubernetesObject, context: CallContext): Promise<Revision[]> {
  const deployment = workload.kind === 'Deployment';
  const kind = await context.kinds.ofWord(deployment ? 'replicasets' : 'controllerrevisions');
  const selector = selectorText(at(workload, 'spec', 'selector'));
  const list = await context.store.list(kind, workload.metadata.namespace, { ...context.options, selector });
  return list.items
    .filter((one) => (one.metadata.ownerReferences ?? []).some(({ uid }) => uid === workload.metadata.uid))
    .map((source) => ({
      number: deployment
        ? Number(source.metadata.annotations?.[revisionAnnotation] ?? 0)
        : (numberAt(source, 'revision') ?? 0),
      source,
    }))
    .sort((one, other) => one.number - other.number);
}

/** 0 is the one before the running one. A string says why kubectl would refuse. */
export async function revisionPatch(
  workload: KubernetesObject,
  revision: number,
  context: CallContext,
): Promise<PatchOfOne | string> {
  if (at(workload, 'spec', 'paused') === true) {
    return `${workload.metadata.name} is paused: kubectl undoes no rollout before it is resumed`;
  }
  const revisions = await revisionsOf(workload, context);
  const chosen = revision === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === revision);
  if (!chosen) {
    return revision === 0
      ? `${workload.metadata.name} has no revision before the running one`
      : `${workload.metadata.name} has no revision ${revision}`;
  }
  if (workload.kind !== 'Deployment') return { type: 'strategic', body: chosen.source.data };
  const template = structuredClone(at(chosen.source, 'spec', 'template')) as {
    metadata?: { labels?: object };
  };
  delete (template.metadata?.labels as Record<string, string> | undefined)?.['pod-template-hash'];
  return { type: 'json', body: [{ op: 'replace', path: '/spec/template', value: template }] };
}
