// What a runbook costs to read and write again: parse and print, against markdown-it alone on the same text.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { printDocument } from '../../src/document/printDocument.ts';
import { type Bench, measurePairs } from './bench.ts';

/** All Markdown of a folder; our own runbooks stand in where the documents beside the project are absent. */
function markdownFiles(): Uint8Array[] {
  const shared = path.resolve(import.meta.dirname, '../../../shared');
  const own = path.resolve(import.meta.dirname, '../../runbooks');
  const folder = existsSync(shared) ? shared : own;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(path.join(folder, name)));
}

const files = markdownFiles();
const texts = files.map((bytes) => new TextDecoder().decode(bytes));
const size = files.reduce((sum, bytes) => sum + bytes.length, 0);
const markdownIt = new MarkdownIt();

export const benches: Bench[] = [
  {
    name: 'document: parse and print over markdown-it parsing',
    limit: 3,
    unit: 'ratio',
    async run() {
      const { ratio, subjectMs, baseMs } = await measurePairs(
        () => {
          for (const bytes of files) printDocument(parseDocument(bytes));
        },
        () => {
          for (const text of texts) markdownIt.parse(text, {});
        },
      );
      const detail = `${subjectMs.toFixed(1)} ms over ${baseMs.toFixed(1)} ms, ${files.length} files, ${(size / 1024).toFixed(0)} KiB`;
      return { value: ratio, detail };
    },
  },
];
