// What a writer needs from outside, and how its first folder is made.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { RunbookError } from '../../base/runbookError.ts';
import { systemReason } from '../../base/systemReason.ts';
import type { Actor, Seen, Tool } from '../events.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { MachineKeys } from './machineKeys.ts';
import { WriterFolder } from './writerFolder.ts';

/** Asked when a folder can't be written: another evidence root, or undefined to give up. */
export type FallbackPort = (error: Error, folder: string) => Promise<string | undefined>;

export interface WriterOptions {
  readonly actor: Actor;
  readonly tool: Tool;
  readonly redactor: Redactor;
  readonly keys: MachineKeys;
  readonly clock?: Clock | undefined;
  readonly fallback?: FallbackPort | undefined;
}

export interface Sealed {
  /** The signed note, to be shown and handed out. */
  readonly note: string;
  readonly size: number;
  /** `SHA256:…` of the writer's key. */
  readonly fingerprint: string;
}

/** The fields of an opening event that the writer does not fill itself. */
export type OpeningEvent =
  | {
      readonly type: 'incident.opened';
      readonly title?: string;
      readonly severity?: string;
      readonly alert?: string;
      readonly extra?: unknown;
      readonly seen?: Seen;
    }
  | {
      readonly type: 'incident.joined';
      readonly reason: 'join' | 'reopen' | 'fallback' | 'addendum' | 'pack' | 'keeping';
      readonly title?: string;
      readonly fallback?: { writer: string; folder: string; error: string };
      readonly extra?: unknown;
      readonly seen?: Seen;
    };

/** A fresh writer's folder and key. */
export async function newWriterFolder(
  incidentDir: string,
  { actor, keys }: WriterOptions,
): Promise<WriterFolder> {
  const who = `${actor.user}-${actor.host}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const writer = `${who || 'writer'}-${randomBytes(5).toString('hex')}`;
  const key = await keys.newWriterKey(writer);
  try {
    return WriterFolder.create(incidentDir, writer, key);
  } catch (error) {
    await keys.forget(writer);
    throw error;
  }
}

export function unwritable(folder: WriterFolder, cause: Error): RunbookError {
  return new RunbookError({
    code: 'evidence-unwritable',
    message: `The evidence in ${folder.dir} can not be written: ${systemReason(cause)}.`,
    mend: 'Make room there and run it again, or choose another evidence folder; nothing runs without evidence.',
    cause,
  });
}
