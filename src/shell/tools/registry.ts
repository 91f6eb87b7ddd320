// The ordered list of all tools. A tool that is not here is of unknown content.

import type { Tool } from '../call.ts';
import { builtins } from './builtins.ts';
import { curl } from './curl.ts';
import { fileTools } from './fileTools.ts';
import { kubectl } from './kubectl.ts';
import { readers } from './readers.ts';
import { shells } from './shells.ts';
import { wrappers } from './wrappers.ts';

const tools: readonly Tool[] = [kubectl, curl, ...wrappers, ...shells, ...builtins, ...fileTools, ...readers];

const byName = new Map<string, Tool>();
for (const tool of tools) {
  for (const name of tool.names) if (!byName.has(name)) byName.set(name, tool);
}

export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}

/** Every name in the tables: for tests and completion. */
export function toolNames(): string[] {
  return [...byName.keys()];
}
