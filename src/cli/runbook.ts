#!/usr/bin/env node
// The command `runbook`: arguments in, exit status out.

import { CommanderError } from 'commander';
import { exitStatus, lineOf, statusOf } from './exitStatus.ts';
import { printError, tolerateClosedPipes } from './print.ts';
import { makeProgram } from './program.ts';

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
      await printError(`runbook: ${thrown.message.replace(/^error: /, '')} Try \`runbook --help\`.\n`);
      return;
    }
    await printError(`${lineOf(thrown)}\n`);
    process.exitCode = statusOf(thrown);
  }
}

await main(process.argv);
