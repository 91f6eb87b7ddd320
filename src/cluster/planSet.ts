// Previews of set image, set env and set resources, and of label and annotate: patches built as kubectl builds them.

import { type CallContext, type ChosenObject, chooseObjects } from './chosenObjects.ts';
import { flag, isOn, type KubectlCall, listFlag } from './kubectlArguments.ts';
import { at, type KubernetesObject, listAt, textAt } from './kubernetesObject.ts';
import { type PatchOfOne, type Plan, patchEach } from './plannedChange.ts';

/** Where the pod's own spec lies in a kind. */
function podSpecPath(kind: string): string[] {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return ['spec', 'template', 'spec'];
}

type Container = Record<string, unknown> & { name: string };
type ContainerPatch = (container: Container) => Omit<Container, 'name'> | undefined;

/** Splits `deployment/web app=v2` at the first change. */
function splitWords(words: readonly string[]): { refs: string[]; changes: string[] } {
  const isChange = (word: string): boolean => word.includes('=') || (word.endsWith('-') && word.length > 1);
  const first = words.findIndex(isChange);
  if (first < 0) return { refs: [...words], changes: [] };
  return { refs: words.slice(0, first), changes: words.slice(first) };
}

export async function planSet(call: KubectlCall, context: CallContext): Promise<Plan> {
  const { refs, changes } = splitWords(call.positionals);
  const { objects, notes } = await chooseObjects(call, context, refs);
  switch (call.subverb) {
    case 'image': {
      const images = new Map(changes.map(splitChange));
      return { changes: patchEach(context, objects, (live) => imagePatch(live, images)), notes };
    }
    case 'env': {
      const edits = await envEdits(call, context, changes);
      const chosen = globOf(flag(call, 'container') ?? '*');
      const patch: ContainerPatch = (container) => envPatch(container, edits, chosen);
      return { changes: patchEach(context, objects, (live) => containerPatch(live, patch, false)), notes };
    }
    case 'resources': {
      const limits = quantities(call, 'limits');
      const requests = quantities(call, 'requests');
      const chosen = globOf(flag(call, 'container') ?? '*');
      const patch: ContainerPatch = ({ name }) =>
        chosen.test(name)
          ? { resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) } }
          : undefined;
      return { changes: patchEach(context, objects, (live) => containerPatch(live, patch, false)), notes };
    }
    default:
      return { changes: [], notes, cannot: `set ${call.subverb ?? ''} is not previewed` };
  }
}

function splitChange(change: string): [string, string | undefined] {
  const equals = change.indexOf('=');
  return equals < 0
    ? [change.replace(/-$/, ''), undefined]
    : [change.slice(0, equals), change.slice(equals + 1)];
}

function globOf(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);
}

function containerPatch(live: KubernetesObject, patch: ContainerPatch, init: boolean): PatchOfOne | string {
  const path = podSpecPath(live.kind);
  const lists: Record<string, unknown[]> = {};
  for (const list of init ? ['initContainers', 'containers'] : ['containers']) {
    const patched = (listAt(live, ...path, list) as Container[]).flatMap((container) => {
      const change = patch(container);
      return change ? [{ name: container.name, ...change }] : [];
    });
    if (patched.length > 0) lists[list] = patched;
  }
  if (Object.keys(lists).length === 0) return `${live.metadata.name} has no container of that name`;
  const body = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), lists);
  return { type: 'strategic', body };
}

function imagePatch(
  live: KubernetesObject,
  images: ReadonlyMap<string, string | undefined>,
): PatchOfOne | string {
  const path = podSpecPath(live.kind);
  const names = [...listAt(live, ...path, 'initContainers'), ...listAt(live, ...path, 'containers')].map(
    (one) => textAt(one, 'name'),
  );
  const unknown = [...images.keys()].find((name) => name !== '*' && !names.includes(name));
  if (unknown !== undefined) return `${live.metadata.name} has no container "${unknown}"`;
  return containerPatch(
    live,
    ({ name }) => {
      const image = images.get(name) ?? images.get('*');
      return image === undefined ? undefined : { image };
    },
    true,
  );
}

