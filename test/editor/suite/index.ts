// Owns the mocha run inside the extension host: VS Code loads this file and calls `run`. The tests are the
// bundles beside it.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import Reporter from '../../host/reporter.cjs';

/** Rejects when a test failed, which ends the host with another status than 0. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Reporter });
  if (process.env.RUNBOOK_TEST_GREP) mocha.grep(process.env.RUNBOOK_TEST_GREP);
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.cjs')).sort())
    mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
