// The way back from a change, made before it happens: steps that the operator can run through the same guard. Where
// there is no way back, that is said.

import { stringify } from 'yaml';
import type { KubectlCall } from './kubectlArguments.ts';
import { at, type KubernetesObject, numberAt } from './kubernetesObject.ts';
import type { Preview, PreviewedObject } from './preview.ts';
import { shellWord } from './shellWord.ts';

export interface UndoStep {
  /** `deployment/web: 3 replicas again`. */
  readonly title: string;
  /** After `kubectl`. */
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** The same for a shell, standard input as a here-document. */
  readonly command: string;
}

export interface UndoPlan {
  /** In the order to run them. */
  readonly steps: readonly UndoStep[];
  /** What can't be brought back, and why. */
  readonly notes: readonly string[];
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const holdsData = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition',
]);

export function undoPlan(call: KubectlCall, preview: Preview): UndoPlan {
  const steps: UndoStep[] = [];
  const notes: string[] = [];
  if (call.verb === 'rollout' && call.subverb === 'restart') {
    return { steps, notes: ['a restart keeps the same definition: there is nothing to go back to'] };
  }
  if (preview.cannot && preview.objects.length === 0) {
    return { steps, notes: [`no way back is known: ${preview.cannot}`] };
  }
  for (const object of [...preview.objects].reverse()) {
    if (object.refused || object.action === 'none') continue;
    const made = undoOf(call, object);
    if (typeof made === 'string') notes.push(`${title(object)}: ${made}`);
    else steps.push(made);
  }
  return { steps, notes };
}

function title({ kind, name }: PreviewedObject): string {
  return `${kind.toLowerCase()}/${name}`;
}

function undoOf(call: KubectlCall, object: PreviewedObject): UndoStep | string {
  const { action, before, after } = object;
  if (action === 'create')
    return step(object, 'delete it again', ['delete', title(object), ...place(object)]);
  if (!before) return 'its state before is not known';
  if (action === 'delete') return recreate(object, before);
  if (call.verb === 'scale') {
    const replicas = numberAt(before, 'spec', 'replicas') ?? 1;
    const words = replicas === 1 ? '1 replica again' : `${replicas} replicas again`;
    return step(object, words, ['scale', title(object), ...place(object), `--replicas=${replicas}`]);
  }
  if (!after) return 'what it will be is not known, so the way back is neither';
  const revision = before.metadata.annotations?.[revisionAnnotation];
  if (before.kind === 'Deployment' && revision && onlyTemplateDiffers(before, after)) {
    const argv = ['rollout', 'undo', title(object), ...place(object), `--to-revision=${revision}`];
    return step(object, `back to revision ${revision}`, argv);
  }
  if (before.kind === 'Secret') return "its data is not kept, so it can't be put back";
  const patch = mergePatch(compared(after), compared(before));
  if (patch === undefined) return 'nothing of it changes';
  const argv = ['patch', title(object), ...place(object), '--type=merge', '-p', JSON.stringify(patch)];
  return step(object, 'put back what this changes', argv);
}

function recreate(object: PreviewedObject, before: KubernetesObject): UndoStep | string {
  const owner = before.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) return `${owner.kind.toLowerCase()}/${owner.name} makes a new one by itself`;
  if (before.kind === 'Secret') return 'its data is not kept: make it again from where it came';
  if (holdsData.has(before.kind)) return 'what it holds is gone: only a backup brings it back';
  const { status: _status, ...kept } = before as KubernetesObject & { status?: unknown };
  const metadata = Object.fromEntries(
    Object.entries(before.metadata).filter(([key]) =>
      ['name', 'namespace', 'labels', 'annotations'].includes(key),
    ),
  );
  const manifest = stringify({ ...kept, metadata }, { lineWidth: 0, aliasDuplicateObjects: false });
  return step(object, 'make it again as it was', ['create', ...place(object), '-f', '-'], manifest);
}

function place({ namespace }: PreviewedObject): string[] {
  return namespace ? ['-n', namespace] : [];
}

function step(object: PreviewedObject, what: string, argv: string[], stdin?: string): UndoStep {
  const line = ['kubectl', ...argv].map(shellWord).join(' ');
  const command =
    stdin === undefined ? line : `${line} <<'RUNBOOK_UNDO'\n${stdin.replace(/\n?$/, '\n')}RUNBOOK_UNDO`;
  return { title: `${title(object)}: ${what}`, argv, command, ...(stdin === undefined ? {} : { stdin }) };
}

/** What a patch may put back: not what the server writes by itself. */
function compared(object: KubernetesObject): Record<string, unknown> {
  const {
    apiVersion: _a,
    kind: _k,
    status: _s,
    metadata,
    ...body
  } = object as KubernetesObject & { status?: unknown };
  const annotations = { ...metadata.annotations };
  delete annotations[revisionAnnotation];
  return { metadata: { labels: metadata.labels ?? {}, annotations }, ...body };
}

function onlyTemplateDiffers(before: KubernetesObject, after: KubernetesObject): boolean {
  const without = (object: KubernetesObject): string => {
    const spec = { ...(at(object, 'spec') as object), template: undefined };
    return JSON.stringify({ ...compared(object), spec });
  };
  const template = (object: KubernetesObject): string => JSON.stringify(at(object, 'spec', 'template'));
  return without(before) === without(after) && template(before) !== template(after);
}

/** The JSON merge patch (RFC 7386) that makes `from` into `to`; undefined where they are equal. */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (!isFields(from) || !isFields(to)) return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (to[key] === undefined) {
      if (from[key] !== undefined) patch[key] = null;
      continue;
    }
    const change = from[key] === undefined ? to[key] : mergePatch(from[key], to[key]);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
