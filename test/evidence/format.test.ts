// The published vectors of RFC 6962, C2SP signed notes and RFC 8785.

import assert from 'node:assert/strict';
import { canonicalJson } from '../../src/evidence/format/canonicalJson.ts';
import { parseCheckpoint, printCheckpoint } from '../../src/evidence/format/checkpoint.ts';
import { signingKey } from '../../src/evidence/format/keys.ts';
import { isId } from '../../src/evidence/format/layout.ts';
import { GrowingTree, leafHash } from '../../src/evidence/format/merkle.ts';
import {
  openNote,
  parseVerifierKey,
  printVerifierKey,
  signNote,
  verifierKey,
} from '../../src/evidence/format/signedNote.ts';

describe('the Merkle tree', () => {
  // Of the certificate-transparency project's reference tests.
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  it('has the published roots', () => {
    const tree = new GrowingTree();
    assert.equal(tree.root().toString('hex'), roots[0]);
    leaves.forEach((leaf, index) => {
      tree.append(leafHash(Buffer.from(leaf, 'hex')));
      assert.equal(tree.root().toString('hex'), roots[index + 1]);
    });
  });
});

describe('signed notes', () => {
  // Of Go's golang.org/x/mod/sumdb/note, which the specification names as its origin.
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signature =
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  const key = parseVerifierKey(vkey)!;

  it('are signed and opened as published', () => {
    const pair = signingKey(seed);
    assert.equal(printVerifierKey(verifierKey('PeterNeumann', pair.publicKey)), vkey);
    assert.equal(signNote(text, 'PeterNeumann', pair), `${text}\n${signature}`);
    assert.ok(openNote(`${text}\n${signature}`, [key]).ok);
    // The specification's own example.
    const example = parseVerifierKey(
      'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    )!;
    const line =
      '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    assert.ok(openNote(`This is an example message.\n\n${line}`, [example]).ok);
  });

  it('pass over unknown keys and refuse what is malformed', () => {
    const stranger = `\u2014 EnochRoot ${Buffer.alloc(68, 7).toString('base64')}\n`;
    assert.ok(openNote(`${text}\n${stranger}${signature}`, [key]).ok);
    const bad = [
      `${text}\n${stranger}`,
      `${text}${signature}`,
      `${text}\n${signature.replace('\u2014', '-')}`,
      `${text}\n${signature.trimEnd()}`,
      `${text}\n${signature}\n`,
      `${text}x\n\n${signature}`,
      `${text}\n${signature.replace('x08g', 'x08h')}`,
      `${text}\n${signature.replace('nAM=', 'nAN=')}`,
      `${text}\r\n${signature}`,
      `${text}\n${stranger.repeat(101)}${signature}`,
      `${'x'.repeat(70_000)}\n\n${signature}`,
    ];
    for (const note of bad) assert.ok(!openNote(note, [key]).ok, note.slice(-120));
    for (const wrong of [
      '',
      vkey.replace('c74f', 'c74e'),
      `${vkey}=`,
      vkey.replace('+ARpc', '+AhpC'),
      vkey.replace('Peter', 'Pe ter'),
    ]) {
      assert.equal(parseVerifierKey(wrong), undefined, wrong);
    }
  });

  it('hold checkpoints of exactly three lines', () => {
    const checkpoint = { origin: 'runbook-notebooks/a/b', size: 7, root: Buffer.alloc(32, 1) };
    const printed = printCheckpoint(checkpoint);
    assert.deepEqual(parseCheckpoint(printed), checkpoint);
    for (const wrong of [
      printed.replace('7', '07'),
      printed.replace('7', '-7'),
      `${printed}x\n`,
      printed.trimEnd(),
      printed.replace('=', ''),
    ]) {
      assert.equal(parseCheckpoint(wrong), undefined, wrong);
    }
  });
});

describe('canonical JSON', () => {
  it('is the one of RFC 8785', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    ) as unknown;
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    assert.equal(canonicalJson(names).replace(/"[^"]*":/g, ''), '{2,4,6,7,1,5,3}');
  });
});

describe('ids', () => {
  it('are names that every system takes', () => {
    for (const good of ['a', 'inc-2026.11_x', 'A'.repeat(80)]) assert.ok(isId(good), good);
    for (const bad of [
      '',
      '.',
      '..',
      'a/b',
      'a\\b',
      '.a',
      'a.',
      'a..b',
      'con',
      'NUL.txt',
      'com1',
      'A'.repeat(81),
      'a b',
      'ä',
      'a\n',
    ]) {
      assert.ok(!isId(bad), bad);
    }
  });
});
