// The second reader and packs: it checks the bag, the seal and the incident inside, and agrees on every mutation.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { printSealText } from '../../src/evidence/format/bag.ts';
import { signingKey } from '../../src/evidence/format/keys.ts';
import { signNote } from '../../src/evidence/format/signedNote.ts';
import { makePack } from '../../src/evidence/pack/makePack.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident } from '../../src/evidence/write/openIncident.ts';
import { type Place, place, smallIncident } from './support.ts';

type Entries = Record<string, Uint8Array>;
const reader = path.join(import.meta.dirname, 'reader.py');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes!).toString('utf8');
const noteOf = 'inc-1/seal.note';

describe('the second reader of packs', function () {
  this.timeout(180_000);
  let at: Place;
  let entries: Entries;
  let original: Buffer;
  /** Signs as a writer of the incident that recorded no pack. */
  let signOther: (text: string) => string;
  let otherWriter: string;

  before(async function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      console.log('      python3 is not here: the second reader can not run');
      this.skip();
    }
    at = place();
    await smallIncident(at);
    const { writer } = await joinIncident(at.root, 'inc-1', at.options);
    signOther = writer.signer();
    otherWriter = writer.writer;
    await writer.putBlob(Buffer.from('bytes that no event points at'));
    await writer.close();
    const file = path.join(at.base, 'inc-1.zip');
    await makePack(at.root, 'inc-1', file, at.options);
    original = readFileSync(file);
    entries = unzipSync(original);
  });
  after(() => at?.remove());

  /** Both readers of each; the expected verdict stands beside it. */
  async function hold(packs: readonly { name: string; bytes: Uint8Array; ok: boolean }[]): Promise<void> {
    const folder = path.join(at.base, 'packs');
    mkdirSync(folder, { recursive: true });
    const files = packs.map(({ bytes }, index) => {
      const file = path.join(folder, `${index}.zip`);
      writeFileSync(file, bytes);
      return file;
    });
    const answer = spawnSync('python3', [reader, '--packs'], {
      input: files.map((file) => `${file}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    assert.equal(answer.status, 0, answer.stderr);
    const said = answer.stdout.trimEnd().split('\n');
    assert.equal(said.length, packs.length);
    for (const [index, { name, ok }] of packs.entries()) {
      const ours = await verifyEvidence(files[index]!);
      const theirs = JSON.parse(said[index]!) as { ok: boolean; problems: unknown };
      assert.equal(ours.ok, ok, `${name}: ${JSON.stringify(ours.problems)}`);
      assert.equal(theirs.ok, ok, `${name}, the second reader: ${JSON.stringify(theirs.problems)}`);
    }
    console.log(`      ${packs.length} packs, ${packs.filter((one) => !one.ok).length} refused by both`);
  }

  const changed = (change: (files: Entries) => void): Uint8Array => {
    const files = Object.fromEntries(
      Object.entries(entries).map(([name, bytes]) => [name, Buffer.from(bytes)]),
    );
    change(files);
    return zipSync(files, { level: 0 });
  };
  const remake = (files: Entries): void => {
    const line = (name: string): string => `${sha256(files[`inc-1/${name}`]!)}  ${name}\n`;
    const payload = Object.keys(files)
      .map((name) => name.slice(6))
      .filter((name) => name.startsWith('data/'))
      .sort();
    files['inc-1/manifest-sha256.txt'] = Buffer.from(payload.map(line).join(''));
    files['inc-1/tagmanifest-sha256.txt'] = Buffer.from(
      ['bag-info.txt', 'bagit.txt', 'manifest-sha256.txt'].map(line).join(''),
    );
  };

  it('agrees on changes of every file', async () => {
    const packs = [{ name: 'none', bytes: changed(() => {}), ok: true }];
    for (const [name, bytes] of Object.entries(entries)) {
      const add = (what: string, change: (files: Entries) => void): void =>
        void packs.push({ name: `${name} ${what}`, bytes: changed(change), ok: false });
      for (const index of [0, bytes.length >> 1])
        add(`byte ${index}`, (files) => {
          files[name]![index]! ^= 1;
        });
      add('gone', (files) => {
        delete files[name];
      });
      add('empty', (files) => {
        files[name] = Buffer.alloc(0);
      });
      add('longer', (files) => {
        files[name] = Buffer.concat([files[name]!, Buffer.from('x\n')]);
      });
      if (name.endsWith('.note') || name.includes('manifest')) continue;
      add('changed, manifests made anew', (files) => {
        files[name] = Buffer.concat([Buffer.from(' '), files[name]!]);
        remake(files);
      });
    }
    await hold(packs);
  });

  it('agrees on seals', async () => {
    const good = text(entries[noteOf]);
    const [, , writer = '', digest = ''] = good.split('\n');
    const seal = (fields: Partial<Parameters<typeof printSealText>[0]>): string =>
      printSealText({ incident: 'inc-1', writer, sha256: digest, ...fields });
    const origin = `runbook-notebooks/inc-1/${writer}`;
    const notes: Record<string, string> = {
      'of a key of nobody': signNote(seal({}), origin, signingKey()),
      'of a writer that recorded no pack': signOther(seal({ writer: otherWriter })),
      'of a writer that recorded no pack, in the name of the one that did': signOther(seal({})),
      'of another incident': signOther(seal({ incident: 'inc-2', writer: otherWriter })),
      'of other manifests': signOther(seal({ writer: otherWriter, sha256: '0'.repeat(64) })),
      'with a second signature': `${good}${good.split('\n').at(-2)}\n`,
      'with a line more': good.replace(`${digest}\n`, `${digest}\nmore\n`),
      'with a line less': good.replace(`${digest}\n`, ''),
      'of another version': good.replace('pack v1', 'pack v2'),
      'without its last line feed': good.slice(0, -1),
      'with carriage returns': good.replaceAll('\n', '\r\n'),
      'with another spelling of its signature': good.replace(/=*\n$/, '\n'),
      'in capitals': good.replace(digest, digest.toUpperCase()),
      'of no text': '',
    };
    await hold(
      Object.entries(notes).map(([name, note]) => ({
        name: `a seal ${name}`,
        bytes: changed((files) => {
          files[noteOf] = Buffer.from(note);
        }),
        ok: false,
      })),
    );
  });

  it('agrees on manifests', async () => {
    const edit = (name: string, change: (text: string) => string): Uint8Array =>
      changed((files) => {
        files[`inc-1/${name}`] = Buffer.from(change(text(files[`inc-1/${name}`])));
      });
    const manifest = 'manifest-sha256.txt';
    await hold(
      Object.entries({
        'a line doubled': edit(manifest, (all) => all + all.slice(0, all.indexOf('\n') + 1)),
        'a line dropped': edit(manifest, (all) => all.slice(all.indexOf('\n') + 1)),
        'one blank': edit(manifest, (all) => all.replace('  ', ' ')),
        capitals: edit(manifest, (all) => all.toUpperCase()),
        'no last line feed': edit(manifest, (all) => all.slice(0, -1)),
        'a path out of data': edit(manifest, (all) => `${all}${'0'.repeat(64)}  ../x\n`),
        'a tag file more': edit('tagmanifest-sha256.txt', (all) => `${all}${'0'.repeat(64)}  more.txt\n`),
        'another version of BagIt': edit('bagit.txt', (all) => all.replace('1.0', '0.97')),
        'a file more': changed((files) => {
          files['inc-1/data/more.txt'] = Buffer.from('x');
        }),
        'a file more beside the data': changed((files) => {
          files['inc-1/more.txt'] = Buffer.from('x');
        }),
      }).map(([name, bytes]) => ({ name, bytes, ok: false })),
    );
  });

  it('agrees on hostile files', async () => {
    const withEntry = (name: string, bytes: Uint8Array = Buffer.from('x')): Uint8Array =>
      changed((files) => {
        files[name] = bytes;
      });
    /** Of the first entry of the central directory: where a claim is put over what it says. */
    const claim = (at: number, value: number, width: 2 | 4): Uint8Array => {
      const copy = Buffer.from(original);
      const entry = copy.indexOf(Buffer.from('504b0102', 'hex'));
      if (width === 2) copy.writeUInt16LE(value, entry + at);
      else copy.writeUInt32LE(value, entry + at);
      return copy;
    };
    const names = [
      '../evil', '/etc/evil', 'inc-1/../../evil', 'inc-1\\evil', 'C:/evil', 'inc-1/a//b', 'inc-1/./b', 'other/x',
      'inc-1/a\u0000b', 'inc-1/a\u001bb', 'inc-1/BAGIT.txt', `inc-1/${'d/'.repeat(40)}x`, `inc-1/${'n'.repeat(600)}`,
    ]; // biome-ignore format: a list
    const hostile: Record<string, Uint8Array> = {
      ...Object.fromEntries(names.map((name) => [`an entry ${JSON.stringify(name)}`, withEntry(name)])),
      'two Unicode forms of a name': changed((files) => {
        files['inc-1/data/é'.normalize('NFC')] = Buffer.from('x');
        files['inc-1/data/é'.normalize('NFD')] = Buffer.from('x');
      }),
      'no bytes': Buffer.alloc(0),
      'two bytes': Buffer.from('PK'),
      'one letter': Buffer.alloc(100_000, 0x50),
      'the end cut off': original.subarray(0, -30),
      'the beginning cut off': original.subarray(30),
      'no entries': zipSync({}),
      'a bomb': claim(24, 0xfffffff0, 4),
      'packed bytes beyond the file': claim(20, 0x7fffffff, 4),
      'a link': claim(38, 0o120777 * 0x10000, 4),
      'a device': claim(38, 0o060600 * 0x10000, 4),
      encryption: claim(8, 0x0801, 2),
      'an unknown packing': claim(10, 99, 2),
      'zeroes, well packed, in a folder of another': zipSync({ 'x/y': Buffer.alloc(1 << 24) }, { level: 9 }),
    };
    const before = process.resourceUsage().maxRSS;
    await hold(Object.entries(hostile).map(([name, bytes]) => ({ name, bytes, ok: false })));
    assert.ok(process.resourceUsage().maxRSS - before < 256 * 1024, 'memory stays bounded');
  });
});
