// Opening and joining an incident. Every call makes a writer of its own, so that two windows, two commands and
// two laptops never write one file.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock, toTimestamp } from '../../base/clock.ts';
import { RunbookError, systemCode, toError } from '../../base/runbookError.ts';
import { systemReason } from '../../base/systemReason.ts';
import type { Actor, Tool } from '../events.ts';
import { isId, logName } from '../format/layout.ts';
import { readSeen } from '../read/readSeen.ts';
import type { RedactionSettings } from '../redact/lineCutter.ts';
import { Redactor } from '../redact/redactor.ts';
import { EvidenceWriter } from './evidenceWriter.ts';
import { MachineKeys } from './machineKeys.ts';
import { type Recovered, recoverWriters } from './recoverWriters.ts';
import type { FallbackPort, WriterOptions } from './writerOptions.ts';

export interface EvidenceOptions {
  readonly actor: Actor;
  readonly tool: Tool;
  /** The machine's state directory, for keys: see `stateDirectory`. */
  readonly stateDir: string;
  readonly redaction?: RedactionSettings | undefined;
  /** Shared by the writers of one process, so that a secret learned in one is known to all. */
  readonly redactor?: Redactor | undefined;
  readonly clock?: WriterOptions['clock'];
  readonly fallback?: FallbackPort | undefined;
}

export interface OpenIncident {
  /** A folder's name; made from the date and the title where it is not given. */
  readonly id?: string | undefined;
  readonly title: string;
  readonly severity?: string | undefined;
  readonly alert?: string | undefined;
  readonly extra?: unknown;
}

export interface Joined {
  readonly writer: EvidenceWriter;
  /** Writers of this machine that had died, made whole. */
  readonly recovered: readonly Recovered[];
}

/**
 * A new incident below `root`. Throws `incident-exists` for an id that is taken, `incident-id` for one that can't
 * be a folder's name, `evidence-unwritable` where the root takes no file and `fallback` gives no other.
 */
export async function openIncident(
  root: string,
  incident: OpenIncident,
  options: EvidenceOptions,
): Promise<EvidenceWriter> {
  const id = incident.id ?? newIncidentId(incident.title, (options.clock ?? systemClock).now());
  checkId(id);
  const { id: _, ...fields } = incident;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return withFallback(root, options, async (base) => {
    const dir = path.join(base, id);
    try {
      makeFolders(base);
      mkdirSync(dir, { mode: 0o700 });
    } catch (error) {
      if (systemCode(error) === 'EEXIST' && existsSync(dir)) throw exists(id);
      throw error;
    }
    return EvidenceWriter.create(dir, { type: 'incident.opened', ...given }, await writerOptions(options));
  });
}

/** A writer of an incident that is there. Makes this machine's dead writers whole first. Throws `incident-unknown`. */
export async function joinIncident(
  root: string,
  id: string,
  options: EvidenceOptions,
  reason: 'join' | 'reopen' | 'addendum' | 'pack' | 'keeping' = 'join',
): Promise<Joined> {
  checkId(id);
  if (!existsSync(path.join(root, id, 'writers'))) {
    throw new RunbookError({
      code: 'incident-unknown',
      message: `There is no incident "${id}" in ${root}.`,
      mend: 'See "runbook incident status" for those that are there.',
    });
  }
  const own = await writerOptions(options);
  const dir = path.join(root, id);
  const recovered = await recoverWriters(dir, own).catch((error: unknown) => {
    if (options.fallback) return [];
    throw unwritableRoot(root, error);
  });
  let writer: EvidenceWriter | undefined;
  try {
    if (!hasBegun(dir)) {
      throw new RunbookError({
        code: 'incident-unknown',
        message: `The incident "${id}" in ${root} holds nothing: its process was killed while it opened it.`,
        mend: 'Open a new one; this folder can be deleted.',
      });
    }
    const seen = await readSeen(dir, '');
    writer = await withFallback(root, options, (base, error) =>
      EvidenceWriter.create(
        path.join(base, id),
        error
          ? // The logs that it has seen stay where they can be read and not written: it says where, and vouches for none.
            {
              type: 'incident.joined',
              reason: 'fallback',
              fallback: { writer: '', folder: dir, error: error.message },
              extra: { reason, seen },
            }
          : { type: 'incident.joined', reason, seen },
        own,
      ),
    );
    for (const { event, finish } of recovered) {
      await writer.append(event);
      await finish();
    }
    return { writer, recovered };
  } catch (error) {
    // Nobody else holds it: its log is sealed as it is, or left to whoever comes next where that can't be written.
    await writer?.close().catch(() => writer?.abandon());
    for (const one of recovered) one.abandon();
    throw error;
  }
}

/** One after the other: made by `recursive`, a read-only disk is told as a folder that is missing. */
function makeFolders(dir: string): void {
  if (existsSync(dir)) return;
  makeFolders(path.dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Whether any event was ever recorded. */
function hasBegun(dir: string): boolean {
  return readdirSync(path.join(dir, 'writers')).some(
    (writer) =>
      (statSync(path.join(dir, 'writers', writer, logName), { throwIfNoEntry: false })?.size ?? 0) > 0,
  );
}

/** `2026-11-21-frontend-down-3fa9`. */
function newIncidentId(title: string, nowMs: number): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return [toTimestamp(nowMs).slice(0, 10), words, randomBytes(2).toString('hex')].filter(Boolean).join('-');
}

/** Who sits at this machine; what the cluster and git say is added by whoever knows them. */
export function localActor(more: Partial<Actor> = {}): Actor {
  let user = 'unknown';
  try {
    user = os.userInfo().username;
  } catch {
    // A user id without a name, as in many containers.
  }
  return { user, host: os.hostname(), ...more };
}

async function writerOptions(options: EvidenceOptions): Promise<WriterOptions> {
  const keys = new MachineKeys(options.stateDir);
  const redactor = options.redactor ?? new Redactor(await keys.commitmentKey(), options.redaction);
  return {
    actor: options.actor,
    tool: options.tool,
    redactor,
    keys,
    clock: options.clock,
    fallback: options.fallback,
  };
}

async function withFallback<T>(
  root: string,
  options: EvidenceOptions,
  /** `error`: why `base` is not the root. */
  make: (base: string, error?: Error) => Promise<T>,
): Promise<T> {
  try {
    return await make(path.resolve(root));
  } catch (error) {
    if (error instanceof RunbookError) throw error;
    const other = await options.fallback?.(toError(error), root);
    if (!other) throw unwritableRoot(root, error);
    try {
      return await make(path.resolve(other), toError(error));
    } catch (second) {
      throw second instanceof RunbookError ? second : unwritableRoot(other, second);
    }
  }
}

function checkId(id: string): void {
  if (isId(id)) return;
  throw new RunbookError({
    code: 'incident-id',
    message: `"${id}" can not be an incident's id.`,
    mend: 'Use up to 80 letters, digits, dots, dashes and underscores.',
  });
}

function exists(id: string): RunbookError {
  return new RunbookError({
    code: 'incident-exists',
    message: `Incident "${id}" exists already.`,
    mend: 'Join it, or choose another id.',
  });
}

function unwritableRoot(root: string, cause: unknown): RunbookError {
  return new RunbookError({
    code: 'evidence-unwritable',
    message: `Evidence can not be written to ${root}: ${systemReason(cause)}.`,
    mend: 'Choose another with --evidence or the setting runbook.evidence.folder; nothing runs without evidence.',
    cause,
  });
}
