// The real bash as judge: whatever makes it run a marked program, in scripts made of nested constructs, must not be
// taken for tame.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { assess } from '../../src/shell/assess.ts';
import { compareRisk } from '../../src/shell/risk.ts';
import type { ShellParser } from '../../src/shell/shellParser.ts';
import { shellParser } from './shellParser.ts';

const runs = Number(process.env.RUNBOOK_SOAK_RUNS ?? 20_000);

/** Ways to `rm x`, and to what only looks like it. */
const atoms = [
  'rm x', '$(rm x)', '`rm x`', "'; rm x; '", '"; rm x; "', '\nrm x\n', 'E\nrm x\n', ')\nrm x', '; rm x', '\\\nrm x',
  '\n\\rm x', '\r\nrm x', '#\nrm x', '\\`rm x\\`', '\\$(rm x)', '<(rm x)', "'$(rm x)'", '${a:-$(rm x)}', 'a[$(rm x)]',
  '|rm x', '&rm x', '# $(rm x)', '\\\\$(rm x)', '`echo \\`rm x\\``', '$(case a in a) rm x;; esac)', '$(# )\nrm x)',
]; // biome-ignore format: a list

/** `@` is what goes inside. */
const frames = [
  'echo "@"', "echo '@'", 'cat <<E\n@\nE', 'cat <<-E\n\t@\n\tE', "cat <<'E'\n@\nE", 'ls # @', 'x=@', "x='@'", '${x:-@}',
  'echo "${x:-@}"', 'echo ${x#@}', 'echo $(@)', 'echo `@`', '[[ a == @ ]]', '(( @ ))', 'echo $(( @ ))', 'ls @', 'ls\n@',
  'ls;@', 'case @ in a) ;; esac', 'case a in @) ;; esac', "echo $'@'", 'echo $"@"', 'ls \\@', 'for i in @; do ls; done',
  'x=(@)', 'x[@]=1', 'f() { ls @; }', '( ls @ )', 'ls <<<@', 'ls > @', 'echo a@b', 'let "@"', 'declare "x=@"',
  'alias q="@"', 'test "@"', 'printf -v x "@"', 'cat <<A <<E\n@\nA\n@\nE', 'echo "\\@"', 'ls \v@', 'ls \r@', 'echo é@',
  'ls\u00a0@', 'echo "${x:+"@"}"', 'cat <<E\n${x:-@}\nE', 'cat <<E\n`@`\nE', 'x=$(cat <<E\n@\nE\n)', 'unset @', '@\nls',
]; // biome-ignore format: a list

describe('scripts that the real bash runs', function () {
  this.timeout(3_600_000);
  let parser: ShellParser;
  let place: string;
  before(async () => {
    parser = await shellParser();
    place = mkdtempSync(path.join(tmpdir(), 'runbook-real-bash-'));
    for (const name of ['bin', 'work']) mkdirSync(path.join(place, name));
    const stub = (name: string, body: string): void =>
      writeFileSync(path.join(place, 'bin', name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
    stub('rm', `: > ${place}/ran`);
    stub('ls', 'exit 0');
    stub('cat', 'exec /bin/cat "$@"');
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  it('are not tame where they run what they hide', () => {
    const frame = fc.constantFrom(...frames);
    const atom = fc.constantFrom(...atoms);
    const script = fc
      .tuple(frame, fc.option(frame), atom, atom)
      .map(([outer, inner, one, other]) =>
        outer
          .replace('@', () => (inner ? inner.replaceAll('@', () => one) : one))
          .replaceAll('@', () => other),
      );
    fc.assert(
      fc.property(script, (text) => {
        const { risk } = assess(parser, text, { deadlineMs: 5000 });
        if (compareRisk(risk, 'unknown') >= 0) return;
        rmSync(path.join(place, 'ran'), { force: true });
        spawnSync('/bin/bash', ['--norc', '--noprofile'], {
          input: text,
          cwd: path.join(place, 'work'),
          env: { PATH: path.join(place, 'bin') },
          timeout: 5000,
          stdio: ['pipe', 'ignore', 'ignore'],
        });
        assert.ok(!existsSync(path.join(place, 'ran')), `${risk}: ${JSON.stringify(text)}`);
      }),
      { numRuns: runs },
    );
  });
});
