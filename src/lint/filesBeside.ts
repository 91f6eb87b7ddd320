// The files around a runbook on this machine's disk: the port of `lintDocument` for hosts that have one.

import { promises as fs } from 'node:fs';
import path from 'node:path';
import { outlineOf } from '../alerts/outline/outlineOf.ts';
import { headingAnchors } from '../alerts/rules/headingAnchors.ts';
import { sourceLines } from '../alerts/sourceText.ts';
import { parseDocument } from '../document/parseDocument.ts';
import type { LintFiles } from './lintRule.ts';

const maxBytes = 4 * 1024 * 1024;

export function filesBeside(runbook: string): LintFiles {
  const folder = path.dirname(path.resolve(runbook));
  return {
    async kind(name) {
      const stat = await fs.stat(path.resolve(folder, name)).catch(() => null);
      if (!stat) return 'none';
      return stat.isDirectory() ? 'folder' : 'file';
    },
    async anchors(name) {
      const file = path.resolve(folder, name);
      const stat = await fs.stat(file).catch(() => null);
      if (!stat?.isFile() || stat.size > maxBytes) return null;
      const outline = outlineOf(sourceLines(parseDocument(await fs.readFile(file))));
      return new Set([...headingAnchors(outline).keys(), ...outline.ids.map((id) => id.toLowerCase())]);
    },
  };
}
