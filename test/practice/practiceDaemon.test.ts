import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  practiceFaults,
  practiceStatus,
  startDetached,
  startPracticeFault,
  stopPractice,
} from '../../src/practice/daemon/practiceDaemon.ts';
import { faults } from '../../src/practice/faults/faults.ts';
import { runKubectl } from './kubectl.ts';

describe('the practice cluster as a process of its own', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-daemon-'));
  const program = path.resolve(import.meta.dirname, '../fixtures/practice/daemon.ts');
  const command = [process.execPath, '--import', 'tsx', program, directory];
  after(async () => {
    await stopPractice(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  it('starts, is ready, is found, takes a fault, and stops leaving nothing', async () => {
    assert.deepEqual(await practiceStatus(directory), { running: false });
    const state = await startDetached({ stateDirectory: directory, command });
    const pods = await runKubectl(['get', 'pods', '-A'], { kubeconfig: state.kubeconfigPath });
    assert.equal(pods.code, 0, pods.stderr);
    assert.doesNotMatch(pods.stdout, /0\/1/);
    const top = await runKubectl(['top', 'pods', '-n', 'aureus'], { kubeconfig: state.kubeconfigPath });
    assert.match(top.stdout, /aureus-frontend/);
    const events = await runKubectl(['get', 'events', '-n', 'aureus'], { kubeconfig: state.kubeconfigPath });
    assert.match(events.stdout, /Unhealthy/);
    await assert.rejects(startDetached({ stateDirectory: directory, command }), { code: 'practice-running' });
    assert.equal((await startPracticeFault(state.kubeconfigPath, 'full-volume'))?.state, 'started');
    assert.equal((await practiceFaults(state.kubeconfigPath))?.length, faults.length);
    assert.equal(await stopPractice(directory), true);
    assert.deepEqual(await practiceStatus(directory), { running: false });
    assert.equal(existsSync(state.kubeconfigPath), false);
    assert.throws(() => process.kill(state.pid, 0), { code: 'ESRCH' });
  });

  it('takes a state file that nothing stands behind for none, and kills nobody by it', async () => {
    const stale = {
      pid: process.pid,
      url: 'https://127.0.0.1:1',
      port: 1,
      kubeconfigPath: path.join(directory, 'none'),
      context: 'practice',
      startedAt: '',
    };
    writeFileSync(path.join(directory, 'practice.json'), JSON.stringify(stale));
    assert.deepEqual(await practiceStatus(directory), { running: false });
    assert.equal(await stopPractice(directory), false);
  });

  it('tells why it did not start', async () => {
    const broken = [process.execPath, '-e', 'console.error("no such luck"); process.exit(4)'];
    await assert.rejects(
      startDetached({ stateDirectory: directory, command: broken }),
      /ended with 4: no such luck/,
    );
  });
});
