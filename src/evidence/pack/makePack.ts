// A pack: the incident and what people read of it, in one zip that generic BagIt tools accept and whose seal
// covers every byte.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { RunbookError, toError } from '../../base/runbookError.ts';
import { bagitTxt, incidentFolder, printSealText, sealName } from '../format/bag.ts';
import { readIncidentFrom } from '../read/readIncident.ts';
import { openFolder, type Source } from '../read/source.ts';
import { verifyIncident } from '../read/verifyIncident.ts';
import { markers } from '../redact/commitment.ts';
import type { EvidenceWriter } from '../write/evidenceWriter.ts';
import { type EvidenceOptions, joinIncident } from '../write/openIncident.ts';
import { blobReader } from './blobReader.ts';
import { impactMd, rcaMd, timelineMd } from './markdown.ts';
import { type PackContent, packContent } from './packContent.ts';
import { reportHtml } from './reportHtml.ts';

export interface Pack {
  readonly file: string;
  readonly bytes: number;
  /** The packer's checkpoint: to be handed out by another way than the pack. */
  readonly note: string;
  readonly verifierKey: string;
  readonly fingerprint: string;
  /** How much of each log it holds. */
  readonly logs: readonly { readonly writer: string; readonly events: number }[];
}

/**
 * Packs the incident `id` below `root` into `file` (a folder is made where it is missing; an existing file is
 * replaced once the new one is whole). The packer joins the incident as a writer, so that the pack says who made it.
 * Throws `pack-unsound` where the evidence does not verify, unless `evenIfUnsound`.
 */
export async function makePack(
  root: string,
  id: string,
  file: string,
  options: EvidenceOptions & { readonly evenIfUnsound?: boolean },
): Promise<Pack> {
  const { writer } = await joinIncident(root, id, options, 'pack');
  const dir = writer.incidentDir;
  let sealed: Awaited<ReturnType<EvidenceWriter['close']>>;
  const sign = writer.signer();
  try {
    await writer.append({ type: 'pack.made', name: path.basename(file), by: options.actor.user });
  } finally {
    sealed = await writer.close('pack made');
  }
  const source = withoutLocks(await openFolder(dir));
  const verification = await verifyIncident(source, {});
  if (!verification.ok && !options.evenIfUnsound) {
    throw new RunbookError({
      code: 'pack-unsound',
      message: `The evidence of "${id}" does not verify: ${verification.problems[0]!.message}`,
      mend: 'See "runbook verify"; the pack can be made all the same on demand, and says so.',
    });
  }
  const content = await packContent(await readIncidentFrom(source, dir), blobReader(source));
  const texts = await textsOf(content, await reportHtml(content, verification));
  const bytes = await writeZip(file, id, source, texts, content, (sha256) =>
    sign(printSealText({ incident: id, writer: writer.writer, sha256 })),
  );
  const { verifierKey } = writer;
  const { note, fingerprint } = sealed;
  const logs = verification.writers.map((one) => ({ writer: one.writer, events: one.events }));
  return { file, bytes, note, verifierKey, fingerprint, logs };
}

function withoutLocks(source: Source): Source {
  const kept = [...source.files].filter(([name]) => /^blobs\/|\/(?:log\.jsonl|checkpoint)$/.test(name));
  return { ...source, files: new Map(kept) };
}

async function textsOf(content: PackContent, report: string): Promise<Map<string, Buffer>> {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const texts = new Map([
    ['data/timeline.md', timelineMd(content)],
    ['data/changes.json', json(content.changes)],
    ['data/approvals.json', json(content.approvals)],
    ['data/impact-assessment.md', impactMd(content)],
    ['data/rca.md', rcaMd(content)],
    ['data/report.html', report],
  ]);
  return new Map([...texts].map(([name, text]) => [name, Buffer.from(text, 'utf8')]));
}

