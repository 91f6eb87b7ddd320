// A whole incident: its logs, what they say of each other, its blobs, and what trust from outside adds.

import { createHash } from 'node:crypto';
import { originOf, parseCheckpoint } from '../format/checkpoint.ts';
import { checkpointName, isId, isSha256, lockName, logName, openFolder } from '../format/layout.ts';
import { GrowingTree, leafHash } from '../format/merkle.ts';
import { openNote, parseVerifierKey } from '../format/signedNote.ts';
import { readLines } from './readLines.ts';
import type { Source } from './source.ts';
import { Findings, type Trust, type Verification } from './verification.ts';
import { type BlobUse, type Claim, type VerifiedLog, verifyLog } from './verifyLog.ts';

const maxWriters = 1000;

export async function verifyIncident(
  source: Source,
  trust: Trust,
  findings = new Findings(),
): Promise<Verification> {
  const names = writersOf(source, findings);
  const logs = new Map<string, VerifiedLog>();
  for (const writer of names) logs.set(writer, await verifyLog(source, writer, findings));
  if (logs.size === 0) findings.problem('no-log', 'There is no log of any writer.');
  checkOpening([...logs.values()], findings);
  await checkClaims(
    source,
    logs,
    [...logs.values()].flatMap((log) => log.seen),
    findings,
  );
  await checkTrust(source, logs, trust, findings);
  const blobs = await checkBlobs(source, logs, findings);
  return {
    ok: findings.problems.length === 0,
    incident: source.incident,
    events: [...logs.values()].reduce((sum, log) => sum + log.events, 0),
    problems: findings.problems,
    unproven: findings.unproven,
    writers: [...logs.values()].map(({ writer, key, fingerprint, events, sealed, packed }) => ({
      writer,
      key,
      fingerprint,
      events,
      sealed,
      packed,
    })),
    blobs,
  };
}

/** Names of the writers; tells of every file that has no place in an incident. */
function writersOf(source: Source, findings: Findings): string[] {
  const writers = new Set<string>();
  for (const [path, file] of source.files) {
    const parts = path.split('/');
    const [top, name = '', leaf = ''] = parts;
    if (!file.plain) {
      findings.problem('not-a-file', `"${path}" is a link or a device, not a file.`);
    } else if (top === 'blobs' && parts.length === 2 && isSha256(name)) {
      // Checked with the logs that point at it.
    } else if (
      top === 'writers' &&
      isId(name) &&
      parts.length === 3 &&
      [logName, checkpointName].includes(leaf)
    ) {
      writers.add(name);
    } else if (
      top === 'writers' &&
      isId(name) &&
      (leaf === openFolder || leaf === lockName) &&
      parts.length <= 4
    ) {
      writers.add(name);
      if (leaf === openFolder) findings.doubt(`"${path}" is an output that was never finished.`);
      else findings.doubt(`The writer ${name} has not closed its log.`);
    } else {
      findings.problem('unknown-file', `"${path}" has no place in an incident.`);
    }
  }
  if (writers.size > maxWriters)
    findings.problem('too-many', `There are ${writers.size} writers; ${maxWriters} are read.`);
  return [...writers].sort().slice(0, maxWriters);
}

function checkOpening(logs: readonly VerifiedLog[], findings: Findings): void {
  const openers = logs.filter((log) => log.opened);
  if (openers.length > 1) {
    for (const { writer } of openers.slice(1))
      findings.problem(
        'opened-twice',
        `The incident was opened already by ${openers[0]!.writer}.`,
        writer,
        0,
      );
  }
  if (openers.length === 0 && logs.length > 0 && logs.every((log) => log.sound)) {
    const continued = logs.find((log) => log.continues);
    if (continued)
      findings.doubt(`The incident began in the folder "${continued.continues}", which is not here.`);
    else findings.problem('never-opened', 'No log opens the incident: the one that did is gone.');
  }
  if (logs.length > 0 && !logs.some((log) => log.closed))
    findings.doubt('The incident is not closed: later events may be missing.');
}

/** What one writer saw of another's log must still be so. */
async function checkClaims(
  source: Source,
  logs: ReadonlyMap<string, VerifiedLog>,
  claims: readonly Claim[],
  findings: Findings,
): Promise<void> {
  const wanted = new Map<string, Set<number>>();
  for (const claim of claims) {
    const log = logs.get(claim.writer);
    if (!log) {
      findings.problem(
        'writer-missing',
        `${claim.by} saw ${claim.size} events of "${claim.writer}", whose log is gone.`,
        claim.writer,
        0,
      );
      continue;
    }
    if (!log.sound) continue;
    if (claim.size > log.events) {
      findings.problem(
        'cut-tail',
        `${claim.by} saw ${claim.size} events of this log and it holds ${log.events}.`,
        claim.writer,
        log.events,
      );
      continue;
    }
    wanted.set(claim.writer, (wanted.get(claim.writer) ?? new Set()).add(claim.size));
  }
  for (const [writer, sizes] of wanted) {
    const roots = await rootsAt(source, writer, sizes);
    for (const claim of claims) {
      if (claim.writer !== writer || !roots.has(claim.size) || roots.get(claim.size) === claim.root) continue;
      findings.problem(
        'seen-otherwise',
        `The first ${claim.size} events are not those that ${claim.by} saw (its event ${claim.seq}): the log was written anew.`,
        writer,
        claim.size - 1,
      );
      break;
    }
  }
}

