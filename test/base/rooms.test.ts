// Holds every import of src/ against the room table. The table is the architecture: change it here, in the
// same commit as the code that needs the change.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

const src = path.resolve(import.meta.dirname, '../../src');

const belowIncident = [
  'document', 'shell', 'alerts', 'cluster', 'guard', 'kernel', 'evidence', 'practice', 'lint',
]; // biome-ignore format: one list

/** Room → the other rooms that it may import. */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  document: ['base'],
  shell: ['base'],
  alerts: ['base', 'document'],
  cluster: ['base'],
  guard: ['base', 'shell'],
  kernel: ['base'],
  evidence: ['base'],
  practice: ['base'],
  lint: ['base', 'document', 'shell', 'alerts'],
  incident: ['base', ...belowIncident],
  editor: ['base', ...belowIncident, 'incident'],
  renderer: ['base'],
  cli: ['base', ...belowIncident, 'incident'],
};
const pureRooms = new Set(['base', 'document', 'shell']);
const maxLines = 350;

interface ImportOf {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.tsx'))
    .map((name) => path.join(src, name));
}

function importsOf(file: string): ImportOf[] {
  const room = path.relative(src, file).split(path.sep)[0]!;
  const { module, errors } = parseSync(file, readFileSync(file, 'utf8'));
  assert.deepEqual(errors, [], `${file} does not parse`);
  const found: ImportOf[] = [];
  for (const entry of module.staticImports) {
    const typeOnly = entry.entries.length > 0 && entry.entries.every((one) => one.isType);
    found.push({ file, room, specifier: entry.moduleRequest.value, typeOnly });
  }
  for (const entry of module.staticExports) {
    for (const one of entry.entries) {
      if (one.moduleRequest)
        found.push({ file, room, specifier: one.moduleRequest.value, typeOnly: one.isType });
    }
  }
  const text = readFileSync(file, 'utf8');
  for (const entry of module.dynamicImports) {
    const specifier = text
      .slice(entry.moduleRequest.start, entry.moduleRequest.end)
      .replace(/^['"`]|['"`]$/g, '');
    found.push({ file, room, specifier, typeOnly: false });
  }
  return found;
}

describe('the rooms of src/', () => {
  const files = sourceFiles();
  const imports = files.flatMap(importsOf);
  const told = (one: ImportOf): string => `${path.relative(src, one.file)} imports ${one.specifier}`;

  it('are all in the table', () => {
    const rooms = new Set(files.map((file) => path.relative(src, file).split(path.sep)[0]!));
    assert.deepEqual(
      [...rooms].filter((room) => !(room in mayImport)),
      [],
    );
    assert.ok(imports.length > 0, 'no import was read: the check itself is broken');
  });

  it('import only what the table allows', () => {
    const wrong = imports.filter((one) => {
      if (!one.specifier.startsWith('.')) return false;
      const target = path.relative(src, path.resolve(path.dirname(one.file), one.specifier));
      // The program's own version is all that lies outside of src/.
      if (target === path.join('..', 'package.json')) return false;
      if (target.startsWith('..')) return true;
      const room = target.split(path.sep)[0]!;
      return room !== one.room && !mayImport[one.room]!.includes(room);
    });
    assert.deepEqual(wrong.map(told), []);
  });

  it('keep vscode in editor, and node out of the pure rooms', () => {
    const wrong = imports.filter(
      (one) =>
        (one.specifier === 'vscode' && one.room !== 'editor') ||
        (one.specifier.startsWith('node:') && pureRooms.has(one.room)),
    );
    assert.deepEqual(wrong.map(told), []);
  });

  it('let the renderer import nothing of another room but types', () => {
    const wrong = imports.filter(
      (one) => one.room === 'renderer' && one.specifier.startsWith('../') && !one.typeOnly,
    );
    assert.deepEqual(wrong.map(told), []);
  });

  it('let the reader of evidence import no writer', () => {
    const wrong = imports.filter(
      (one) => one.file.includes(`${path.sep}evidence${path.sep}read`) && /\/write/.test(one.specifier),
    );
    assert.deepEqual(wrong.map(told), []);
  });

  it(`hold no file over ${maxLines} lines`, () => {
    const long = files
      .map((file) => ({
        file: path.relative(src, file),
        lines: readFileSync(file, 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > maxLines);
    assert.deepEqual(long, []);
  });
});
