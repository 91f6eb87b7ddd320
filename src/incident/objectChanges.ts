// The objects that a kubectl call changes, as they were and as they are after it: read again once the call has
// ended, so that what the evidence shows is what the cluster said, not what the call promised.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../cluster/apiTransport.ts';
import { parseKubectl } from '../cluster/kubectlArguments.ts';
import type { KubernetesObject } from '../cluster/kubernetesObject.ts';
import type { PreviewedObject } from '../cluster/preview.ts';
import { readableText } from '../cluster/readableObject.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import { callInput } from './beforeChange.ts';
import { targetFields } from './gatekeeper.ts';
import type { SessionTarget } from './sessionTarget.ts';

/** A kubectl call at the gate. */
export interface ChangingCall {
  readonly id: string;
  /** Without the tool's name. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly cellId?: string | null;
}

interface Watched {
  readonly ref: ObjectRef;
  /** undefined where it was not there. */
  readonly text: string | undefined;
}

interface ObjectRef {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const beforeBudgetMs = 2000;
const afterBudgetMs = 3000;
/** Of one call: a call that touches more is told by its manifest and its output. */
const mostObjects = 20;

export class ObjectChanges {
  readonly #target: SessionTarget;
  readonly #writer: EvidenceWriter;
  readonly #watched = new Map<string, readonly Watched[]>();
  readonly #pending = new Set<Promise<void>>();

  constructor({ target, writer }: { readonly target: SessionTarget; readonly writer: EvidenceWriter }) {
    this.#target = target;
    this.#writer = writer;
  }

  /** Writes what the call will touch, before it does; `inputs` as the gate has put them aside. Never throws for the cluster's sake; at most two seconds. */
  async before(call: ChangingCall, inputs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const preview = await this.#target.cluster
      .preview(call.args, callInput({ cwd: call.cwd, inputs }), {
        budgetMs: beforeBudgetMs,
        maxObjects: mostObjects,
      })
      .catch(() => undefined);
    if (!preview?.changes) return;
    const watched: Watched[] = [];
    for (const object of preview.objects.slice(0, mostObjects)) {
      // Not there, or not asked in time: only the first may be told as absent.
      if (!object.before && object.action !== 'create') continue;
      const text = object.before && this.#readable(object.before);
      const ref = refOf(object);
      watched.push({ ref, text });
      await this.#write('object.before', call, ref, object.before?.metadata.uid, text);
    }
    if (watched.length === 0) watched.push(...(await this.#made(call)));
    if (watched.length > 0) this.#watched.set(call.id, watched);
  }

  /** What `create` and `run` make by name, which no dry run shows. */
  async #made(call: ChangingCall): Promise<Watched[]> {
    const { verb, subverb, positionals, flags } = parseKubectl(call.args);
    const kind = verb === 'run' ? 'Pod' : verb === 'create' && !flags.has('filename') ? subverb : undefined;
    const name = positionals.at(-1);
    if (!kind || !name) return [];
    const namespace = flags.get('namespace')?.at(-1);
    const state = await this.#target.cluster
      .objectNow({ resource: kind, name, ...(namespace ? { namespace } : {}) }, { timeoutMs: beforeBudgetMs })
      .catch(() => null);
    if (state === null) return [];
    const text = state && this.#readable(state.object);
    const ref = { kind: state?.object.kind ?? kind, ...(namespace ? { namespace } : {}), name };
    await this.#write('object.before', call, ref, state?.object.metadata.uid, text);
    return [{ ref, text }];
  }

  /** The call has ended: reads its objects again, and writes those that are other than before. */
  after(call: ChangingCall): void {
    const watched = this.#watched.get(call.id);
    this.#watched.delete(call.id);
    if (!watched) return;
    const reading = this.#after(call, watched)
      .catch(() => {})
      .finally(() => this.#pending.delete(reading));
    this.#pending.add(reading);
  }

  /** Until what is being read again is written; at most three seconds. */
  async settled(): Promise<void> {
    if (this.#pending.size === 0) return;
    await Promise.race([Promise.all(this.#pending), sleep(afterBudgetMs, undefined, { ref: false })]);
  }

  async #after(call: ChangingCall, watched: readonly Watched[]): Promise<void> {
    const options: CallOptions = { timeoutMs: afterBudgetMs };
    await Promise.all(
      watched.map(async ({ ref, text }) => {
        const resource = ref.apiVersion?.includes('/')
          ? `${ref.kind}.${ref.apiVersion.split('/')[0]}`
          : ref.kind;
        const now = await this.#target.cluster.objectNow({ ...ref, resource }, options);
        const fresh = now && this.#readable(now.object);
        if (fresh !== text) await this.#write('object.after', call, ref, now?.object.metadata.uid, fresh);
      }),
    );
  }

  async #write(
    type: 'object.before' | 'object.after',
    { id, cellId }: ChangingCall,
    ref: ObjectRef,
    uid: string | undefined,
    text: string | undefined,
  ): Promise<void> {
    const state = text === undefined ? { absent: true } : { blob: (await this.#writer.putText(text)).blob };
    await this.#writer.append({
      type,
      call: id,
      ...(cellId ? { run: cellId } : {}),
      object: { ...ref, ...(uid ? { uid } : {}) },
      target: targetFields(this.#target.pin),
      ...state,
    });
  }

  /** What a Secret holds is known from here on, and cut wherever it turns up. */
  #readable(object: KubernetesObject): string {
    if (object.kind === 'Secret') {
      const { data, stringData } = object as { data?: object; stringData?: object };
      this.#writer.redactor.learnSecretData({ ...data, ...stringData } as Record<string, unknown>);
    }
    return readableText(object);
  }
}

function refOf({ kind, namespace, name, before, after }: PreviewedObject): ObjectRef {
  const apiVersion = (before ?? after)?.apiVersion;
  return { ...(apiVersion ? { apiVersion } : {}), kind, ...(namespace ? { namespace } : {}), name };
}
