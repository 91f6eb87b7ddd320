// The incident that runs are recorded under: opened, or joined when it is there already. Also the ad-hoc one
// of somebody who only runs a cell: it is recorded the same way and can get its title and severity later.

import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Redactor } from '../evidence/redact/redactor.ts';
import { resolveEvidenceRoot, rootWarnings, stateDirectory } from '../evidence/write/evidenceRoot.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import {
  type EvidenceOptions,
  joinIncident,
  localActor,
  openIncident,
} from '../evidence/write/openIncident.ts';
import type { Sealed } from '../evidence/write/writerOptions.ts';
import { closedElsewhere } from './closedElsewhere.ts';
import { redactionSettings } from './redactionFile.ts';

/** Where this host keeps evidence, and what it calls itself in it. */
export interface Place {
  /** `--evidence DIR`. */
  readonly flag?: string | undefined;
  /** The editor's setting. */
  readonly setting?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tool: { readonly name: string; readonly version: string };
  /** Asked when a folder can't be written: another one, or undefined to give up. */
  readonly fallback?: EvidenceOptions['fallback'];
  readonly redactor?: Redactor;
}

export interface CutShort {
  /** A sentence. */
  readonly message: string;
  readonly runs: readonly string[];
  /** A line of the log was torn, too. */
  readonly isTorn: boolean;
}

export interface IncidentStart {
  readonly id?: string | undefined;
  readonly title: string;
  readonly severity?: string | undefined;
  readonly alert?: string | undefined;
  /** Somebody ran a cell without starting an incident. */
  readonly adHoc?: boolean;
  /** It is a drill, with this fault of the practice cluster. */
  readonly drill?: string;
  /** The runbook's folder: whose git identity acts. */
  readonly folder: string;
}

export class Incident {
  readonly writer: EvidenceWriter;
  /** What the operator should know of this place, a sentence each. */
  readonly warnings: readonly string[];
  /** What a crash cut short: to be shown, not only logged. */
  readonly interrupted: readonly CutShort[];
  #closed: Promise<Sealed> | undefined;

  private constructor(
    writer: EvidenceWriter,
    warnings: readonly string[],
    interrupted: readonly CutShort[] = [],
  ) {
    this.writer = writer;
    this.warnings = warnings;
    this.interrupted = interrupted;
  }

  get id(): string {
    return this.writer.incident;
  }

  /** The incident's own folder. */
  get folder(): string {
    return this.writer.incidentDir;
  }

  static async open(place: Place, start: IncidentStart): Promise<Incident> {
    const root = evidenceRoot(place);
    const { adHoc, drill, folder, ...fields } = start;
    const marks = { ...(adHoc ? { adHoc } : {}), ...(drill ? { drill } : {}) };
    const options = await evidenceOptions(place, folder);
    const writer = await openIncident(
      root,
      { ...fields, ...(Object.keys(marks).length > 0 ? { extra: marks } : {}) },
      options,
    );
    return new Incident(writer, await warningsOf(writer));
  }

  /** @throws RunbookError `incident-unknown`. */
  static async join(place: Place, id: string, folder: string): Promise<Incident> {
    const root = evidenceRoot(place);
    const { writer, recovered } = await joinIncident(root, id, await evidenceOptions(place, folder));
    const cutShort = recovered.filter(({ event }) => event.interrupted.length > 0 || event.torn);
    const interrupted = cutShort.map(({ event, message }) => ({
      message,
      runs: event.interrupted,
      isTorn: event.torn !== undefined,
    }));
    const warnings = [...(await warningsOf(writer)), ...recovered.map(({ message }) => message)];
    return new Incident(writer, warnings, interrupted);
  }

  /** Seals and lets go; the incident itself stays open for others. */
  leave(): Promise<Sealed> {
    return this.#once(() => this.writer.close());
  }

  /** The incident is over: its last event, sealed. Where somebody else has closed it, this is left as it is. */
  close(summary?: string): Promise<Sealed> {
    return this.#once(() => this.#close(summary));
  }

  /** What failed, for want of room, can be tried again. */
  #once(end: () => Promise<Sealed>): Promise<Sealed> {
    this.#closed ??= end().catch((error: unknown) => {
      this.#closed = undefined;
      throw error;
    });
    return this.#closed;
  }

  async #close(summary: string | undefined): Promise<Sealed> {
    const over = await closedElsewhere(this.folder, this.writer.writer);
    return over === null ? this.writer.closeIncident(summary) : this.writer.close();
  }
}

/** A place that can't be asked what it is warns of nothing: the writer is there, and works. */
const warningsOf = (writer: EvidenceWriter): Promise<string[]> =>
  rootWarnings(path.dirname(writer.incidentDir)).catch(() => []);

/** The folder that holds the incidents. */
export function evidenceRoot(place: Pick<Place, 'flag' | 'setting' | 'env'>): string {
  return resolveEvidenceRoot({ ...place, home: os.homedir() }).dir;
}

export async function evidenceOptions(place: Place, folder: string): Promise<EvidenceOptions> {
  const git = await gitIdentity(folder);
  return {
    actor: localActor(git ? { git } : {}),
    tool: {
      ...place.tool,
      platform: `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
    },
    stateDir: stateDirectory({ env: place.env, home: os.homedir() }),
    redactor: place.redactor,
    redaction: await redactionSettings(folder),
    fallback: place.fallback,
  };
}

/** `Name <mail>` as git knows it in that folder; never throws. */
async function gitIdentity(folder: string): Promise<string | undefined> {
  const config = async (key: string): Promise<string> => {
    const { stdout } = await execa('git', ['config', '--get', key], {
      cwd: folder,
      reject: false,
      timeout: 2000,
    });
    return typeof stdout === 'string' ? stdout.trim() : '';
  };
  const [name, mail] = await Promise.all([config('user.name'), config('user.email')]);
  if (!name && !mail) return undefined;
  return mail ? `${name} <${mail}>`.trim() : name;
}
