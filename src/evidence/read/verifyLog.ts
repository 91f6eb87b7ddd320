// One writer's log: every line strictly, its chain, and its own checkpoint. Trusts nothing it reads.

import { checkEvent, type EvidenceEvent } from '../events.ts';
import { canonicalJson } from '../format/canonicalJson.ts';
import { type Checkpoint, originOf, parseCheckpoint } from '../format/checkpoint.ts';
import { fingerprint } from '../format/keys.ts';
import { checkpointName, logName } from '../format/layout.ts';
import { GrowingTree, leafHash } from '../format/merkle.ts';
import { openNote, parseVerifierKey, type VerifierKey } from '../format/signedNote.ts';
import { readLines } from './readLines.ts';
import { readSmall, type Source } from './source.ts';
import type { Findings, VerifiedWriter } from './verification.ts';

/** Where an event points at a blob. */
export interface BlobUse {
  readonly sha256: string;
  readonly bytes: number;
  readonly writer: string;
  readonly seq: number;
}

export interface Claim {
  readonly by: string;
  readonly seq: number;
  readonly writer: string;
  readonly size: number;
  readonly root: string;
}

export interface VerifiedLog extends VerifiedWriter {
  readonly verifierKey: VerifierKey | undefined;
  readonly uses: readonly BlobUse[];
  readonly erased: ReadonlyMap<string, string>;
  readonly seen: readonly Claim[];
  readonly opened: boolean;
  readonly continues: string | undefined;
  readonly closed: boolean;
  /** The log itself has no problem. */
  readonly sound: boolean;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const maxUses = 2_000_000;

export async function verifyLog(source: Source, writer: string, findings: Findings): Promise<VerifiedLog> {
  const before = findings.problems.length;
  const base = `writers/${writer}`;
  const problem = (code: string, seq: number, message: string): void =>
    findings.problem(code, message, writer, seq);
  const noteBytes = await readSmall(source, `${base}/${checkpointName}`, 64 * 1024);
  const note = noteBytes && decode(noteBytes);
  const claimed =
    note === undefined ? undefined : parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));

  const tree = new GrowingTree();
  const uses: BlobUse[] = [];
  const erased = new Map<string, string>();
  const seen: Claim[] = [];
  let key: VerifierKey | undefined;
  let opened = false;
  let continues: string | undefined;
  let closed = false;
  let packed = false;
  let last: Buffer | undefined;
  let rootThere: Buffer | undefined;
  let typeThere = '';
  let brokenChain = -1;
  let stopped = false;

  for await (const line of source.files.get(`${base}/${logName}`)?.plain
    ? readLines(source.read(`${base}/${logName}`))
    : []) {
    const seq = line.index;
    const hash = leafHash(line.bytes);
    const event = readEvent(line, seq, problem);
    if (!event) {
      stopped = true;
      break;
    }
    // The line after a broken link tells which of the two was changed.
    if (brokenChain >= 0) {
      const second = event.prev === last!.toString('base64');
      chainProblem(brokenChain, second ? 'first' : 'second');
      stopped = true;
      break;
    }
    if (event.prev !== last?.toString('base64')) brokenChain = seq;
    if (brokenChain < 0 && closed && event.type !== 'checkpoint') {
      problem('after-close', seq, `Event ${seq} comes after this writer closed the incident.`);
    }
    if (seq === 0) {
      if (event.type !== 'incident.opened' && event.type !== 'incident.joined') {
        problem('no-opening', 0, 'The log does not begin with the opening or joining of an incident.');
        stopped = true;
        break;
      }
      if (event.incident !== source.incident || event.writer !== writer) {
        problem(
          'other-log',
          0,
          `The log is that of writer "${event.writer}" of incident "${event.incident}", not of this place.`,
        );
      }
      key = parseVerifierKey(event.key);
      if (!key || key.name !== originOf(event.incident, event.writer)) {
        problem('bad-key', 0, 'Event 0 does not name a usable key of this writer.');
        key = undefined;
      }
      opened = event.type === 'incident.opened';
      if (event.type === 'incident.joined' && event.fallback) continues = event.fallback.folder;
    } else if (event.type === 'incident.opened' || event.type === 'incident.joined') {
      problem('second-opening', seq, `Event ${seq} opens the log a second time.`);
    }
    if (event.type === 'incident.closed') closed = true;
    if (event.type === 'pack.made') packed = true;
    if (event.type === 'blob.erased') erased.set(event.sha256, event.reason);
    if ('seen' in event) for (const one of event.seen) seen.push({ by: writer, seq, ...one });
    if (uses.length < maxUses) collectUses(event, writer, uses);
    last = hash;
    tree.append(hash);
    if (claimed?.size === tree.size) {
      rootThere = tree.root();
      typeThere = event.type;
    }
  }
  if (!stopped && brokenChain >= 0) chainProblem(brokenChain, 'either');

  function chainProblem(at: number, which: 'first' | 'second' | 'either'): void {
    const wrong = which === 'second' ? at : at - 1;
    if (at === 0) problem('chain', 0, 'Event 0 names an event before it: the beginning of the log is gone.');
    else if (which === 'either')
      problem('chain', wrong, `Event ${at - 1} was changed, or what event ${at} says of it.`);
    else problem('chain', wrong, `Event ${wrong} was changed after it was written.`);
  }

  const sound = findings.problems.length === before;
  const sealed = sound ? checkNote() : 0;
  return {
    writer,
    key: key ? keyText(key) : '',
    fingerprint: key ? fingerprint(key.publicKey) : '',
    events: tree.size,
    sealed,
    packed,
    verifierKey: key,
    uses,
    erased,
    seen,
    opened,
    continues,
    closed,
    sound: findings.problems.length === before,
  };

  function checkNote(): number {
    if (tree.size === 0 && !noteBytes && !source.files.has(`${base}/${checkpointName}`)) {
      findings.doubt(`The writer ${writer} has no events.`);
      return 0;
    }
    if (tree.size === 0) {
      problem('cut-tail', 0, 'The log holds no events and has a checkpoint: it was emptied.');
      return 0;
    }
    const checkpoint = readNote(note, claimed, key, source.incident, writer, problem);
    if (!checkpoint) return 0;
    if (checkpoint.size > tree.size) {
      problem(
        'cut-tail',
        tree.size,
        `The checkpoint covers ${checkpoint.size} events and the log holds ${tree.size}: from event ${tree.size} on it was cut off.`,
      );
      return 0;
    }
    if (!rootThere?.equals(checkpoint.root)) {
      const lastSeq = Math.max(0, checkpoint.size - 1);
      problem(
        'root',
        lastSeq,
        `The ${checkpoint.size} events chain but are not those that were signed: event ${lastSeq} was changed, or the log was written anew.`,
      );
      return 0;
    }
    if (typeThere !== 'checkpoint')
      problem(
        'checkpoint',
        checkpoint.size - 1,
        `The checkpoint covers ${checkpoint.size} events, and the last of them is no checkpoint event.`,
      );
    const open = tree.size - checkpoint.size;
    if (open > 0)
      findings.doubt(
        `${open} event(s) of ${writer}, from ${checkpoint.size} on, are not sealed yet: anybody who can write the log could have changed them.`,
      );
    return checkpoint.size;
  }
}

