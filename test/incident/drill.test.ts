// A drill from start to verdict, by the command: the fault of the runbook fires, the operator's answers come by a pipe,
// and the verdict is the cluster's.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { DrillResult } from '../../src/incident/drill/drill.ts';
import { faultsFor } from '../../src/incident/drill/drillFault.ts';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { faults } from '../../src/practice/faults/faults.ts';

const project = path.resolve(import.meta.dirname, '../..');
const runbooks = path.join(project, 'runbooks');

/** Cells write to stdout too; the verdict is its end. */
function verdictOf(stdout: string): DrillResult {
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1));
}

describe('a drill', function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-drill-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const drill = (args: readonly string[], answers: readonly string[]) =>
    execa(
      process.execPath,
      [
        'dist/cli/runbook.js',
        'drill',
        path.join(runbooks, 'policy-enforcement.runbook.md'),
        '--json',
        ...args,
      ],
      {
        cwd: project,
        env: { XDG_STATE_HOME: folder, RUNBOOK_EVIDENCE: path.join(folder, 'evidence'), KUBECONFIG: '' },
        input: answers.map((line) => `${line}\n`).join(''),
        reject: false,
      },
    );

  it('is cured by the cells of the runbook, and says in what time and steps', async () => {
    const run = await drill(['--fault', 'expired-certificate'], ['n picked up', 'renew', '', 'w']);
    assert.equal(run.exitCode, 0, run.stderr);
    const result = verdictOf(run.stdout);
    assert.deepEqual([result.fault, result.alert], ['expired-certificate', 'CertificateExpired']);
    assert.deepEqual([result.cured, result.inTime, result.steps], [true, true, 1]);
    assert.match(result.says, /^Drill: Cured in time: CertificateExpired went after .*, 1 cell run\.$/);
    const names = await readdir(result.folder, { recursive: true });
    const log = names.find((name) => name.endsWith('log.jsonl'))!;
    const lines = (await readFile(path.join(result.folder, log), 'utf8')).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    const opened = events.find(({ type }) => type === 'incident.opened');
    assert.deepEqual([opened.alert, opened.severity], ['CertificateExpired', 'SEV-1']);
    assert.deepEqual(opened.extra, { drill: 'expired-certificate' });
    assert.match(opened.title, /^Drill: /);
    assert.equal(events.find(({ type }) => type === 'incident.closed').summary, result.says);
    assert.ok(events.some(({ type, about }) => type === 'note' && about === 'drill'));
    const left = await readdir(path.join(folder, 'runbook-notebooks/practice'));
    assert.equal(left.includes('practice.json'), false, 'the cluster that it started is gone');
  });

  it('says that it is not cured where nobody cured it', async () => {
    const run = await drill(['--fault', 'expired-certificate'], ['', 'q']);
    assert.equal(run.exitCode, 1, run.stderr);
    const result = verdictOf(run.stdout);
    assert.deepEqual([result.cured, result.steps], [false, 1]);
    assert.match(result.says, /Not cured: CertificateExpired still fires/);
  });

  it('names the faults where none is meant', async () => {
    const run = await drill(['--fault', 'nonsense'], []);
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /no fault "nonsense".*out-of-memory/);
  });

  it('has a fault for every runbook of ours', async () => {
    const idle = faults.map(({ steps: _, ...fault }) => ({ ...fault, state: 'idle' as const }));
    for (const name of (await readdir(runbooks)).filter((one) => one.endsWith('.runbook.md'))) {
      const runbook = loadRunbook(await readFile(path.join(runbooks, name)), path.join(runbooks, name));
      assert.ok(faultsFor(runbook, idle).length > 0, name);
    }
  });
});
