// Alerting rules from files and folders: the workspace's, or a configured place.

import { type Dirent, promises as fs } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../../base/problem.ts';
import type { PlacedRule } from './alertRule.ts';
import { parseRuleText } from './parseRuleText.ts';

const ruleFile = /\.(ya?ml|rules|json|tpl|tmpl)$/i;
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor']);
const maxBytes = 20 * 1024 * 1024;

export interface LoadedRules {
  readonly rules: readonly PlacedRule[];
  readonly problems: readonly { readonly file: string; readonly problem: Problem }[];
}

/** Files and folders to the rules in them, in the order of their names. Throws what `fs` throws for a path that is not there. */
export async function loadRules(paths: readonly string[], signal?: AbortSignal): Promise<LoadedRules> {
  const rules: PlacedRule[] = [];
  const problems: { file: string; problem: Problem }[] = [];
  for await (const file of filesBelow(paths, (name) => ruleFile.test(name), signal)) {
    if ((await fs.stat(file)).size > maxBytes) continue;
    const text = await fs.readFile(file, 'utf8');
    // Most YAML of a workspace holds no rules: it is neither parsed nor judged.
    if (!/["']?alert["']?\s*:/.test(text)) continue;
    const read = parseRuleText(text);
    rules.push(...read.rules.map((rule) => ({ ...rule, file })));
    if (read.rules.length > 0 || /\bgroups\s*:/.test(text))
      problems.push(...read.problems.map((problem) => ({ file, problem })));
  }
  return { rules, problems };
}

/** Files given by name, and those below folders whose name `wanted` takes; links to folders are not followed. */
export async function* filesBelow(
  paths: readonly string[],
  wanted: (name: string) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for (const one of paths) {
    signal?.throwIfAborted();
    if ((await fs.stat(one)).isDirectory()) yield* filesIn(one, wanted, signal);
    else yield one;
  }
}

async function* filesIn(
  folder: string,
  wanted: (name: string) => boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const entries: Dirent[] = await fs.readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    signal?.throwIfAborted();
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesIn(file, wanted, signal);
    else if (entry.isFile() && wanted(entry.name)) yield file;
  }
}
