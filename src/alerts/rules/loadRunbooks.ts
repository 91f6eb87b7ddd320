// Runbooks from files and folders, read as far as alerts go.

import { promises as fs } from 'node:fs';
import { parseDocument } from '../../document/parseDocument.ts';
import { declarationsOf } from '../declarationsOf.ts';
import { outlineOf } from '../outline/outlineOf.ts';
import { sourceLines } from '../sourceText.ts';
import { headingAnchors } from './headingAnchors.ts';
import { filesBelow } from './loadRules.ts';
import type { RunbookEntry } from './runbookEntry.ts';

/** `knownAlerts` are the rules' names: with them a name counts that has not the form of one. */
export async function loadRunbooks(
  paths: readonly string[],
  knownAlerts: Iterable<string> = [],
  signal?: AbortSignal,
): Promise<RunbookEntry[]> {
  const known = [...knownAlerts];
  const entries: RunbookEntry[] = [];
  for await (const file of filesBelow(paths, (name) => /\.(md|markdown|mdx)$/i.test(name), signal)) {
    entries.push(readRunbook(file, await fs.readFile(file), known));
  }
  return entries;
}

export function readRunbook(
  file: string,
  bytes: Uint8Array,
  knownAlerts: Iterable<string> = [],
): RunbookEntry {
  const doc = parseDocument(bytes);
  return {
    file,
    told: declarationsOf(doc, file, { knownAlerts }),
    anchors: headingAnchors(outlineOf(sourceLines(doc))),
    cellLines: doc.cells.map(({ lines }) => lines[0]),
  };
}
