// The commands classed by hand against the tables: none may be rated below its class, few above.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { assess } from '../../src/shell/assess.ts';
import { compareRisk, type Risk, risks } from '../../src/shell/risk.ts';
import { shellParser } from './shellParser.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/shell');

interface Row {
  readonly file: string;
  readonly risk: Risk;
  readonly command: string;
}

/** What a table's line can't hold: `⏎ ⇥ ␍ ␋`. */
function spelledOut(command: string): string {
  return command.replaceAll('⏎', '\n').replaceAll('⇥', '\t').replaceAll('␍', '\r').replaceAll('␋', '\v');
}

function rows(): Row[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tsv'))
    .flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => {
          const [risk, command, reason] = line.split('\t') as [Risk, string, string];
          assert.ok(risks.includes(risk) && command && reason, `${file}: ${line}`);
          return { file, risk, command: spelledOut(command) };
        }),
    );
}

describe('the table of classed commands', () => {
  const all = rows();

  it('holds at least 400', () => {
    assert.ok(all.length >= 400, String(all.length));
  });

  it('is met: nothing below its class, under 3 % above, and a reason for each', async () => {
    const parser = await shellParser();
    const below: string[] = [];
    const above: string[] = [];
    const silent: string[] = [];
    for (const { risk, command } of all) {
      const found = assess(parser, command, { deadlineMs: 5000 });
      const line = `${risk} expected, ${found.risk} found: ${command} — ${found.commands.map((one) => one.reasons.join('; ')).join(' / ')}`;
      const order = compareRisk(found.risk, risk);
      if (order < 0) below.push(line);
      if (order > 0) above.push(line);
      if (found.commands.some((one) => one.risk !== 'read' && one.reasons.length === 0)) silent.push(command);
    }
    assert.deepEqual(below, []);
    assert.deepEqual(silent, []);
    assert.ok(
      above.length < all.length * 0.03,
      `${above.length} of ${all.length} above:\n${above.join('\n')}`,
    );
  });
});
