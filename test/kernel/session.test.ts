// One session: streams, statuses, what carries over from cell to cell, and what a cell can do to bash.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { withSession } from './harness.ts';

describe('session', () => {
  it('keeps stdout and stderr apart, byte for byte', () =>
    withSession(async ({ run }) => {
      const { result, sink } = await run(
        "printf 'out\\377\\0\\n'; printf 'err\\r' >&2; echo more > /dev/stderr",
      );
      assert.deepEqual(sink.bytes('stdout'), Buffer.from('out\xff\0\n', 'latin1'));
      assert.equal(sink.stderr, 'err\rmore\n');
      assert.equal(result.ok, true);
      assert.equal(result.exitCode, 0);
    }));

  it('carries variables, functions, directory and status over', () =>
    withSession(async ({ run, directory }) => {
      await run('x=1; f() { echo "f $x"; }; mkdir sub; cd sub; (exit 7)');
      const { result, sink } = await run('echo $?; f; pwd');
      assert.equal(sink.stdout, `7\nf 1\n${directory}/sub\n`);
      assert.equal(result.cwd, path.join(directory, 'sub'));
    }));

  it('carries on past exit, a failing line under set -e, and an unset variable under set -u', () =>
    withSession(async ({ run }) => {
      const exited = await run('a=1\nexit 3');
      assert.equal(exited.result.exitCode, 3);
      assert.equal(exited.result.sessionEnded, true);
      assert.equal(exited.result.stateFrom, 'end');
      const failed = await run('b=2; set -e\nfalse\necho never');
      assert.equal(failed.sink.stdout, '');
      assert.equal(failed.result.exitCode, 1);
      const unset = await run('set +e; set -u; c=3\necho $nope');
      assert.match(unset.sink.stderr, /line 2: nope: unbound variable/);
      const { sink } = await run('echo $a$b$c $-');
      assert.match(sink.stdout, /^123 .*u/);
    }));

  it('is as at the start of the cell after exec and kill, and says so', () =>
    withSession(async ({ run }) => {
      await run('a=1');
      for (const text of ['a=2; kill -9 $$', 'a=3; kill $$', 'a=4; exec true']) {
        const { result } = await run(text);
        assert.equal(result.sessionEnded, true, text);
        assert.equal(result.stateFrom, 'start', text);
        assert.match(result.notes.join(), /cell's start/);
      }
      assert.equal((await run('echo $a')).sink.stdout, '1\n');
    }));

  it('outlives an unclosed quote and a syntax error', () =>
    withSession(async ({ run }) => {
      const unclosed = await run('echo one\necho "two');
      assert.equal(unclosed.result.ok, false);
      assert.match(unclosed.sink.stderr, /unexpected EOF/);
      const wrong = await run('echo )');
      assert.match(wrong.sink.stderr, /syntax error/);
      assert.equal((await run('echo on')).sink.stdout, 'on\n');
    }));

  it('ends a bare exec redirection with its cell', () =>
    withSession(async ({ run }) => {
      await run('exec > file 2>&1; echo inside');
      const { sink } = await run('echo outside; cat file');
      assert.equal(sink.stdout, 'outside\ninside\n');
    }));

  it('gives cells an empty standard input', () =>
    withSession(async ({ run }) => {
      assert.equal((await run('cat; read x; echo "<$x>"')).sink.stdout, '<>\n');
    }));

  it('leaves neither directory nor process behind', async () => {
    let directory = '';
    await withSession(async ({ run, session }) => {
      directory = session.directory;
      await run('sleep 100 & (setsid sleep 101 &) ; env -i setsid sleep 102 &');
      assert.equal(existsSync(directory), true);
    });
    assert.equal(existsSync(directory), false);
  });
});
