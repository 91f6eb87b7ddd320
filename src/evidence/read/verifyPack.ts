// A pack: the bag around an incident (BagIt 1.0, RFC 8493), its seal, and the incident itself.

import { createHash } from 'node:crypto';
import { RunbookError } from '../../base/runbookError.ts';
import { bagitTxt, incidentFolder, parseSealText, sealName } from '../format/bag.ts';
import { isSha256 } from '../format/layout.ts';
import { openNote, parseVerifierKey } from '../format/signedNote.ts';
import { openPack, refused } from './packSource.ts';
import { readSmall, type Source } from './source.ts';
import { Findings, printable, type Trust, type Verification } from './verification.ts';
import { verifyIncident } from './verifyIncident.ts';

const maxManifestBytes = 64 * 1024 * 1024;
const tagFiles = ['bag-info.txt', 'bagit.txt', 'manifest-sha256.txt'];

/** Never throws for what the pack holds: a refusal is a problem of code `pack-refused`. */
export async function verifyPack(file: string, trust: Trust): Promise<Verification> {
  const findings = new Findings();
  let source: Source | undefined;
  try {
    source = await openPack(file);
    await checkManifests(source, findings);
    const inside = incidentOf(source);
    const verification = await verifyIncident(inside, trust, findings);
    await checkSeal(source, verification, findings);
    return { ...verification, ok: findings.problems.length === 0 };
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    findings.problem(error.code, error.message);
    return {
      ok: false,
      incident: source?.incident ?? '',
      events: 0,
      problems: findings.problems,
      unproven: findings.unproven,
      writers: [],
      blobs: 0,
    };
  } finally {
    source?.close();
  }
}

/** The incident inside a pack, as if it were a folder. */
export function incidentOf(source: Source): Source {
  const below = [...source.files].filter(([name]) => name.startsWith(incidentFolder));
  return {
    incident: source.incident,
    files: new Map(
      below.map(([name, file]) => [
        name.slice(incidentFolder.length),
        { ...file, path: name.slice(incidentFolder.length) },
      ]),
    ),
    read: (name) => source.read(incidentFolder + name),
    close: () => {},
  };
}

async function checkManifests(source: Source, findings: Findings): Promise<void> {
  if ((await readSmall(source, 'bagit.txt', 1024))?.toString() !== bagitTxt)
    findings.problem('bag', 'bagit.txt is not that of BagIt 1.0.');
  const payload = await readManifest(source, 'manifest-sha256.txt', findings);
  const tags = await readManifest(source, 'tagmanifest-sha256.txt', findings);
  for (const name of tagFiles)
    if (!tags.has(name)) findings.problem('bag', `${name} is not in the tag manifest.`);
  for (const name of tags.keys())
    if (!tagFiles.includes(name))
      findings.problem('bag', `The tag manifest lists "${name}", which is no tag file of a pack.`);
  for (const name of source.files.keys()) {
    if (name.startsWith('data/')) {
      if (!payload.has(name)) findings.problem('bag', `"${name}" is in no manifest.`);
    } else if (!tagFiles.includes(name) && name !== 'tagmanifest-sha256.txt' && name !== sealName) {
      findings.problem('bag', `"${name}" has no place in a pack.`);
    }
  }
  for (const [name, sha256] of [...tags, ...payload]) {
    if (!source.files.has(name)) {
      findings.problem('bag', `"${name}" is in a manifest and not in the pack.`);
      continue;
    }
    // Blobs are named by their hash and checked as blobs; hashing a gigabyte twice would only take time.
    if (name === `${incidentFolder}blobs/${sha256}`) continue;
    const hash = createHash('sha256');
    for await (const chunk of source.read(name)) hash.update(chunk);
    if (hash.digest('hex') !== sha256)
      findings.problem('bag-changed', `"${name}" is not what its manifest says: it was changed.`);
  }
}

async function readManifest(source: Source, name: string, findings: Findings): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  const bytes = await readSmall(source, name, maxManifestBytes);
  const text = bytes?.toString('utf8');
  if (text === undefined || !text.endsWith('\n')) {
    findings.problem('bag', `${name} is missing or cut off.`);
    return entries;
  }
  for (const line of text.slice(0, -1).split('\n')) {
    const sha256 = line.slice(0, 64);
    const file = line.slice(66);
    const fits = isSha256(sha256) && line.slice(64, 66) === '  ' && file !== '' && !entries.has(file);
    if (!fits || (name.startsWith('manifest') && !file.startsWith('data/'))) {
      findings.problem(
        'bag',
        `${name} holds the line "${line.slice(0, 120)}", which is malformed or doubled.`,
      );
      continue;
    }
    entries.set(file, sha256);
  }
  return entries;
}

/** The seal is by a writer of the incident inside, over the tag manifest, which covers all else. */
async function checkSeal(source: Source, { writers }: Verification, findings: Findings): Promise<void> {
  const note = (await readSmall(source, sealName, 64 * 1024))?.toString('utf8');
  const tags = await readSmall(source, 'tagmanifest-sha256.txt', maxManifestBytes);
  if (note === undefined || !tags) {
    findings.problem('seal', 'The seal is missing: nothing vouches for the reports and drafts.');
    return;
  }
  const keys = writers.map(({ key }) => parseVerifierKey(key)).filter((key) => key !== undefined);
  const opened = openNote(note, keys);
  if (!opened.ok) {
    findings.problem('seal', `The seal is not valid: ${opened.reason}.`);
    return;
  }
  const seal = parseSealText(opened.text);
  const sha256 = createHash('sha256').update(tags).digest('hex');
  if (
    !seal ||
    seal.incident !== source.incident ||
    opened.signer.name !== `runbook-notebooks/${seal.incident}/${seal.writer}`
  ) {
    findings.problem('seal', 'The seal is that of another pack.');
  } else if (seal.sha256 !== sha256) {
    findings.problem(
      'seal',
      'The manifests are not those that were sealed: a file of the pack was changed and its manifest made anew.',
      seal.writer,
    );
  } else if (!writers.some(({ writer, packed }) => writer === seal.writer && packed)) {
    findings.problem('seal', 'The seal is of a writer that recorded no pack.', seal.writer);
  } else if (note.split('\n').length !== 7) {
    findings.problem('seal', 'The seal holds more than one signature.');
  }
}

/** For readers of packs that need no verdict, such as the report. Throws `pack-refused`. */
export async function openPackIncident(file: string): Promise<{ readonly incident: Source; close(): void }> {
  const source = await openPack(file);
  const incident = incidentOf(source);
  if (incident.files.size === 0) {
    source.close();
    throw refused(`"${printable(file)}" holds no incident`);
  }
  return { incident, close: () => source.close() };
}
