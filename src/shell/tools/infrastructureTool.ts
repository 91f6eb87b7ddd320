// A tool of verbs whose many flags do not change what it does: only the verb is read.

import type { Tool } from '../call.ts';
import { type SubcommandTable, subcommands } from './subcommands.ts';

export function infrastructureTool(
  names: readonly string[],
  globals: string,
  classes: SubcommandTable['classes'],
  more: Partial<SubcommandTable> = {},
): Tool {
  return subcommands({ names, style: 'cobra', globals, looseFlags: true, classes, ...more });
}
