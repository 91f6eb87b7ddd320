// A second parser as a check: bash's own. What it prints of a command as it understood it (a function's body by
// `declare -f`) has to be read as the same commands of the same class.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assess } from '../../src/shell/assess.ts';
import { findPlaceholders } from '../../src/shell/placeholders.ts';
import { shellParser } from './shellParser.ts';

const texts = ['kubectl', 'tools', 'shell'].flatMap((name) =>
  readFileSync(path.resolve(import.meta.dirname, `../fixtures/shell/${name}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')[1]!.replaceAll('⏎', '\n')),
);

/** The body of each text as bash prints it; null for what is no whole command to it. Nothing of it is run. */
function asBashReads(all: readonly string[]): (string | null)[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bash-reads-'));
  try {
    all.forEach((text, index) => void writeFileSync(path.join(folder, `${index}`), `it() {\n${text}\n}\n`));
    const program =
      'for ((i = 0; i < $2; i++)); do (bash -n "$1/$i" && . "$1/$i" && declare -f it) > "$1/$i.out" 2>/dev/null; done';
    spawnSync('bash', ['-c', program, 'bash', folder, String(all.length)]);
    return all.map((_, index) => {
      const out = readFileSync(path.join(folder, `${index}.out`), 'utf8');
      const body = /^it \(\) *\n\{ *\n([\s\S]*)\n\}\n$/.exec(out)?.[1];
      return body === undefined ? null : body.replace(/^ {4}/gm, '');
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('risk, read by a second parser', () => {
  it('is the same for each command as bash itself understands it', async () => {
    const parser = await shellParser();
    // Bash takes a placeholder for redirections; a body that closes the function early is no function's body; and a
    // coprocess is printed under a name that bash itself would run if it read it again.
    const plain = texts.filter(
      (text) => findPlaceholders(text).length === 0 && !/^\s*\}|^coproc /m.test(text),
    );
    const read = asBashReads(plain);
    const different: string[] = [];
    let compared = 0;
    plain.forEach((text, index) => {
      const printed = read[index];
      if (printed == null) return;
      compared++;
      const tools = (source: string): string[] => {
        const { risk, commands } = assess(parser, source, { deadlineMs: 5000 });
        return [risk, ...commands.map(({ tool }) => tool).sort()];
      };
      const [one, other] = [tools(text), tools(printed)];
      if (one.join() !== other.join())
        different.push(`${text}\n  ${one.join(', ')}\n  ${other.join(', ')}\n${printed}`);
    });
    assert.ok(compared > 380, String(compared));
    assert.deepEqual(different, []);
  }).timeout(60_000);
});