interface EnvEdit {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
  readonly remove?: boolean;
}

async function envEdits(
  call: KubectlCall,
  context: CallContext,
  changes: readonly string[],
): Promise<EnvEdit[]> {
  const given = [...changes, ...(call.flags.get('env') ?? [])].map((change): EnvEdit => {
    const [name, value] = splitChange(change);
    return value === undefined ? { name, remove: true } : { name, value };
  });
  const from = flag(call, 'from');
  if (!from) return given;
  const [resource = '', source = ''] = from.split('/');
  const kind = await context.kinds.ofWord(resource, context.options);
  const object = await context.store.get(
    kind,
    flag(call, 'namespace') ?? context.namespace,
    source,
    context.options,
  );
  const wanted = listFlag(call, 'keys');
  const ref = kind.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
  const named = Object.keys((object.data ?? {}) as object)
    .sort()
    .filter((key) => wanted.length === 0 || wanted.includes(key))
    .map((key): EnvEdit => {
      const name = (flag(call, 'prefix') ?? '') + key.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
      return { name, valueFrom: { [ref]: { name: source, key } } };
    });
  return [...given, ...named];
}

function envPatch(
  container: Container,
  edits: readonly EnvEdit[],
  chosen: RegExp,
): Record<string, unknown> | undefined {
  if (!chosen.test(container.name)) return undefined;
  const present = new Map(listAt(container, 'env').map((one) => [textAt(one, 'name') ?? '', one]));
  const env = edits.flatMap(({ name, value, valueFrom, remove }): unknown[] => {
    if (remove) return present.has(name) ? [{ name, $patch: 'delete' }] : [];
    // A variable has a value or a source: the other one has to go.
    if (valueFrom) {
      return [{ name, valueFrom, ...(at(present.get(name), 'value') === undefined ? {} : { value: null }) }];
    }
    return [
      { name, value, ...(at(present.get(name), 'valueFrom') === undefined ? {} : { valueFrom: null }) },
    ];
  });
  const removed = new Set(edits.filter(({ remove }) => remove).map(({ name }) => name));
  const names = new Set(
    [...present.keys(), ...edits.map(({ name }) => name)].filter((name) => !removed.has(name)),
  );
  // New ones come last, as kubectl writes them; without this the server would put them first.
  return { env, '$setElementOrder/env': [...names].map((name) => ({ name })) };
}

function quantities(call: KubectlCall, name: string): Record<string, string> | undefined {
  const pairs = listFlag(call, name).map(splitChange);
  return pairs.length ? Object.fromEntries(pairs.map(([key, value]) => [key, value ?? ''])) : undefined;
}

/** label and annotate. */
export async function planMetadata(call: KubectlCall, context: CallContext): Promise<Plan> {
  const field = call.verb === 'label' ? 'labels' : 'annotations';
  const { refs, changes } = splitWords(call.positionals);
  const { objects, notes } = await chooseObjects(call, context, refs);
  const edits = changes.map(splitChange);
  const overwrite = isOn(call, 'overwrite');
  const patchOf = (live: KubernetesObject, _object: ChosenObject): PatchOfOne | string => {
    const present = live.metadata[field] ?? {};
    const clash = edits.find(([key, value]) => value !== undefined && (present[key] ?? value) !== value);
    if (clash && !overwrite) {
      return `${live.metadata.name} has ${clash[0]}=${present[clash[0]]} already: kubectl wants --overwrite`;
    }
    const values = Object.fromEntries(edits.map(([key, value]) => [key, value ?? null]));
    return { type: 'merge', body: { metadata: { [field]: values } } };
  };
  return { changes: patchEach(context, objects, patchOf), notes };
}
