// Properties of every edit: outside bytes stay, and the file reads back as the notebook that was saved.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textOf } from '../../src/document/byteText.ts';
import { decodeLayout } from '../../src/document/cellLayout.ts';
import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import type { CellShape } from '../../src/document/notebookShape.ts';
import { parseText } from '../../src/document/parseDocument.ts';
import { linesOf } from '../../src/document/sourceLines.ts';
import { corpusFiles, corpusMissing } from './corpus.ts';
import * as editing from './editing.ts';
import { markdownText } from './markdownText.ts';
import { runs } from './propertyRuns.ts';

const body = fc
  .array(
    fc.constantFrom(
      'ls',
      '',
      '  indented',
      '\ttab',
      '```',
      '````sh',
      '~~~',
      '> x',
      '- y',
      '# z',
      'echo "```"',
      '<!--',
    ),
    {
      maxLength: 6,
    },
  )
  .map((lines) => lines.join('\n'));

/** Parsers differ about the columns of those; a fence may then go to the margin. */
const tabInQuote = />.*\t/;

/** The body of one fence replaced: everything before its first body line and after its last stays. */
function bodyEditHolds(source: string, index: number, value: string, shape = editing.open(source)): void {
  const cells = shape.cells.map((cell, at) => (at === index ? { ...cell, value } : cell));
  const result = textOf(fromNotebook({ ...shape, cells }));
  const raws = shape.cells.map((cell) => String(cell.metadata.raw));
  const before = String(shape.metadata.preamble) + raws.slice(0, index).join('');
  const after = raws.slice(index + 1).join('');
  const layout = decodeLayout(String(shape.cells[index]!.metadata.layout))!;
  assert.ok(result.startsWith(before), 'what is before the cell changed');
  if (layout.closed) assert.ok(result.endsWith(after), 'what is after the cell changed');
  const now = result.slice(before.length, result.length - (layout.closed ? after.length : 0));
  const opening = linesOf(raws[index]!)[layout.lead]!.slice(0, layout.openColumn);
  assert.ok(linesOf(now)[layout.lead]!.startsWith(opening), 'the opening line changed its prefix');
  assert.deepEqual(
    parseText(result)
      .cells.filter((cell) => cell.kind === 'code')
      .map((cell) => cell.text),
    cells.filter((cell) => cell.kind === 'code').map((cell) => cell.value),
    result,
  );
}

describe('editing a fence', function () {
  this.timeout(120_000);

  it('leaves the rest of any Markdown, and reads back', () => {
    fc.assert(
      fc.property(markdownText, body, fc.nat(), (text, value, pick) => {
        fc.pre(!tabInQuote.test(text));
        const source = textOf(new TextEncoder().encode(text));
        const { cells } = parseText(source);
        const fences = cells.flatMap((cell, index) => (cell.kind === 'code' ? [index] : []));
        fc.pre(fences.length > 0);
        bodyEditHolds(source, fences[pick % fences.length]!, value);
      }),
      runs(600),
    );
  });

  it('leaves the rest of every real runbook, and reads back', function () {
    if (corpusMissing) {
      console.log(`      skipped: ${corpusMissing}`);
      this.skip();
    }
    let fences = 0;
    this.timeout(120_000);
    for (const { bytes } of corpusFiles()) {
      const source = textOf(bytes);
      const shape = toNotebook(bytes);
      for (const [index, cell] of shape.cells.entries()) {
        if (cell.kind !== 'code') continue;
        fences++;
        const lines = cell.value.split('\n');
        bodyEditHolds(source, index, '', shape);
        bodyEditHolds(source, index, 'echo one\n\n```\n\techo two', shape);
        bodyEditHolds(
          source,
          index,
          [...lines.slice(0, 1), 'echo between', ...lines.slice(1)].join('\n'),
          shape,
        );
        bodyEditHolds(source, index, lines.map((line) => line.replaceAll('e', 'ee')).join('\n'), shape);
      }
    }
    assert.ok(fences > 100, `only ${fences} fences`);
  });
});

