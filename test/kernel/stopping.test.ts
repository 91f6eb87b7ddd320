// Stopping: interrupt, timeout, escalation, background jobs, silence, and the end of the host.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sessionProcesses } from '../../src/kernel/processes.ts';
import { type MemorySink, withSession } from './harness.ts';

const signals = (sink: MemorySink): string[] => [
  ...new Set(sink.events.flatMap((event) => (event.type === 'signal' ? [event.signal] : []))),
];

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'waited 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('stopping', () => {
  it('interrupts the command, ends the cell, and keeps the state of that moment', () =>
    withSession(async ({ run, session }) => {
      const running = run('a=1\nsleep 60\na=2\necho after');
      await until(() => session.processes().length > 1);
      session.interrupt();
      const { result, sink } = await running;
      assert.equal(result.interrupted, true);
      assert.equal(result.ok, false);
      assert.equal(result.exitCode, 130);
      assert.deepEqual(signals(sink), ['SIGINT']);
      assert.equal((await run('echo $a')).sink.stdout, '1\n');
    }));

  it('stops a loop of builtins, and one whose children end well on SIGINT', () =>
    withSession(async ({ run }) => {
      for (const text of [
        'while :; do :; done',
        'while :; do bash -c \'trap "exit 0" INT; sleep 9 & wait\'; done',
      ]) {
        const abort = new AbortController();
        const running = run(text, { signal: abort.signal });
        setTimeout(() => abort.abort(), 300);
        const { result } = await running;
        assert.equal(result.interrupted, true, text);
      }
    }));

  it('escalates to SIGTERM and SIGKILL', () =>
    withSession(async ({ run, session }) => {
      const running = run(
        "trap '' INT TERM; bash -c \"trap '' INT TERM; while :; do sleep 1; done\"; echo no",
      );
      await until(() => session.processes().length > 2);
      session.interrupt();
      const { result, sink } = await running;
      assert.deepEqual(signals(sink), ['SIGINT', 'SIGTERM', 'SIGKILL']);
      assert.equal(result.interrupted, true);
      assert.equal(session.processes().length, 1);
    }));

  it('ends background jobs and grandchildren of the stopped cell, and spares those of earlier cells', () =>
    withSession(async ({ run, session }) => {
      await run('sleep 71 & kept=$!');
      const running = run('sleep 72 & (sleep 73 & sleep 74); sleep 75');
      await until(() => session.processes().length >= 6);
      session.interrupt();
      const { result } = await running;
      assert.equal(result.interrupted, true);
      assert.equal(session.processes().length, 2);
      assert.equal((await run('kill -0 $kept && echo lives')).sink.stdout, 'lives\n');
    }));

  it('ends a run that takes too long', () =>
    withSession(async ({ run }) => {
      const { result } = await run('sleep 60', { timeoutMs: 200 });
      assert.equal(result.timedOut, true);
      assert.equal(result.interrupted, false);
    }));

  it('tells of silence and kills nothing', () =>
    withSession(
      async ({ run }) => {
        const { result, sink } = await run('sleep 0.5; echo done');
        assert.ok(sink.events.some((event) => event.type === 'silence'));
        assert.equal(result.ok, true);
      },
      { silenceMs: 100 },
    ));

  it('names the jobs that a cell leaves, and tells when their output ends', () =>
    withSession(async ({ run }) => {
      const { result, sink } = await run('(sleep 0.4; echo late) &\necho now');
      assert.equal(sink.stdout, 'now\n');
      assert.ok(result.backgroundPids.length > 0);
      const next = await run('echo next');
      assert.equal(next.sink.stdout, 'next\n');
      await until(() => sink.events.some((event) => event.type === 'output-closed'));
      assert.equal(sink.stdout, 'now\nlate\n');
    }));

  it('runs background cells beside others, on a copy of the state, until they are stopped', () =>
    withSession(async ({ run, session, directory }) => {
      await run('a=1; f() { echo "f $a"; }');
      const beside = run('f; a=2; : > begun; sleep 60', { background: true, cellId: 'long' });
      const { sink } = await run('echo $a');
      assert.equal(sink.stdout, '1\n');
      await until(() => existsSync(path.join(directory, 'begun')) && session.processes().length >= 3);
      session.interrupt('long');
      const ended = await beside;
      assert.equal(ended.result.interrupted, true);
      assert.equal(ended.sink.stdout, 'f 1\n');
      assert.equal(session.processes().length, 1);
      assert.equal((await run('echo $a')).sink.stdout, '1\n');
    }));

  it('starts over on request', () =>
    withSession(async ({ run, session }) => {
      const running = run('a=1; sleep 60');
      await until(() => session.processes().length > 1);
      await session.restart();
      assert.equal((await running).result.interrupted, true);
      assert.equal((await run('echo "<$a>"')).sink.stdout, '<>\n');
    }));

  it("runs the user's EXIT trap when the session ends", async () => {
    let file = '';
    await withSession(async ({ run }) => {
      file = path.join(process.env.TMPDIR ?? '/tmp', `kernel-exit-${process.pid}`);
      await run(`trap 'echo bye > ${file}' EXIT`);
      await run('exit 1');
      assert.equal(existsSync(file), false);
    });
    assert.equal(existsSync(file), true);
  });

  it('leaves no process and no directory when the host dies by SIGKILL', async () => {
    const host = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(import.meta.dirname, '../fixtures/kernel/host.ts')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await new Promise<string[]>((resolve) =>
      createInterface({ input: host.stdout }).once('line', (text) => resolve([text])),
    )) as [string];
    const { directory, privateDirectory, mark, pid } = JSON.parse(line) as {
      directory: string;
      privateDirectory: string;
      mark: string;
      pid: number;
    };
    const alive = (): number => sessionProcesses(new Set([pid]), `RUNBOOK_SESSION=${mark}`).length;
    assert.ok(alive() >= 5, 'the cell has not started its processes');
    assert.ok(existsSync(privateDirectory));
    host.kill('SIGKILL');
    await until(() => alive() === 0 && !existsSync(directory) && !existsSync(privateDirectory));
  });
});