/** `logs/<component>-<time>.log`: each stream under the name of what was asked, for people with a pager. */
function logNames(content: PackContent): Map<string, string> {
  const names = new Map<string, string>();
  for (const run of content.runs) {
    const heading = run.intent.cell.headings?.at(-1) ?? run.intent.source.split('\n')[0] ?? 'cell';
    const component =
      heading
        .toLowerCase()
        .replace(markers, 'cut')
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'cell';
    const time = run.intent.time.replace(/[-:]/g, '').slice(0, 15);
    for (const { stream, sha256 } of run.output) {
      const base = `data/logs/${component}-${time}${stream === 'stderr' ? '-stderr' : ''}`;
      let name = `${base}.log`;
      for (let again = 2; names.has(name); again += 1) name = `${base}-${again}.log`;
      names.set(name, sha256);
    }
  }
  return names;
}

async function writeZip(
  file: string,
  id: string,
  source: Source,
  texts: ReadonlyMap<string, Buffer>,
  content: PackContent,
  seal: (tagManifestSha256: string) => string,
): Promise<number> {
  const zip = new ZipFile();
  // It tells of what it can't pack by an event of its own, which ends nothing by itself.
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const mtime = new Date(content.closed ?? content.opened ?? 0);
  const add = (name: string, bytes: Buffer): void =>
    zip.addBuffer(bytes, `${id}/${name}`, { mtime, mode: 0o100644 });
  const payload = new Map<string, { sha256: string; bytes: number }>();
  for (const [name, bytes] of texts) {
    payload.set(name, { sha256: sha256Of(bytes), bytes: bytes.length });
    add(name, bytes);
  }
  const addFile = async (name: string, from: string): Promise<void> => {
    const entry = source.files.get(from);
    if (!entry) return;
    const known = /^blobs\/([0-9a-f]{64})$/.exec(from)?.[1];
    payload.set(name, { sha256: known ?? (await hashOf(source.read(from))), bytes: entry.bytes });
    zip.addReadStreamLazy(`${id}/${name}`, { mtime, mode: 0o100644, size: entry.bytes }, (done) =>
      done(
        null,
        Readable.from(source.read(from)).on('error', (error) => output.destroy(error)),
      ),
    );
  };
  for (const [name, sha256] of logNames(content)) await addFile(name, `blobs/${sha256}`);
  for (const from of source.files.keys()) await addFile(incidentFolder + from, from);

  const total = [...payload.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const tags = new Map([
    [
      'bag-info.txt',
      Buffer.from(
        `Bag-Software-Agent: runbook-notebooks\nBagging-Date: ${new Date().toISOString().slice(0, 10)}\nExternal-Identifier: ${id}\nPayload-Oxum: ${total}.${payload.size}\n`,
      ),
    ],
    ['bagit.txt', Buffer.from(bagitTxt)],
    ['manifest-sha256.txt', Buffer.from(manifest([...payload].map(([name, { sha256 }]) => [name, sha256])))],
  ]);
  for (const [name, bytes] of tags) add(name, bytes);
  const tagManifest = Buffer.from(manifest([...tags].map(([name, bytes]) => [name, sha256Of(bytes)])));
  add('tagmanifest-sha256.txt', tagManifest);
  add(sealName, Buffer.from(seal(sha256Of(tagManifest))));
  zip.end();

  const own = `${path.resolve(file)}.part`;
  try {
    await mkdir(path.dirname(own), { recursive: true });
    await pipeline(output, createWriteStream(own, { mode: 0o600 }));
    const handle = await open(own, 'r+');
    const { size } = await handle.stat();
    await handle.sync();
    await handle.close();
    await rename(own, path.resolve(file));
    return size;
  } catch (cause) {
    await rm(own, { force: true });
    throw new RunbookError({
      code: 'pack-unwritable',
      message: `The pack ${file} can not be written: ${toError(cause).message}.`,
      mend: 'Choose another place with --out.',
      cause,
    });
  }
}

function manifest(entries: readonly (readonly [string, string])[]): string {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sha256]) => `${sha256}  ${name}\n`)
    .join('');
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