function readNote(
  note: string | undefined,
  claimed: Checkpoint | undefined,
  key: VerifierKey | undefined,
  incident: string,
  writer: string,
  problem: (code: string, seq: number, message: string) => void,
): Checkpoint | undefined {
  if (note === undefined) {
    problem('checkpoint', -1, 'The checkpoint is missing or can not be read.');
    return undefined;
  }
  if (!key) return undefined;
  const opened = openNote(note, [key]);
  if (!opened.ok) {
    problem('checkpoint', -1, `The checkpoint is not valid: ${opened.reason}.`);
    return undefined;
  }
  // What was signed, not what was claimed; they are the same text or the note is no checkpoint.
  if (
    !claimed ||
    opened.text !== note.slice(0, note.lastIndexOf('\n\n') + 1) ||
    claimed.origin !== originOf(incident, writer)
  ) {
    problem('checkpoint', -1, 'The checkpoint is signed and is none of this log.');
    return undefined;
  }
  if (note.split('\n').length !== 6) {
    problem('checkpoint', -1, 'The checkpoint holds more than one signature.');
    return undefined;
  }
  return claimed;
}

function readEvent(
  line: { readonly bytes: Buffer; readonly ended: boolean; readonly tooLong?: boolean },
  seq: number,
  problem: (code: string, seq: number, message: string) => void,
): EvidenceEvent | undefined {
  const wrong = (code: string, what: string): undefined =>
    problem(code, seq, `Event ${seq} ${what}.`) as undefined;
  if (line.tooLong) return wrong('line-too-long', 'is longer than a line may be');
  if (!line.ended) return wrong('torn-line', 'does not end in a line feed');
  const text = decode(line.bytes);
  if (text === undefined) return wrong('not-utf8', 'is not UTF-8');
  let event: unknown;
  try {
    event = JSON.parse(text);
    if (canonicalJson(event) !== text) return wrong('not-canonical', 'is not canonical JSON');
  } catch {
    return wrong('not-json', 'is not canonical JSON');
  }
  const misfit = checkEvent(event);
  if (misfit)
    return wrong(
      misfit.startsWith('version') || misfit.startsWith('type') ? 'unknown-version' : 'schema',
      `does not fit the format: ${misfit}`,
    );
  if ((event as EvidenceEvent).seq !== seq)
    return wrong(
      'sequence',
      `says that it is event ${(event as EvidenceEvent).seq}: one was dropped, doubled or moved`,
    );
  return event as EvidenceEvent;
}

/** Every `{sha256, bytes}` in an event, wherever it stands. */
function collectUses(event: EvidenceEvent, writer: string, uses: BlobUse[]): void {
  if (event.type === 'blob.erased') return;
  const add = (blob: { readonly sha256: string; readonly bytes: number } | undefined): void => {
    if (blob) uses.push({ sha256: blob.sha256, bytes: blob.bytes, writer, seq: event.seq });
  };
  if ('blob' in event) add(event.blob);
  if (event.type === 'writer.recovered') {
    add(event.torn);
    for (const { blob } of event.output) add(blob);
  }
  if (event.type === 'addendum') for (const { blob } of event.files) add(blob);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function keyText(key: VerifierKey): string {
  return `${key.name}+${key.id.toString('hex')}+${Buffer.concat([Buffer.of(1), key.publicKey]).toString('base64')}`;
}
