// An object as a person compares it: without what the server keeps for itself, without status noise, Secrets without
// their data. The text is YAML with its keys in one order, so that two of them make a short diff.

import { createHmac, randomBytes } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { KubernetesObject } from './kubernetesObject.ts';

const serverMetadata = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const noisyAnnotations = new Set([lastApplied, 'deployment.kubernetes.io/revision']);

export interface ReadableOptions {
  /** Keep the status, without its times: for "describe"; diffs are of what was asked for, so it is off. */
  readonly status?: boolean;
}

/** A copy without noise. Secret values become their size and a short digest keyed by `salt`, so that a change shows. */
export function readableObject(
  object: KubernetesObject,
  options: ReadableOptions = {},
  salt = processSalt,
): Record<string, unknown> {
  const { apiVersion, kind, metadata, status, ...body } = structuredClone(object) as KubernetesObject & {
    status?: unknown;
  };
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (!serverMetadata.includes(key) && value !== undefined) kept[key] = value;
  }
  if (metadata.annotations) {
    const annotations = Object.entries(metadata.annotations).filter(([name]) => !noisyAnnotations.has(name));
    if (annotations.length > 0) kept.annotations = Object.fromEntries(annotations);
    else delete kept.annotations;
  }
  if (kind === 'Secret') redactSecret(body, salt);
  const readable = { metadata: kept, ...body, ...(options.status && status !== undefined ? { status } : {}) };
  return { apiVersion, kind, ...(inOrder(readable) as Record<string, unknown>) };
}

/** Keys in one order, `name` first: a patch that writes them in another one makes no difference. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
  const out: Record<string, unknown> = {};
  for (const key of keys) {
    const inner = (value as Record<string, unknown>)[key];
    // Go writes an unset time of a pod template as null.
    if (key !== 'creationTimestamp' || inner !== null) out[key] = inOrder(inner);
  }
  return out;
}

const first = ['metadata', 'name', 'namespace'];
function rank(key: string): number {
  const index = first.indexOf(key);
  return index < 0 ? first.length : index;
}

/** Of this process only: nobody can try values against what was written. */
const processSalt = randomBytes(32);

function redactSecret(body: Record<string, unknown>, salt: Uint8Array): void {
  for (const field of ['data', 'stringData']) {
    const data = body[field];
    if (typeof data !== 'object' || data === null) continue;
    body[field] = Object.fromEntries(
      Object.entries(data).map(([key, value]) => {
        const bytes = Buffer.from(String(value), field === 'data' ? 'base64' : 'utf8');
        const mark = createHmac('sha256', salt).update(bytes).digest('hex').slice(0, 8);
        return [key, `(redacted, ${bytes.byteLength} bytes, ${mark})`];
      }),
    );
  }
}

export function readableText(object: KubernetesObject | undefined, options?: ReadableOptions): string {
  if (!object) return '';
  return stringify(readableObject(object, options), { lineWidth: 0, aliasDuplicateObjects: false });
}

export interface ObjectDiff {
  /** Unified, with three lines of context; empty where nothing changes. */
  readonly text: string;
  readonly added: number;
  readonly removed: number;
}

/** `undefined` before: it is created; after: it is deleted. */
export function diffObjects(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
  title: string,
): ObjectDiff {
  return diffTexts(readableText(before), readableText(after), title);
}

function diffTexts(before: string, after: string, title: string): ObjectDiff {
  if (before === after) return { text: '', added: 0, removed: 0 };
  const patch = createTwoFilesPatch(title, title, before, after, 'before', 'after', { context: 3 });
  const lines = patch.split('\n').filter((line) => !/^(={10,}|Index: .*)$/.test(line));
  const body = lines.slice(lines.findIndex((line) => line.startsWith('@@')));
  return {
    text: lines.join('\n'),
    added: body.filter((line) => line.startsWith('+')).length,
    removed: body.filter((line) => line.startsWith('-')).length,
  };
}
