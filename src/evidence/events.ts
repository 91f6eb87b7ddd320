// Every event that a log can hold. The table is the schema: types, the writer's check and the verifier's check
// come from it. docs/evidence-format.md says the same in words; change both, and the version, together.

import {
  anyJson,
  count,
  type Fields,
  flag,
  integer,
  list,
  matching,
  type ObjectOf,
  object,
  oneOf,
  optional,
  shape,
  text,
} from './format/shape.ts';

const sha256 = matching(/^[0-9a-f]{64}$/, '64 hex digits');
const milliseconds = shape<number>('a number', (value) => typeof value === 'number');
const root = matching(/^[A-Za-z0-9+/]{43}=$/, 'base64 of 32 bytes');
export const timestamp = matching(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  'RFC 3339 in UTC with milliseconds',
);
/** Open for what a caller wants to keep beside the fields that are defined. */
const extra = optional(anyJson);

const actor = object({
  user: text,
  host: text,
  /** Names of the machine's user elsewhere, as each of them says. */
  cluster: optional(text),
  git: optional(text),
  groups: optional(list(text)),
});
const tool = object({ name: text, version: text, platform: optional(text) });
/** Another writer's log as this one saw it: makes a later rewrite of that log visible. */
const seen = list(object({ writer: text, size: count, root }));
const cell = object({
  index: optional(count),
  id: optional(text),
  headings: optional(list(text)),
  language: optional(text),
  lines: optional(list(count)),
});
const target = object({
  context: optional(text),
  server: optional(text),
  namespace: optional(text),
  production: optional(flag),
  /** Who the cluster said that the session is there. */
  user: optional(text),
});
/** What was cut: its kind and, under the machine's key, a commitment to it. */
const cut = object({ kind: text, commitment: text, at: optional(count) });
const cuts = optional(list(cut));
const blob = object({ sha256, bytes: count });
const objectRef = object({
  apiVersion: optional(text),
  kind: text,
  namespace: optional(text),
  name: text,
  uid: optional(text),
});

const openingFields = {
  incident: text,
  writer: text,
  /** The writer's verifier key, as C2SP signed notes spell it. */
  key: text,
  actor,
  tool,
  seen,
  title: optional(text),
  severity: optional(text),
  alert: optional(text),
  extra,
} as const;

