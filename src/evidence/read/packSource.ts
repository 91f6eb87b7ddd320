// A zip file as a source. Refuses, before a byte is unpacked, everything a pack has no use for: other people's
// packs are hostile until shown otherwise.

import { stat } from 'node:fs/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { RunbookError, toError } from '../../base/runbookError.ts';
import { isId } from '../format/layout.ts';
import { maxFiles, type Source, tooMany } from './source.ts';
import { printable } from './verification.ts';

/** Deflate's own limit is 1032; what is tighter packed than that was made to hurt. */
const maxRatio = 1032;
const maxNameBytes = 512;

/** All entries, without the one top folder. Throws `pack-refused` naming the entry and the reason. */
export async function openPack(file: string): Promise<Source> {
  const { size } = await stat(file);
  let zip: ZipFile;
  try {
    zip = await openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: true,
      validateEntrySizes: true,
      strictFileNames: true,
    });
  } catch (cause) {
    throw refused(`it is no zip file: ${printable(toError(cause).message)}`, cause);
  }
  try {
    if (zip.entryCount > maxFiles) throw tooMany();
    const entries = await readEntries(zip, size);
    const tops = new Set([...entries.keys()].map((name) => name.slice(0, name.indexOf('/'))));
    const [top] = tops;
    if (tops.size !== 1 || !top || !isId(top))
      throw refused('its files do not lie in one folder named by an incident');
    const below = new Map([...entries].map(([name, entry]) => [name.slice(top.length + 1), entry]));
    return {
      incident: top,
      files: new Map(
        [...below].map(([name, entry]) => [name, { path: name, bytes: entry.uncompressedSize, plain: true }]),
      ),
      read: (name) => unpack(zip, below.get(name)!),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readEntries(zip: ZipFile, size: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const folded = new Set<string>();
  let packed = 0;
  try {
    for await (const entry of eachEntry(zip)) {
      const name = entry.fileName;
      const wrong = wrongEntry(entry, name);
      if (wrong) throw refused(`entry "${printable(name)}" ${wrong}`);
      if (name.endsWith('/')) continue;
      const same = name.normalize('NFC').toLowerCase();
      if (folded.has(same)) throw refused(`entry "${printable(name)}" is there twice`);
      folded.add(same);
      packed += entry.compressedSize;
      // Entries that share their bytes: how a small file claims to hold petabytes.
      if (packed > size) throw refused('its entries overlap');
      entries.set(name, entry);
      if (entries.size > maxFiles) throw tooMany();
    }
  } catch (error) {
    if (error instanceof RunbookError) throw error;
    throw refused(printable(toError(error).message), error);
  }
  if (entries.size === 0) throw refused('it is empty');
  return entries;
}

function wrongEntry(entry: Entry, name: string): string | undefined {
  if (Buffer.byteLength(name) > maxNameBytes) return 'has too long a name';
  if (/[\u0000-\u001f\u007f\\]/.test(name) || name.includes('\ufffd'))
    return 'has a name with signs that no name needs';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'has an absolute path';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'leaves its folder';
  if (parts.length > 12) return 'lies too deep';
  if (entry.generalPurposeBitFlag & 0x41) return 'is encrypted';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'is packed in an unknown way';
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && !(kind === 0o040000 && name.endsWith('/')))
    return 'is a link or a device';
  if (entry.uncompressedSize > (entry.compressedSize + 64) * maxRatio)
    return 'unpacks to more than its bytes can hold';
  if (name.endsWith('/') && entry.uncompressedSize > 0) return 'is a folder with bytes';
  return undefined;
}

async function* eachEntry(zip: ZipFile): AsyncIterable<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const done = (act: () => void): void => {
        zip.removeListener('entry', onEntry);
        zip.removeListener('end', onEnd);
        zip.removeListener('error', onError);
        act();
      };
      const onEntry = (next: Entry): void => done(() => resolve(next));
      const onEnd = (): void => done(() => resolve(undefined));
      const onError = (error: Error): void => done(() => reject(error));
      zip.on('entry', onEntry);
      zip.on('end', onEnd);
      zip.on('error', onError);
      if (zip.entriesRead >= zip.entryCount) onEnd();
      else zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, opened) => (error || !opened ? reject(error) : resolve(opened)));
    });
    // yauzl ends with an error where more or fewer bytes come than the entry names.
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw refused(
      `entry "${printable(entry.fileName)}" can not be unpacked: ${printable(toError(error).message)}`,
      error,
    );
  }
}

export function refused(why: string, cause?: unknown): RunbookError {
  return new RunbookError({
    code: 'pack-refused',
    message: `The pack is refused: ${why}.`,
    mend: 'Ask for the pack again, and for its checkpoint by another way.',
    cause,
  });
}