/** Roots over the first so many lines, in one pass. */
async function rootsAt(
  source: Source,
  writer: string,
  sizes: ReadonlySet<number>,
): Promise<Map<number, string>> {
  const tree = new GrowingTree();
  const roots = new Map<number, string>();
  const most = Math.max(...sizes);
  if (sizes.has(0)) roots.set(0, tree.root().toString('base64'));
  for await (const line of readLines(source.read(`writers/${writer}/${logName}`))) {
    tree.append(leafHash(line.bytes));
    if (sizes.has(tree.size)) roots.set(tree.size, tree.root().toString('base64'));
    if (tree.size >= most) break;
  }
  return roots;
}

async function checkTrust(
  source: Source,
  logs: ReadonlyMap<string, VerifiedLog>,
  trust: Trust,
  findings: Findings,
): Promise<void> {
  const checkpoints = trust.checkpoints ?? [];
  const keys = (trust.keys ?? []).map((text) => {
    const key = parseVerifierKey(text.trim());
    if (!key) findings.problem('bad-trust', `The given key "${text.trim()}" is no verifier key.`);
    return key;
  });
  const covered = new Set<string>();
  for (const note of checkpoints) {
    const claimed = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    const log =
      claimed && [...logs.values()].find((one) => originOf(source.incident, one.writer) === claimed.origin);
    if (!claimed || !log) {
      findings.problem(
        'other-checkpoint',
        `The given checkpoint is of "${claimed?.origin ?? 'nothing known'}", and that log is not here.`,
      );
      continue;
    }
    const known = [...keys, log.verifierKey].filter((key) => key !== undefined);
    const opened = openNote(note, known);
    if (!opened.ok) {
      findings.problem(
        'other-key',
        `The given checkpoint is not signed by the key that this log names: ${opened.reason}.`,
        log.writer,
        0,
      );
      continue;
    }
    covered.add(log.writer);
    if (!log.sound) continue;
    if (claimed.size > log.events) {
      findings.problem(
        'cut-tail',
        `The given checkpoint covers ${claimed.size} events and the log holds ${log.events}: it was cut off.`,
        log.writer,
        log.events,
      );
      continue;
    }
    const roots = await rootsAt(source, log.writer, new Set([claimed.size]));
    if (roots.get(claimed.size) !== claimed.root.toString('base64')) {
      findings.problem(
        'rewritten',
        `The first ${claimed.size} events are not those of the given checkpoint: the log was written anew.`,
        log.writer,
        claimed.size - 1,
      );
    }
  }
  for (const log of logs.values()) {
    if (
      keys.length > 0 &&
      log.verifierKey &&
      !keys.some(
        (key) => key?.name === log.verifierKey!.name && key.publicKey.equals(log.verifierKey!.publicKey),
      )
    ) {
      findings.problem(
        'unknown-key',
        `The log's key ${log.fingerprint} is none of the given ones.`,
        log.writer,
        0,
      );
    }
    if (!covered.has(log.writer) && log.events > 0) {
      findings.doubt(
        `Whoever holds the key of ${log.writer} could have written its log anew: no checkpoint that was handed out earlier was given.`,
      );
    }
    if (keys.length === 0 && log.events > 0) {
      findings.doubt(`That the key ${log.fingerprint} is the one of ${log.writer}: no key was given.`);
    }
  }
}

/** Every blob that an event points at; gives their number. */
async function checkBlobs(
  source: Source,
  logs: ReadonlyMap<string, VerifiedLog>,
  findings: Findings,
): Promise<number> {
  const uses = new Map<string, BlobUse>();
  const erased = new Map<string, string>();
  for (const log of logs.values()) {
    for (const [sha256, reason] of log.erased) erased.set(sha256, reason);
    for (const use of log.uses) {
      const other = uses.get(use.sha256);
      if (other && other.bytes !== use.bytes) {
        findings.problem(
          'blob-size',
          `Blob ${use.sha256} is said to have ${other.bytes} and ${use.bytes} bytes.`,
          use.writer,
          use.seq,
        );
      } else if (!other) uses.set(use.sha256, use);
    }
  }
  for (const [sha256, { bytes, writer, seq }] of uses) {
    const file = source.files.get(`blobs/${sha256}`);
    if (!file) {
      if (erased.has(sha256))
        findings.doubt(
          `Blob ${sha256} (${bytes} bytes, event ${seq} of ${writer}) was erased for cause: ${erased.get(sha256)}`,
        );
      else
        findings.problem(
          'blob-missing',
          `Blob ${sha256}, which event ${seq} points at, is missing.`,
          writer,
          seq,
        );
      continue;
    }
    if (!file.plain) continue;
    if (file.bytes !== bytes) {
      findings.problem(
        'blob-size',
        `Blob ${sha256}, which event ${seq} points at, has ${file.bytes} bytes and not ${bytes}.`,
        writer,
        seq,
      );
      continue;
    }
    if (!(await isNamedRight(source, sha256)))
      findings.problem(
        'blob-changed',
        `Blob ${sha256}, which event ${seq} points at, was changed.`,
        writer,
        seq,
      );
  }
  const logsAreSound = [...logs.values()].every((log) => log.sound);
  for (const [path, { plain }] of source.files) {
    const sha256 = path.slice(6);
    if (!path.startsWith('blobs/') || !isSha256(sha256) || uses.has(sha256) || !plain) continue;
    if (logsAreSound) findings.doubt(`No event points at blob ${sha256}.`);
    // A pack's manifest leaves blobs to us, these too.
    if (!(await isNamedRight(source, sha256)))
      findings.problem('blob-changed', `Blob ${sha256} has other bytes than its name says.`);
  }
  return uses.size;
}

async function isNamedRight(source: Source, sha256: string): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const chunk of source.read(`blobs/${sha256}`)) hash.update(chunk);
  return hash.digest('hex') === sha256;
}