/** Fields beside `v`, `seq`, `time`, `type`, `prev` and `cuts`, by type. */
export const eventTable = {
  'incident.opened': openingFields,
  'incident.joined': {
    ...openingFields,
    reason: oneOf('join', 'reopen', 'fallback', 'addendum', 'pack', 'keeping'),
    fallback: optional(object({ writer: text, folder: text, error: text })),
  },
  'incident.closed': { summary: optional(text), seen, extra },
  'incident.reopened': { reason: text, extra },
  'runbook.opened': {
    runbook: text,
    blob: optional(blob),
    title: optional(text),
    git: optional(anyJson),
    extra,
  },
  'runbook.amended': { runbook: text, blob: optional(blob), diff: optional(text), extra },
  'cell.intent': {
    run: text,
    runbook: optional(text),
    cell,
    source: text,
    /** What the shell got, where that is not the source. */
    resolved: optional(text),
    risk: text,
    commands: optional(anyJson),
    target: optional(target),
    cwd: optional(text),
    decision: optional(anyJson),
    severity: optional(text),
    alerts: optional(list(text)),
    by: optional(text),
    extra,
  },
  'cell.question': {
    question: text,
    run: optional(text),
    kind: text,
    text,
    shows: optional(anyJson),
    extra,
  },
  'cell.answer': { question: text, run: optional(text), answer: text, by: optional(text), extra },
  'cell.choice': { run: optional(text), cell, step: optional(text), option: text, by: optional(text), extra },
  'cell.skip': { cell, runbook: optional(text), reason: text, by: optional(text), extra },
  approval: {
    request: text,
    decision: oneOf(
      'requested',
      'approved',
      'refused',
      'expired',
      'break-glass',
      'countersigned',
      'unapproved',
    ),
    run: optional(text),
    by: optional(text),
    /** What exactly was approved. */
    covers: optional(anyJson),
    reason: optional(text),
    signature: optional(anyJson),
    extra,
  },
  'gate.call': {
    call: text,
    run: optional(text),
    argv: list(text),
    risk: text,
    decision: text,
    reason: optional(text),
    target: optional(target),
    line: optional(count),
    extra,
  },
  'gate.result': {
    call: text,
    run: optional(text),
    exitCode: optional(integer),
    durationMs: optional(milliseconds),
    extra,
  },
  'http.call': {
    run: optional(text),
    method: text,
    url: text,
    decision: text,
    status: optional(count),
    durationMs: optional(milliseconds),
    extra,
  },
  capture: {
    capture: text,
    run: optional(text),
    about: text,
    argv: optional(list(text)),
    blob: optional(blob),
    ok: flag,
    extra,
  },
  'object.before': {
    run: optional(text),
    call: optional(text),
    object: objectRef,
    target: optional(target),
    blob: optional(blob),
    absent: optional(flag),
    extra,
  },
  'object.after': {
    run: optional(text),
    call: optional(text),
    object: objectRef,
    target: optional(target),
    blob: optional(blob),
    absent: optional(flag),
    extra,
  },
  /** `[stream, milliseconds since the run's start, bytes]` a chunk, stream 0 stdout and 1 stderr. */
  'output.frames': { run: text, first: count, frames: list(list(count)) },
  'output.blob': {
    run: text,
    stream: oneOf('stdout', 'stderr'),
    blob,
    /** False where the stream was cut off by a crash or a change of folder. */
    whole: flag,
    /** 0 where it is the only piece; a stream that changed folder has more. */
    part: count,
    cutCount: count,
    extra,
  },
  artifact: {
    run: optional(text),
    path: text,
    bytes: count,
    /** Why only size and commitment are kept, where no blob is. */
    kept: oneOf('copied', 'too large', 'binary', 'dump', 'unreadable'),
    blob: optional(blob),
    commitment: optional(text),
    via: optional(text),
    extra,
  },
  'cell.result': {
    run: text,
    ok: flag,
    exitCode: optional(integer),
    signal: optional(text),
    interrupted: optional(flag),
    timedOut: optional(flag),
    sessionEnded: optional(flag),
    refused: optional(flag),
    durationMs: milliseconds,
    commands: optional(anyJson),
    notes: optional(list(text)),
    cwd: optional(text),
    extra,
  },
  'alert.state': {
    alert: text,
    state: text,
    at: optional(timestamp),
    severity: optional(text),
    labels: optional(anyJson),
    source: optional(text),
    extra,
  },
  note: { text, by: optional(text), run: optional(text), about: optional(text), extra },
  handover: { from: text, to: text, text, open: optional(list(text)), extra },
  checkpoint: { reason: text, seen },
  addendum: {
    title: text,
    text: optional(text),
    files: list(object({ name: text, blob })),
    by: optional(text),
    extra,
  },
  'pack.made': { name: text, by: optional(text), extra },
  /** A writer that died, made whole by the next one on its machine. */
  'writer.recovered': {
    writer: text,
    /** Bytes after the last line feed, which no reader takes for an event. */
    torn: optional(blob),
    /** Runs with an intent and no result. */
    interrupted: list(text),
    output: list(object({ run: text, stream: oneOf('stdout', 'stderr'), blob })),
    sealed: flag,
    extra,
  },
  'clock.jumped': { byMs: integer },
  'incident.held': { on: flag, reason: text, by: optional(text), extra },
  'incident.archived': { to: text, by: optional(text), extra },
  'incident.pruned': {
    pruned: text,
    title: optional(text),
    closed: optional(timestamp),
    writers: list(object({ writer: text, size: count, root, key: text })),
    reason: text,
    by: optional(text),
    extra,
  },
  'blob.erased': { sha256, bytes: count, reason: text, by: optional(text), extra },
} as const satisfies Record<string, Fields>;

export type EventType = keyof typeof eventTable;
type FieldsOf = typeof eventTable;

/** What a caller hands to `append`. */
export type EventInput = { [T in EventType]: { readonly type: T } & ObjectOf<FieldsOf[T]> }[EventType];
export type Actor = NonNullable<(typeof actor)['type']>;
export type Tool = NonNullable<(typeof tool)['type']>;
export type Seen = NonNullable<(typeof seen)['type']>;
export type Cut = NonNullable<(typeof cut)['type']>;
export type BlobRef = NonNullable<(typeof blob)['type']>;

/** As it stands in a log. */
export type EvidenceEvent = EventInput & {
  readonly v: 1;
  /** Line of the writer's log, from 0: the leaf's index in its tree. */
  readonly seq: number;
  readonly time: string;
  /** Base64 of the leaf hash of the line before; absent on the first. */
  readonly prev?: string;
  /** What was cut out of this event's own texts. */
  readonly cuts?: readonly Cut[];
};
export type EventOf<T extends EventType> = Extract<EvidenceEvent, { type: T }>;

const frame = {
  v: shape<1>('1', (value) => value === 1),
  seq: count,
  time: timestamp,
  type: text,
  prev: optional(root),
  cuts,
} as const;
const shapes = new Map(
  Object.entries(eventTable).map(([type, fields]) => [type, object({ ...frame, ...(fields as Fields) })]),
);

/** What is wrong with an event, or undefined. Fails on a version or a type that is not known. */
export function checkEvent(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return 'it is no object';
  const { v, type } = event as { v?: unknown; type?: unknown };
  if (v !== 1) return `version ${JSON.stringify(v)} is not known`;
  const known = typeof type === 'string' ? shapes.get(type) : undefined;
  return known ? known.check(event, 'event') : `type ${JSON.stringify(type)} is not known`;
}
