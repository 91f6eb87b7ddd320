#!/usr/bin/env node
// The command `runbook`: arguments in, exit status out.

import { CommanderError } from 'commander';
import { exitStatus, lineOf, statusOf } from './exitStatus.ts';
import { printError, tolerateClosedPipes } from './print.ts';
import { makeProgram } from './program.ts';

/** On one line, and the help that tells more: of the command where one was named. */
function unusable(message: string, argv: readonly string[]): string {
  const said = message
    .replace(/^error: /, '')
    .replace(/\s*\n\(?/g, '. ')
    .replace(/\??\)?\.?$/, (end) => (end.includes('?') ? '?' : '.'));
  let command = makeProgram();
  const path = ['runbook'];
  for (const word of argv.slice(2)) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
    path.push(word);
  }
  return `runbook: ${said} Try \`${path.join(' ')} --help\`.\n`;
}

async function main(argv: readonly string[]): Promise<void> {
  tolerateClosedPipes();
  try {
    await makeProgram().parseAsync([...argv]);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return;
      process.exitCode = exitStatus.unusable;
      // A group of commands without one of them: its help was printed.
      if (thrown.code === 'commander.help') return;
      await printError(unusable(thrown.message, argv));
      return;
    }
    await printError(`${lineOf(thrown)}\n`);
    process.exitCode = statusOf(thrown);
  }
}

await main(process.argv);