type AnyEdit = readonly [name: string, a: number, b: number, value: string];
const anyEdit: fc.Arbitrary<AnyEdit> = fc.tuple(
  fc.constantFrom(
    'type',
    'insert',
    'note',
    'remove',
    'move',
    'split',
    'join',
    'copy',
    'paste',
    'toMarkup',
    'toCode',
  ),
  fc.nat(20),
  fc.nat(20),
  body,
);

function apply(cells: CellShape[], [name, a, b, value]: AnyEdit): void {
  const length = cells.length;
  if (name === 'insert') editing.insert(a % (length + 1), editing.code(value))(cells);
  else if (name === 'note') editing.insert(a % (length + 1), editing.markup('Some words.'))(cells);
  if (length === 0) return;
  const [from, to] = [a % length, b % length];
  // A copy of a cell that can't run is plain text, and its tag is not known any more.
  if (['copy', 'paste', 'split'].includes(name) && cells[from]!.languageId === 'plaintext') return;
  if (name === 'type' && cells[from]!.kind === 'code') editing.type(from, value)(cells);
  else if (name === 'type') editing.type(from, `Text ${a}\n\n- item\n\nAnd ${b}\n`)(cells);
  else if (name === 'remove') editing.remove(from)(cells);
  else if (name === 'move') editing.move(from, to)(cells);
  else if (name === 'split' && cells[from]!.kind === 'code') editing.split(from, b % 3)(cells);
  else if (
    name === 'join' &&
    cells[from + 1]?.kind === cells[from]!.kind &&
    !/^[`~]{3}/m.test(cells[from]!.value)
  )
    editing.join(from)(cells);
  else if (name === 'copy') editing.copyDown(from)(cells);
  else if (name === 'paste') editing.cutAndPaste(from, to)(cells);
  else if (name === 'toMarkup' && /^[a-z ]*$/.test(cells[from]!.value)) editing.toMarkup(from)(cells);
  else if (name === 'toCode') editing.toCode(from)(cells);
}

describe('editing a notebook', function () {
  this.timeout(120_000);

  it('gives a file that reads back as the same code cells', () => {
    fc.assert(
      fc.property(markdownText, fc.array(anyEdit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        fc.pre(!text.includes('\ufeff'));
        const bytes = new TextEncoder().encode(text);
        const shape = toNotebook(bytes);
        const cells = [...shape.cells];
        // Indented code behind a nested fence can look like a fence where it is shown without its indent.
        fc.pre(!cells.some((cell) => cell.kind === 'markup' && codeIn(cell.value).length > 0));
        for (const edit of edits) apply(cells, edit);
        const result = fromNotebook({ ...shape, cells });
        const again = toNotebook(result);
        const wanted = cells.flatMap((cell, index) =>
          cell.kind === 'code' ? [{ text: cell.value, next: cells[index + 1] }] : codeIn(cell.value),
        );
        const found = again.cells.filter((cell) => cell.kind === 'code').map((cell) => cell.value);
        assert.deepEqual(
          found,
          wanted.map((one, index) => (isUpperPart(one, found[index]) ? found[index] : one.text)),
          textOf(result),
        );
      }),
      runs(600),
    );
  });
});

interface Wanted {
  readonly text: string;
  readonly next?: CellShape | undefined;
}

/** Code cells that Markdown spells out: joined from two texts it can come to hold a fence. */
function codeIn(value: string): Wanted[] {
  return parseText(value).cells.filter((cell) => cell.kind === 'code');
}

/** The upper part of a split cell is saved without the empty line that the editor leaves on it. */
function isUpperPart({ text, next }: Wanted, found: string | undefined): boolean {
  return next?.kind === 'code' && next.metadata.raw === undefined && `${found}\n` === text;
}
