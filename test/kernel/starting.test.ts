// Starting and ending where things go wrong: errors that name the mend, nothing left behind.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunbookError } from '../../src/base/runbookError.ts';
import { Session } from '../../src/kernel/session.ts';
import { MemorySink, withSession } from './harness.ts';

describe('starting a session', () => {
  it('fails with a mend where bash is missing, and leaves nothing', async () => {
    const runtimeParent = mkdtempSync(path.join(tmpdir(), 'kernel-start-'));
    await assert.rejects(
      Session.start({ cwd: '/', runtimeParent, bashPath: '/nonexistent/bash' }),
      (error) => error instanceof RunbookError && error.mend !== undefined,
    );
    assert.deepEqual(readdirSync(runtimeParent), []);
    rmSync(runtimeParent, { recursive: true });
  });

  it('fails where its directory is missing', async () => {
    await assert.rejects(Session.start({ cwd: '/nonexistent/directory' }), RunbookError);
  });

  it('keeps its runtime directory private', () =>
    withSession(async ({ session }) => {
      assert.equal(statSync(session.directory).mode & 0o777, 0o700);
    }));

  it('refuses to run when it has ended, and ends twice without harm', async () => {
    const session = await Session.start({ cwd: '/' });
    await session.dispose();
    await session.dispose();
    assert.equal(existsSync(session.directory), false);
    await assert.rejects(
      session.run({ text: 'true', language: 'bash', cellId: 'late' }, new MemorySink()),
      (error) => error instanceof RunbookError && error.code === 'kernel-disposed',
    );
  });

  it('ends while a cell runs', async () => {
    const session = await Session.start({ cwd: '/' });
    const running = session.run({ text: 'sleep 60', language: 'bash', cellId: 'long' }, new MemorySink());
    const queued = session.run({ text: 'echo next', language: 'bash', cellId: 'next' }, new MemorySink());
    queued.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await session.dispose();
    assert.equal((await running).interrupted, true);
    await assert.rejects(queued, RunbookError);
    assert.deepEqual(session.processes(), []);
  });
});
