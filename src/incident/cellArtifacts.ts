// The files that a cell wrote: those that its commands name, and those that its folder shows as new or changed.
// Bounded: what lies beyond the limits is told, not looked for.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import {
  type ArtifactEvent,
  type ArtifactLimits,
  artifactLimits,
  recordArtifact,
} from '../evidence/write/recordArtifact.ts';
import type { Assessment } from '../shell/assess.ts';
import { unknownPart } from '../shell/word.ts';

export interface CellArtifactLimits extends ArtifactLimits {
  /** Entries of the folder that are looked at. */
  readonly scanEntries: number;
  /** Files of one run that are recorded. */
  readonly filesPerRun: number;
}

const cellArtifactLimits: CellArtifactLimits = {
  ...artifactLimits,
  scanEntries: 2000,
  filesPerRun: 50,
};

/** A file as the folder showed it. */
interface Seen {
  readonly bytes: number;
  readonly changedMs: number;
}

export interface Snapshot {
  readonly folder: string;
  /** Epoch milliseconds. */
  readonly takenMs: number;
  readonly files: ReadonlyMap<string, Seen>;
  /** False where the folder holds more than was looked at. */
  readonly whole: boolean;
}

export interface WrittenFile {
  /** Absolute. */
  readonly file: string;
  readonly run: string;
}

const passedOver = new Set(['.git', 'node_modules', '.venv', '.terraform', '__pycache__']);
const depth = 2;
/** File systems round times. */
const clockGrainMs = 2000;

/** Of a folder and the folders in it; a folder that can't be read has no files. */
async function snapshotOf(folder: string, scanEntries: number, without?: string): Promise<Snapshot> {
  const takenMs = Date.now();
  const files = new Map<string, Seen>();
  let left = scanEntries;
  const walk = async (dir: string, level: number): Promise<void> => {
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (left <= 0) return;
      left -= 1;
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) {
        if (level < depth && !passedOver.has(entry.name) && file !== without) await walk(file, level + 1);
      } else if (entry.isFile()) {
        const seen = await stat(file).catch(() => undefined);
        if (seen) files.set(file, { bytes: seen.size, changedMs: seen.mtimeMs });
      }
    }
  };
  await walk(folder, 1);
  return { folder, takenMs, files, whole: left > 0 };
}

export class CellArtifacts {
  readonly #writer: EvidenceWriter;
  readonly #limits: CellArtifactLimits;
  /** Of all runs of the session, the latest last. */
  readonly #written = new Map<string, WrittenFile>();
  /** Folders of which was told that they hold more than is looked at. */
  readonly #toldOf = new Set<string>();

  constructor(writer: EvidenceWriter, limits: Partial<CellArtifactLimits> = {}) {
    this.#writer = writer;
    this.#limits = { ...cellArtifactLimits, ...limits };
  }

  get written(): readonly WrittenFile[] {
    return [...this.#written.values()];
  }

  before(folder: string): Promise<Snapshot> {
    // Evidence that is kept below the folder is no work of the cell's.
    return snapshotOf(folder, this.#limits.scanEntries, path.dirname(this.#writer.incidentDir));
  }

  /** Records what the run wrote. Gives what an operator should know of it, a sentence each. */
  async after(run: string, before: Snapshot, assessment: Assessment | undefined): Promise<string[]> {
    const after = await this.before(before.folder);
    const found = new Map<string, string>();
    for (const file of namedFiles(assessment, before.folder)) {
      const changed = await isNewer(file, before);
      if (changed) found.set(file, 'command');
    }
    for (const [file, seen] of after.files) {
      const old = before.files.get(file);
      // A file that the scan before did not come to may be as old as the hills.
      if (!old && !before.whole) continue;
      if (old?.bytes === seen.bytes && old.changedMs === seen.changedMs) continue;
      if (!found.has(file)) found.set(file, 'directory');
    }
    const notices: string[] = [];
    for (const [file, via] of [...found].slice(0, this.#limits.filesPerRun)) {
      const shownAs = path.relative(before.folder, file);
      const event = await recordArtifact(
        this.#writer,
        { run, path: file, shownAs: shownAs.startsWith('..') ? file : shownAs, via },
        this.#limits,
      );
      this.#written.delete(file);
      this.#written.set(file, { file, run });
      if (event.kept !== 'copied') notices.push(noticeOf(event, this.#limits));
    }
    const whole = before.whole && after.whole;
    if (found.size > this.#limits.filesPerRun) {
      const count = `${whole ? '' : 'At least '}${found.size.toLocaleString('en')}`;
      notices.push(`${count} files were written; the evidence has the first ${this.#limits.filesPerRun}.`);
    }
    if (!whole && mayWriteUnnamed(assessment) && !this.#toldOf.has(before.folder)) {
      this.#toldOf.add(before.folder);
      notices.push(
        `${before.folder} holds more than ${this.#limits.scanEntries.toLocaleString('en')} entries: of files that cells write there, the evidence is sure to have only those that a command names.`,
      );
    }
    return notices;
  }
}

function noticeOf({ path: file, bytes, kept }: ArtifactEvent, { copyBytes }: ArtifactLimits): string {
  const why = {
    'too large': `larger than ${copyBytes.toLocaleString('en')} bytes`,
    binary: 'not text',
    dump: 'a dump or an archive, which can not be searched for credentials',
    unreadable: 'not readable',
    copied: '',
  }[kept];
  return `${file} (${bytes.toLocaleString('en')} bytes) is in the evidence by size and commitment only: ${why}.`;
}

/** Files of this machine that its commands write, as far as their names are known before. */
function namedFiles(assessment: Assessment | undefined, folder: string): Set<string> {
  const files = new Set<string>();
  for (const { writes, place } of assessment?.commands ?? []) {
    if (place.kind !== 'here') continue;
    for (const file of writes) {
      if (file === '' || file === '-' || file.includes(unknownPart) || /^\/(?:dev|proc)\//.test(file))
        continue;
      files.add(path.resolve(folder, file));
    }
  }
  return files;
}

/** Whether it may have written files that no command names: only those are looked for in the folder. */
function mayWriteUnnamed(assessment: Assessment | undefined): boolean {
  if (!assessment) return true;
  return assessment.commands.some(({ place, risk, writes }) => {
    if (place.kind !== 'here' || risk === 'read' || risk === 'secret') return false;
    return risk !== 'write' || writes.length === 0 || writes.some((file) => file.includes('…'));
  });
}

async function isNewer(file: string, before: Snapshot): Promise<boolean> {
  const now = await stat(file).catch(() => undefined);
  if (!now?.isFile()) return false;
  const old = before.files.get(file);
  if (old) return old.bytes !== now.size || old.changedMs !== now.mtimeMs;
  return now.mtimeMs >= before.takenMs - clockGrainMs;
}
