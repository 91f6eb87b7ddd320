// What a runbook costs to read, to write again, and to edit: against markdown-it's bare parse of the same text, and
// against itself at a tenth of the size.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import { parseDocument, readDocument } from '../../src/document/parseDocument.ts';
import { printDocument } from '../../src/document/printDocument.ts';
import { rereadDocument } from '../../src/document/rereadDocument.ts';
import { type Bench, measurePairs, type Paired } from './bench.ts';

/** All Markdown of a folder; our own runbooks stand in where the documents beside the project are absent. */
function markdownFiles(): Uint8Array[] {
  const shared = path.resolve(import.meta.dirname, '../../../shared');
  const own = path.resolve(import.meta.dirname, '../../runbooks');
  for (const folder of [shared, own]) {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => new Uint8Array(readFileSync(path.join(folder, name))));
    } catch {
      // The next one.
    }
  }
  return [];
}

const files = markdownFiles();
const texts = files.map((bytes) => new TextDecoder().decode(bytes));
const documents = files.map((bytes) => parseDocument(bytes));
const markdownIt = new MarkdownIt();
const parseBare = (): void => {
  for (const text of texts) markdownIt.parse(text, {});
};

const megabyte = 1 << 20;

/** A runbook of about so many bytes: the real ones, one after the other, without front matter. */
function longRunbook(size: number): Uint8Array {
  const all = texts.map((text) => text.replace(/^---\n[\s\S]*?\n---\n/, '')).join('\n\n');
  return new TextEncoder().encode(all.repeat(Math.ceil(size / all.length)).slice(0, size));
}

function told({ subjectMs, baseMs }: Paired, what: string): string {
  return `${subjectMs.toFixed(2)} ms over ${baseMs.toFixed(2)} ms, ${what}`;
}

const corpus = `${files.length} files, ${(files.reduce((sum, bytes) => sum + bytes.length, 0) / 1024).toFixed(0)} KiB`;

export const benches: Bench[] = [
  {
    name: 'document: parse over bare markdown-it',
    limit: 1.5,
    unit: 'ratio',
    async run() {
      const paired = await measurePairs(() => {
        for (const bytes of files) parseDocument(bytes);
      }, parseBare);
      return { value: paired.ratio, detail: told(paired, corpus) };
    },
  },
  {
    name: 'document: print of an unedited document over bare markdown-it',
    limit: 0.1,
    unit: 'ratio',
    async run() {
      const paired = await measurePairs(() => {
        for (const document of documents) printDocument(document);
      }, parseBare);
      return { value: paired.ratio, detail: told(paired, corpus) };
    },
  },
  {
    // 10 is linear; the rest is room for caches and the collector.
    name: 'document: parse of 10 MB over 1 MB',
    limit: 13,
    unit: 'ratio',
    async run() {
      const [large, small] = [longRunbook(10 * megabyte), longRunbook(megabyte)];
      const paired = await measurePairs(
        () => parseDocument(large),
        () => parseDocument(small),
        { pairs: 3 },
      );
      return { value: paired.ratio, detail: told(paired, '10 MiB over 1 MiB') };
    },
  },
  {
    // The rest of the document is compared and copied, not parsed: far below a parse.
    name: 'document: save after typing in one cell of 10 MB over its parse',
    limit: 0.5,
    unit: 'ratio',
    async run() {
      const bytes = longRunbook(10 * megabyte);
      const shape = toNotebook(bytes);
      const middle = shape.cells.findIndex(
        (cell, index) => index > shape.cells.length / 2 && cell.kind === 'code' && cell.value !== '',
      );
      let typed = 0;
      const paired = await measurePairs(
        () => {
          const cells = [...shape.cells];
          cells[middle] = { ...cells[middle]!, value: `${cells[middle]!.value} ${++typed}` };
          fromNotebook({ ...shape, cells });
        },
        () => parseDocument(bytes),
        { pairs: 3 },
      );
      return { value: paired.ratio, detail: told(paired, `${shape.cells.length} cells`) };
    },
  },
  {
    // One cell is parsed; the rest is compared as text. Ten, so that what the collector clears after the parse weighs less.
    name: 'document: ten keys typed in one cell of 10 MB and read again, over its parse',
    limit: 0.6,
    unit: 'ratio',
    async run() {
      const source = new TextDecoder().decode(longRunbook(10 * megabyte));
      const before = readDocument(source);
      const { cells } = before.document;
      const middle = cells.findIndex(({ kind }, index) => index > cells.length / 2 && kind === 'code');
      const at = before.source.indexOf(cells[middle]!.text, source.length / 2);
      let typed = '';
      const paired = await measurePairs(
        () => {
          for (let key = 0; key < 10; key++) {
            typed += 'x';
            const { document } = rereadDocument(before, source.slice(0, at) + typed + source.slice(at));
            if (document.cells.length !== cells.length) throw new Error('It was no edit of one cell.');
          }
        },
        () => readDocument(source),
        { pairs: 3 },
      );
      return { value: paired.ratio, detail: told(paired, `${cells.length} cells`) };
    },
  },
];
