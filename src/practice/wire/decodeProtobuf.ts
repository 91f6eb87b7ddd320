// Request bodies in Kubernetes' protobuf: kubectl's `create` commands, evictions and reviews send it unasked.
// Decoded into the same JSON that the API takes. Envelope: `k8s\0` and a runtime.Unknown.
// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding

import { type FieldType, type FieldTypes, loadFieldTypes } from '../patch/fieldTypes.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import { protobufFields } from './protobufTable.ts';

/** Fields whose message is part of its parent in JSON, with the message's name in the table. */
const inlined: Readonly<Record<string, string>> = {
  volumeSource: 'VolumeSource',
  ephemeralContainerCommon: 'EphemeralContainerCommon',
  ingressRuleValue: 'IngressRuleValue',
  handler: 'ProbeHandler',
  localObjectReference: 'V1LocalObjectReference',
};

interface RawField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

function* fieldsOf(bytes: Buffer): Generator<RawField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw ApiError.badRequest('the protobuf body ends early');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wire = tag & 7;
    if (wire === 0) yield { number, value: varint() };
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    }
  }
}

function rawOf(bytes: Buffer): Map<number, bigint | Buffer> {
  return new Map([...fieldsOf(bytes)].map(({ number, value }) => [number, value]));
}

const text = (value: bigint | Buffer | undefined): string =>
  value instanceof Buffer ? value.toString() : '';
const integer = (value: bigint | Buffer | undefined): number =>
  typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0;

/** The object of an enveloped body. Throws 415 for a kind that isn't in the table. */
export async function decodeProtobuf(body: Buffer): Promise<Json> {
  if (body.toString('latin1', 0, 4) !== 'k8s\0')
    throw ApiError.badRequest('the body is no Kubernetes protobuf');
  const envelope = rawOf(body.subarray(4));
  const meta = rawOf((envelope.get(1) as Buffer) ?? Buffer.alloc(0));
  const apiVersion = text(meta.get(1));
  const kind = text(meta.get(2));
  const version = apiVersion.split('/').pop()!;
  const model =
    kind === 'DeleteOptions' ? 'V1DeleteOptions' : `${version[0]!.toUpperCase()}${version.slice(1)}${kind}`;
  const known = kind === 'TokenRequest' ? 'AuthenticationV1TokenRequest' : model;
  if (!protobufFields.has(known))
    throw ApiError.unsupportedMediaType(['application/json', 'application/yaml']);
  const raw = envelope.get(2);
  const object = raw instanceof Buffer ? decodeMessage(raw, known, known, await loadFieldTypes()) : {};
  return { apiVersion, kind, ...object };
}

/** `model` gives the fields' types, `message` their numbers: they differ for an inlined message. */
function decodeMessage(bytes: Buffer, message: string, model: string, types: FieldTypes): Json {
  const numbers = protobufFields.get(message);
  const fields = types.of(model);
  const result: Json = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const name = numbers?.get(number);
    if (!name) continue;
    const inner = inlined[name];
    if (inner && !fields?.has(name)) {
      const innerModel = inner.startsWith('V1') ? inner : model;
      Object.assign(result, decodeMessage(value as Buffer, inner, innerModel, types));
      continue;
    }
    const field = fields?.get(name);
    if (!field) continue;
    if (field.shape === 'list') {
      result[name] ??= [];
      result[name].push(decodeValue(value, field, types));
    } else if (field.shape === 'map') {
      const entry = rawOf(value as Buffer);
      result[name] ??= {};
      result[name][text(entry.get(1))] = decodeValue(entry.get(2) ?? Buffer.alloc(0), field, types);
    } else result[name] = decodeValue(value, field, types);
  }
  return pruned(result, fields !== undefined);
}

function decodeValue(value: bigint | Buffer, field: FieldType, types: FieldTypes): Json {
  if (types.of(field.type)) return decodeMessage(value as Buffer, field.type, field.type, types);
  if (field.type === 'boolean') return value === 1n;
  if (field.type === 'number') return integer(value);
  if (field.type === 'Date' || field.type === 'V1MicroTime') {
    const time = rawOf(value as Buffer);
    const seconds = integer(time.get(1));
    return time.size === 0 ? null : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  }
  if (field.type === 'IntOrString') {
    const choice = rawOf(value as Buffer);
    return integer(choice.get(1)) === 1 ? text(choice.get(3)) : integer(choice.get(2));
  }
  const bytes = value as Buffer;
  if (field.format === 'byte') return bytes.toString('base64');
  return isQuantity(bytes, field) ? text(rawOf(bytes).get(1)) : bytes.toString();
}

/** A Quantity is a message of one string; client-node has it as a plain string in maps of resources. */
function isQuantity(bytes: Buffer, field: FieldType): boolean {
  const looks = bytes.length > 2 && bytes[0] === 0x0a && bytes[1] === bytes.length - 2;
  return looks && (field.shape === 'map' || field.format === 'quantity' || field.format === '');
}

const zeroOmitted = new Set(
  'generation minReadySeconds nodePort hostPort stdin stdinOnce tty hostNetwork hostPID hostIPC readOnly paused publishNotReadyAddresses initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold'.split(
    ' ',
  ),
);

/** Go sends every plain field, the empty ones too: JSON omits those. */
function pruned(object: Json, omit: boolean): Json {
  if (!omit) return object;
  const kept = Object.entries<Json>(object).filter(
    ([key, value]) => value !== '' && value !== null && !(zeroOmitted.has(key) && !value),
  );
  return Object.fromEntries(kept);
}
