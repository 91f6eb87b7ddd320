// docs/evidence-format.md against the schema: every type, every member, its kind and whether it may be absent. A
// stranger's reader is written from the document alone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventTable } from '../../src/evidence/events.ts';
import { type Fields, saysOf } from '../../src/evidence/format/shape.ts';

const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/evidence-format.md'), 'utf8');
const section = /^## 6\. Events\n([\s\S]*?)^## /m.exec(document)![1]!;

/** The schema's words and the document's for the same. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\ba whole number from 0\b/g, 'n≥0'],
  [/\ba whole number\b/g, 'n'],
  [/\ba number\b/g, 'ms'],
  [/\btrue or false\b/g, 'boolean'],
  [/\bJSON\b/g, 'json'],
  [/\bRFC 3339 in UTC with milliseconds\b/g, 'time'],
  [/\bsha256(\??) 64 hex digits/g, 'sha256$1'],
];
const inWords = (fields: Fields): string =>
  words.reduce((said, [from, to]) => said.replaceAll(from, to), saysOf(fields));

/** Of a row or a common part, as the schema would say it. */
function plain(said: string, parts: ReadonlyMap<string, string>): string {
  return said
    .replace(/\((?:the|who)[^)]*\)/g, '')
    .replace(/`([\w -]+\??)`/g, '$1')
    .replace(/_(\w+)_/g, (_, name: string) => parts.get(name) ?? name)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Members in any order: the document is for people. */
function sorted(said: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let piece = '';
  for (const sign of said) {
    if ('[{('.includes(sign)) depth += 1;
    if (']})'.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0) {
      pieces.push(piece);
      piece = '';
    } else piece += sign;
  }
  return [...pieces, piece]
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'extra? json')
    .sort()
    .join(', ');
}

describe('the document of the format', () => {
  const parts = new Map<string, string>();
  for (const [, name, said] of section.matchAll(/^- _(\w+)_: (.*)$/gm)) {
    const inner = plain(said!.replace(/: who the cluster.*$/, ''), parts);
    parts.set(name!, inner.startsWith('[') ? inner : `{${inner}}`);
  }
  const rows = new Map<string, string>();
  for (const [, types, said] of section.matchAll(/^\| (`[^|]+`) +\| ([^|]*[^| ]) *\|$/gm))
    for (const type of types!.matchAll(/`([^`]+)`/g)) rows.set(type[1]!, said!);

  it('names every event type and no other', () => {
    assert.deepEqual([...rows.keys()].sort(), Object.keys(eventTable).sort());
  });

  for (const [type, fields] of Object.entries(eventTable))
    it(`tells every member of ${type}`, () => {
      const base = rows.get(type)!.replace('as above, and', () => `${rows.get('incident.opened')},`);
      assert.equal(sorted(plain(base, parts)), sorted(inWords(fields)));
    });

  it('says of which types `extra` is no member', () => {
    const without = Object.entries(eventTable).flatMap(([type, fields]) => ('extra' in fields ? [] : [type]));
    const told = /Every type but ([^.]*(?:`\w+\.\w+`[^.]*)*?) may have `extra/.exec(section)![1]!;
    assert.deepEqual([...told.matchAll(/`([^`]+)`/g)].map((one) => one[1]).sort(), without.sort());
  });
});
