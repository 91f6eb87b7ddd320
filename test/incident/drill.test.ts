// A drill from start to verdict, by the command: the fault of the runbook fires, the operator's answers come by a pipe,
// and the verdict is the cluster's.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
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

  const environment = () => ({
    XDG_STATE_HOME: folder,
    RUNBOOK_EVIDENCE: path.join(folder, 'evidence'),
    KUBECONFIG: '',
  });
  /** @param answers none where they are written later */
  const drill = (args: readonly string[], answers: readonly string[] | undefined) =>
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
        env: environment(),
        ...(answers ? { input: answers.map((line) => `${line}\n`).join('') } : {}),
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
    const last = events.filter(({ type }) => type === 'alert.state').at(-1);
    assert.equal(
      last.state,
      'resolved',
      'the last word on the alert is not what it was right after the cell',
    );
    assert.ok(Array.isArray(last.extra.values), JSON.stringify(last));
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

  it('adds its verdict to an incident that was closed elsewhere, and records nothing else behind the close', async () => {
    const running = drill(['--fault', 'expired-certificate'], undefined);
    const id = await new Promise<string>((resolve) => {
      let told = '';
      running.stderr!.on('data', (text: Buffer) => {
        told += text.toString();
        const found = /^incident (\S+)$/m.exec(told)?.[1];
        if (found && told.includes('Enter runs the cell')) resolve(found);
      });
    });
    const options = { cwd: project, env: environment() };
    const cli = [process.execPath, 'dist/cli/runbook.js'] as const;
    await execa(cli[0], [cli[1], 'incident', 'close', id, '--summary', 'enough'], options);
    running.stdin!.end('n late\n\nq\n');
    const run = await running;
    assert.equal(run.exitCode, 1, run.stderr as string);
    assert.match(run.stderr as string, /was closed elsewhere, at [\s\S]*Not run: .* was closed elsewhere/);
    const result = verdictOf(run.stdout as string);
    assert.equal(result.steps, 0);
    assert.match(
      result.says,
      /Not cured: .* Its incident had been closed elsewhere: the verdict is an addendum\.$/,
    );
    const { events } = await readIncident(result.folder);
    const at = events.findIndex(({ event }) => event.type === 'incident.closed');
    const after = events.slice(at + 1).map(({ event }) => event);
    const [added] = after.flatMap((event) => (event.type === 'addendum' ? [event.text] : []));
    assert.match(added ?? '', /^Drill: Not cured/);
    assert.deepEqual([...new Set(after.map(({ type }) => type))].sort(), [
      'addendum',
      'checkpoint',
      'incident.joined',
    ]);
    assert.deepEqual((await verifyEvidence(result.folder)).problems, []);
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
