import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { commitCheckpoint } from '../../src/incident/commitCheckpoint.ts';

describe('a checkpoint in git', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'checkpoint-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const note = { incident: 'inc-1', writer: 'ada-laptop-1', note: 'a note\n' };

  it('says what is wrong outside of a repository', async () => {
    await assert.rejects(commitCheckpoint(folder, note), { code: 'git-failed' });
  });

  it('is committed alone, whatever else is staged or ignored', async () => {
    const git = async (...args: string[]): Promise<string> =>
      (await execa('git', args, { cwd: folder })).stdout;
    await git('init', '--quiet');
    await git('config', 'user.email', 'ada@example.org');
    await git('config', 'user.name', 'Ada');
    writeFileSync(path.join(folder, '.gitignore'), '.runbook\n');
    writeFileSync(path.join(folder, 'half-done.txt'), 'x');
    await git('add', 'half-done.txt');
    const { file, commit } = await commitCheckpoint(folder, note);
    assert.equal(file, path.join('.runbook', 'checkpoints', 'inc-1', 'ada-laptop-1.note'));
    assert.equal(await git('show', '--name-only', '--format=', commit), file);
    assert.equal(await git('diff', '--cached', '--name-only'), 'half-done.txt');
  });
});
