// The kernel's own bash code runs in bash 3.2, which macOS has: nothing of it is newer. Where no old bash is at hand
// its text is searched; `RUNBOOK_BASH` (see the harness) runs all tests of the kernel with one.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as driver from '../../src/kernel/driver.ts';
import { shimScript } from '../../src/kernel/gate/shim.ts';
import { supervisorScript } from '../../src/kernel/supervisor.ts';
import { otherBash } from './harness.ts';

/** What came after 3.2, by the version that brought it. */
const newer: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['4.0: maps', /\b(?:declare|local|typeset)\s+-\w*A/],
  ['4.0: case of letters, ${x^} and ${x,}', /\$\{\w+(?:\[[^\]]*\])?(?:\^|,)/],
  ['4.0: &>>', /&>>/],
  ['4.0: |&', /\|&/],
  ['4.0: ;& and ;;&', /;;?&(?!&)/],
  ['4.0: coproc, mapfile, readarray', /\b(?:coproc|mapfile|readarray)\b/],
  ['4.0: BASHPID', /\bBASHPID\b/],
  ['4.0: {1..9..2} and {01..10}', /\{-?\d+\.\.-?\d+\.\.-?\d+\}|\{0\d+\.\./],
  ['4.0: read -t of less than a second, read -i and -N', /\bread\b[^;\n]*\s-(?:\w*t\s*\d*\.\d|\w*[iN]\b)/],
  ['4.1: {fd}>', /(?:^|\s)\{\w+\}[<>]/],
  ['4.2: declare -g', /\b(?:declare|typeset)\s+-\w*g/],
  ['4.2: printf %(…)T', /%\([^)]*\)T/],
  ['4.2: test -v', /(?:\[|\btest)\s+-v\b/],
  ['4.2: a negative length, ${x:0:-1}', /\$\{\w+:[^}:]*:\s*-/],
  ['4.3: a negative index', /\$\{\w+\[-/],
  ['4.3: declare -n', /\b(?:declare|local|typeset)\s+-\w*n\b/],
  ['4.3: wait -n', /\bwait\s+-\w*[np]/],
  ['4.4: ${x@Q}', /\$\{\w+(?:\[[^\]]*\])?@[A-Za-z]\}/],
  ['4.4: local -', /\blocal\s+-(?:\s|;|$)/],
  ['5.0: EPOCHSECONDS, EPOCHREALTIME, SRANDOM', /\b(?:EPOCHSECONDS|EPOCHREALTIME|SRANDOM)\b/],
];

const paths = { directory: '/run/s/bash-1', control: '/run/s/control', nonce: 'abc' };
const code: Readonly<Record<string, string>> = {
  tail: driver.tailReport(paths, false),
  'tail that passes the status': driver.tailReport(paths, true),
  failure: driver.failureReport(paths),
  outputs: driver.openOutputs('/run/s/1', '/run/s/2'),
  closing: driver.closeOutputs,
  done: driver.doneReport(paths),
  last: driver.lastReport(paths),
  'a whole text': driver.sourceText(paths, 'true', true),
  'an unclosed text': driver.sourceText(paths, 'true', false),
  status: driver.restoreStatus(3, 'xv'),
  traps: driver.armTraps(paths, true),
  'traps given back': driver.disarmTraps({ exitTrap: undefined, errorTrap: "trap -- 'x' ERR" }),
  'asking for the state': driver.requestState(paths),
  state: driver.dump(paths, 'state'),
  exit: driver.dump(paths, 'exit'),
  shim: shimScript({ bashPath: '/bin/bash', tool: 'kubectl', port: 1, token: 't', spool: '/run/s' }),
  supervisor: supervisorScript,
};

describe('the code that the kernel gives to bash', () => {
  for (const [name, text] of Object.entries(code)) {
    it(`has nothing newer than bash 3.2: ${name}`, () => {
      for (const [feature, pattern] of newer) assert.doesNotMatch(text, pattern, feature);
      execFileSync(otherBash.bashPath ?? 'bash', ['-n'], { input: text, stdio: ['pipe', 'ignore', 'pipe'] });
    });
  }

  it('is searched by patterns that find what they look for', () => {
    const examples = [
      'declare -A m', 'x=${a^^}', 'x &>>f', 'a |& b', 'a) b ;;&', 'mapfile -t x', 'echo $BASHPID', '{1..9..2}',
      'read -r -t 0.5 x', 'exec {fd}>f', 'declare -g x', "printf '%(%F)T'", '[ -v x ]', '${x:0:-1}', '${a[-1]}',
      'declare -n r=x', 'wait -n', '${x@Q}', 'local -', '$EPOCHREALTIME',
    ]; // biome-ignore format: a list
    assert.equal(examples.length, newer.length);
    for (const [index, example] of examples.entries()) assert.match(example, newer[index]![1]);
  });
});
