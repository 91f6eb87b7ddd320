// The commands that every container has, in one table.

import { databaseCommands } from './databaseCommands.ts';
import { fileCommands } from './fileCommands.ts';
import { networkCommands } from './networkCommands.ts';
import type { Command } from './program.ts';
import { pythonCommands } from './pythonCommands.ts';
import { shellCommands } from './shellCommands.ts';
import { tarCommand } from './tarCommand.ts';
import { textCommands } from './textCommands.ts';

export const builtInCommands: Readonly<Record<string, Command>> = {
  ...fileCommands,
  ...textCommands,
  ...shellCommands,
  ...networkCommands,
  ...databaseCommands,
  ...pythonCommands,
  tar: tarCommand,
};
