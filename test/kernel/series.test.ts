// Hostile series of cells: the state after them equals that of one bash that sourced the same cells.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { series } from '../fixtures/kernel/series.ts';
import { otherBash, withSession } from './harness.ts';

// Before bash 4 a bare `declare -p` prints what `set` does.
const probe =
  'if test ${BASH_VERSINFO[0]} -ge 4; then declare -p; else declare -p $(compgen -v); fi; declare -f; alias; set +o; shopt; trap; umask; pwd';

/** Differ from bash to bash whatever is run. */
const volatile =
  /^declare -\S+ (?:BASH_\w+|BASHPID|RANDOM|SRANDOM|EPOCH\w+|SECONDS|LINENO|PPID|PIPESTATUS|FUNCNAME|RUNBOOK_SESSION|_|SHLVL|COLUMNS|LINES|HISTCMD)(?:=|$)/;

function comparable(text: string, home: string): string[] {
  return text
    .replaceAll(home, '~')
    .split('\n')
    .filter((line) => !volatile.test(line));
}

/** One bash that sources the cells. One that ends it ends there; the next goes on from what its EXIT trap told. */
function expected(cells: readonly string[], home: string): string {
  const files = cells.map((cell, index) => {
    const file = path.join(home, '..', `cell-${index}`);
    writeFileSync(file, `${cell}\n`);
    return file;
  });
  const last = path.join(home, '..', 'probe');
  writeFileSync(last, `${probe}\n`);
  // Its value spans lines, which `declare -p` of an older bash prints as they are.
  const script = `unset BASH_EXECUTION_STRING\n${files.map((file) => `. ${file} >/dev/null 2>&1`).join('\n')}\n. ${last}\ntrap - EXIT`;
  return execFileSync(otherBash.bashPath ?? 'bash', ['--norc', '--noprofile', '-c', script, 'bash'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Another bash than the one on the PATH, without maps. */
const isBefore4 =
  otherBash.bashPath !== undefined &&
  Number(execFileSync(otherBash.bashPath, ['-c', 'echo $BASH_VERSINFO'], { encoding: 'utf8' })) < 4;

describe('a series of cells leaves the state of one bash', () => {
  for (const [name, { cells, sameAs }] of Object.entries(series)) {
    it(name, async function () {
      if (isBefore4 && cells.some((cell) => /declare -\w*A/.test(cell))) this.skip();
      const root = mkdtempSync(path.join(tmpdir(), 'kernel-series-'));
      const home = path.join(root, 'home');
      mkdirSync(home);
      await withSession(
        async ({ run }) => {
          for (const cell of cells) await run(cell);
          const { sink } = await run(probe);
          rmSync(home, { recursive: true });
          mkdirSync(home);
          const actual = comparable(sink.bytes('stdout').toString('latin1'), home);
          assert.deepEqual(actual, comparable(expected(sameAs ?? cells, home), home));
        },
        { cwd: home, env: { PATH: process.env.PATH!, HOME: home, LANG: 'C.UTF-8' } },
      );
      rmSync(root, { recursive: true });
    });
  }
});
