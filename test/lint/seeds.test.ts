// The seeds under lint, against a table that was made by hand before the code.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../../src/base/problem.ts';
import { filesIn, lintText } from './lintFile.ts';

const seeds = path.resolve(import.meta.dirname, '../../../shared/seeds');
const table = path.resolve(import.meta.dirname, '../fixtures/lint/seedProblems.txt');

describe('the seeds: lint', () => {
  const found = new Map<string, Problem[]>();

  before(async function () {
    if (!existsSync(seeds)) {
      console.log(`      skipped: ${seeds} is not here`);
      this.skip();
    }
    for (const name of readdirSync(seeds)) {
      const text = readFileSync(path.join(seeds, name), 'utf8');
      found.set(name, await lintText(text, { fileName: name, files: filesIn(seeds) }));
    }
  });

  it('finds what a careful reviewer would, and nothing else of those kinds', () => {
    const wanted = readFileSync(table, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' | ') as [string, string, string, string]);
    const codes = new Set(wanted.map(([, , code]) => code));
    const got = [...found].flatMap(([name, problems]) =>
      problems.filter(({ code }) => codes.has(code)).map((problem) => ({ name, problem })),
    );
    for (const [name, line, code, quote] of wanted) {
      const at = got.findIndex(
        (one) =>
          one.name === name &&
          one.problem.range.line + 1 === Number(line) &&
          one.problem.code === code &&
          one.problem.message.includes(quote),
      );
      assert.ok(at >= 0, `not found: ${name}:${line} ${code} ${quote}`);
      got.splice(at, 1);
    }
    const extra = got.map(
      ({ name, problem }) => `${name}:${problem.range.line + 1} ${problem.code} ${problem.message}`,
    );
    assert.deepEqual(extra, []);
  });

  it('underlines the text that it quotes', () => {
    for (const [name, problems] of found) {
      const lines = readFileSync(path.join(seeds, name), 'utf8').split('\n');
      for (const { code, message, range } of problems) {
        if (range.line !== range.endLine || /^(command-outside-cell|blocks-the-rest)$/.test(code)) continue;
        const under = lines[range.line]!.slice(range.character, range.endCharacter);
        assert.ok(
          under !== '' && message.includes(under.slice(0, 40)),
          `${name}:${range.line + 1} ${code} "${under}" ${message}`,
        );
      }
    }
  });

  it('says nothing of kinds that are not in the table but these', () => {
    const rows = readFileSync(table, 'utf8').split('\n');
    const wanted = new Set(rows.map((row) => row.split(' | ')[2]));
    const others = [...found].flatMap(([name, problems]) =>
      problems
        .filter(({ code }) => !wanted.has(code))
        .map(({ code, range }) => `${name}:${range.line + 1} ${code}`),
    );
    assert.ok(others.length > 0);
    for (const one of others) assert.match(one, /script-missing$/);
  });
});
