// What is told of each command, the question after a failure, variables, and cells that are not bash.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../src/kernel/interpreters.ts';
import type { CommandStatus, FailurePort } from '../../src/kernel/types.ts';
import { otherBash, withSession } from './harness.ts';

const brief = (commands: readonly CommandStatus[]): string[] =>
  commands.map((c) => `${c.line}:${c.text.split('\n')[0]}=${c.pipeline.join('|')}${c.failed ? '!' : ''}`);

describe('statuses', () => {
  it('are known of every command and pipeline stage, with their lines', () =>
    withSession(async ({ run }) => {
      const { result } = await run(
        [
          '# look',
          'true',
          'false | true | (exit 3)',
          '',
          'nosuchcommand',
          '[ -f /none ] && echo x',
          'echo end',
        ].join('\n'),
      );
      assert.deepEqual(brief(result.commands), [
        '1:true=0',
        '2:false | true | (exit 3)=1|0|3!',
        '4:nosuchcommand=127!',
        '5:[ -f /none ] && echo x=1',
        '6:echo end=0',
      ]);
      assert.deepEqual(result.commands[1]!.pipeline, [1, 0, 3]);
      assert.equal(result.commands[1]!.failed, true);
      // bash 3.2 tells nothing of a subshell.
      if (!process.env.RUNBOOK_BASH) assert.equal(result.commands[1]!.failedPart, '( exit 3 )');
      assert.equal(result.exitCode, 0);
      assert.equal(result.ok, false);
    }));

  it('tell of failures inside loops, by the line in the cell', () =>
    withSession(async ({ run }) => {
      const { result, sink } = await run('for i in 1 2; do\n  ls /none$i 2>/dev/null\ndone\necho after', {
        firstLine: 10,
      });
      // bash 3.2 counts the lines of a loop from its head.
      const version = Number((await run('echo "${BASH_VERSINFO[0]}"')).sink.stdout);
      const line = version < 4 ? 10 : 11;
      const inner = result.commands.filter((command) => command.text.startsWith('ls'));
      assert.deepEqual(
        inner.map((command) => [command.line, command.failed]),
        [
          [line, true],
          [line, true],
        ],
      );
      assert.equal(result.commands.at(-1)!.line, 13);
      assert.equal(sink.events.filter((event) => event.type === 'failure').length, 2);
      assert.match((await run('nosuch', { firstLine: 4 })).sink.stderr, /line 5: nosuch/);
    }));

  it('hold the next change after a failure until the port has answered', async () => {
    const asked: string[] = [];
    let goOn = true;
    const failures: FailurePort = {
      ask: async ({ failures: failed, next }) => {
        asked.push(`${failed.map((command) => command.text).join()} -> ${next.line} ${next.text}`);
        return goOn ? { goOn } : { goOn, reason: 'enough' };
      },
    };
    const text = 'false\necho read\ntouch changed\ntouch again';
    const changes = [{ start: 2, end: 4 }];
    await withSession(
      async ({ run }) => {
        const first = await run(text, { changes });
        assert.deepEqual(asked, ['false -> 2 touch changed']);
        assert.equal((await run('ls')).sink.stdout, 'again\nchanged\n');
        assert.equal(first.result.refused, null);
        await run('rm changed again');
        goOn = false;
        const second = await run(text, { changes });
        assert.equal(second.result.refused, 'enough');
        assert.equal(second.sink.stdout, 'read\n');
        assert.equal((await run('ls')).sink.stdout, '');
        await run('true\ntouch fine', { changes });
        assert.equal(asked.length, 2);
      },
      { failures },
    );
  });
});

describe('variables', () => {
  it('are told with kind and attributes, whatever they hold', () =>
    withSession(async ({ run, session }) => {
      await run(
        "export a='x \"y\" $z'; b=$'l1\\nl2\\t'; c=(1 2); declare -A d=([k]=v); declare -r e=1; declare -x f",
      );
      const all = new Map((await session.variables()).map((variable) => [variable.name, variable]));
      assert.deepEqual(all.get('a'), {
        name: 'a',
        value: 'x "y" $z',
        exported: true,
        readonly: false,
        kind: 'scalar',
      });
      assert.equal(all.get('b')!.value, 'l1\nl2\t');
      assert.equal(all.get('c')!.kind, 'array');
      // bash 3.2, which another one may be, has no maps, and gives what is exported an empty value.
      if (!otherBash.bashPath) assert.equal(all.get('d')!.kind, 'map');
      assert.equal(all.get('e')!.readonly, true);
      if (!otherBash.bashPath) assert.equal(all.get('f')!.value, null);
    }));

  it('and directory can be given for a run', () =>
    withSession(async ({ run, directory }) => {
      mkdirSync(path.join(directory, 'sub'));
      const { sink, result } = await run('pwd; echo "$v"', {
        cwd: path.join(directory, 'sub'),
        env: { v: "it's" },
      });
      assert.equal(sink.stdout, `${directory}/sub\nit's\n`);
      assert.equal(result.cwd, directory);
      assert.equal((await run('pwd; bash -c \'echo "$v"\'')).sink.stdout, `${directory}\nit's\n`);
    }));
});

describe('cells of other languages', () => {
  it("run in their interpreter with the session's exports and directory", () =>
    withSession(async ({ run, directory }) => {
      await run('export given=1; mkdir in; cd in');
      const python = 'import os, sys\nprint(os.environ["given"], os.getcwd(), sys.stdin.read())\nsys.exit(4)';
      for (const request of [
        { text: python, language: 'python' },
        { text: `#!/usr/bin/env python3\n${python}` },
      ]) {
        const { result, sink } = await run(request.text, request);
        assert.equal(sink.stdout, `1 ${directory}/in \n`);
        assert.equal(result.exitCode, 4);
        assert.equal(result.ok, false);
      }
      assert.match((await run('x = (\n1/0)', { language: 'python', firstLine: 5 })).sink.stderr, /line 7/);
      assert.equal((await run('#!/bin/sh\nfromsh=1')).result.ok, true);
      assert.equal((await run('echo $fromsh')).sink.stdout, '1\n');
    }));

  it('run in zsh where it is installed, as zsh understands them', function () {
    const zsh = findProgram('zsh', process.env.PATH ?? '', '/');
    if (!zsh) {
      console.log('      zsh is not installed: skipped');
      this.skip();
    }
    return withSession(async ({ run }) => {
      await run('export given=outer');
      const text = 'a=(x y z); print -r -- "$a[1] ${(U)a[3]} $given"; setopt ksh_arrays; b=1; exit 5';
      const { result, sink } = await run(text, { language: 'zsh' });
      assert.equal(sink.stdout, 'x Z outer\n', sink.stderr);
      assert.deepEqual([result.exitCode, result.ok, result.sessionEnded], [5, false, false]);
      assert.equal((await run('echo "<$b>"')).sink.stdout, '<>\n');
    });
  });

  it('name a missing interpreter before anything runs', () =>
    withSession(async ({ run }) => {
      const { result, sink } = await run('#!/usr/bin/env no-such-interpreter\nx');
      assert.match(result.notStarted ?? '', /^no-such-interpreter is not installed/);
      assert.equal(result.exitCode, 127);
      assert.equal(sink.stdout + sink.stderr, '');
    }));
});
