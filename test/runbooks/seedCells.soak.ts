// Cells of the runbooks that we were given, unmodified: every one that calls only kubectl, curl, jq, what every machine
// has, and Python's own library, run by `runbook run` on the practice cluster under a policy that says yes, with values
// by `--var`. What became of each stands in a table. A failure is told, not hidden: many of these cells fail on any
// cluster, and the list of kubectl's refusals elsewhere says why.

import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assessCell, loadRunbook, type RunbookCell } from '../../src/incident/runbook.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { layFiles } from '../practice/seedFiles.ts';
import { runAtTerminal } from './atTerminal.ts';

const seeds = path.resolve(import.meta.dirname, '../../../shared/seeds');
const everywhere = new Set(
  'kubectl curl jq [ test echo printf read true false cd export set : date cat tee head tail grep sed awk sort uniq wc cut tr ls mkdir touch cp mv rm find xargs tar gzip base64 df du sleep seq basename dirname mktemp chmod python python3'.split(
    ' ',
  ),
);
const ownModules =
  /^(import|from)\s+(?!(json|sys|os|subprocess|datetime|re|time|urllib|pathlib|collections)\b)/m;
/** What a cell would do to the machine that runs the test. */
const reachesOut = /(^|[\s"=])\/(backup|var|etc|opt|usr)\b/;

const contexts: Record<string, string> = {
  'rust-security-operations.runbook.md': 'practice-rust-security',
  'policy-enforcement.runbook.md': 'practice-production',
};

/** Cells that fail on any cluster, or for want of what was not given with the runbook. */
const reasons: Readonly<Record<string, string>> = {
  'aureus-incident-response 6': 'aureus.example.com is nowhere',
  'aureus-incident-response 20': 'kubectl exec has no -l',
  'aureus-incident-response 35': 'kubectl exec has no -l',
  'pqc-maintenance 17': 'curl takes [5m] for a range; capacity_analysis.py was not given',
  'pqc-maintenance 33': 'dnsPolicy None needs a dnsConfig; logs --previous of pods that never restarted',
  'pqc-scan-failure 37': 'logs --previous of pods that never restarted; curl takes [5m] for a range',
  'rust-security-operations 23': 'no login failed, so grep finds none',
  'rust-security-operations 31': 'nothing was OOMKilled, so grep finds none',
  'rust-security-operations 33':
    'no log tells of memory, so grep finds none; its pods end meanwhile, of its own restart',
  'rust-security-operations 47': 'Kubernetes has no nodepool',
  'rust-security-operations 55': 'kubectl get has no --since',
  'rust-security-operations 71': 'a blue deployment was never there',
  'rust-security-operations 73': 'no strategic merge patch of a custom resource',
};

/** Between the list of pods and the reading of each. */
const ended = /pods "[^"]+" not found|container not running/;

interface Row {
  readonly seed: string;
  readonly cell: number;
  readonly heading: string;
  readonly what: string;
}

/** Why a cell is not run here; undefined where it is. */
async function whyNot(cell: RunbookCell): Promise<string | undefined> {
  const { language, text } = cell.cell;
  if (ownModules.test(text)) return 'imports a library that is not Python’s own';
  if (language === 'python') return undefined;
  const here = (await assessCell(cell))?.commands.filter(({ where }) => where === 'here') ?? [];
  const other = here.find(({ tool }) => !everywhere.has(tool));
  if (other) return `calls ${other.tool || 'something unknown'}`;
  const wipes = here.find(({ tool, risk }) => risk === 'destroy' && !['kubectl', 'curl'].includes(tool));
  if (wipes || reachesOut.test(text)) return 'would write or delete outside of its folder';
  if (/sleep [1-9]\d/.test(text)) return 'sleeps';
  return undefined;
}

const yes = 'run';
const policy = JSON.stringify({
  version: 1,
  consent: Object.fromEntries(
    ['read', 'write', 'secret', 'change', 'unknown', 'destroy', 'approval', 'outside'].map((row) => [
      row,
      yes,
    ]),
  ),
  targets: [{ name: 'practice', production: false, server: 'https://127.0.0.1:*' }],
});

describe('cells of the seeds, unmodified', function () {
  this.timeout(1_200_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'seed-cells-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  const livePod = (cluster: PracticeCluster, prefix: string): string =>
    cluster.registry.store
      .list('/pods')
      .find(({ metadata }) => metadata.name.startsWith(prefix) && !metadata.deletionTimestamp)?.metadata
      .name ?? prefix;

  /** A person names a pod that stays: as long as a rollout goes on, the pods change. */
  async function settle(cluster: PracticeCluster): Promise<void> {
    const pods = (): string =>
      cluster.registry.store
        .list('/pods')
        .map(({ metadata }) => metadata.name)
        .join();
    for (let before = ''; before !== pods(); await delay(1500)) before = pods();
  }

  async function runSeed(seed: string): Promise<Row[]> {
    const own = path.join(directory, seed);
    mkdirSync(path.join(own, 'home'), { recursive: true });
    const file = path.join(own, seed);
    cpSync(path.join(seeds, seed), file);
    writeFileSync(path.join(own, 'policy.yaml'), policy);
    layFiles(own);
    const { cells } = loadRunbook(readFileSync(file), file);
    const pace = { podReadyMs: 300, podEndMs: 100, healthEveryMs: 250, firstBackOffMs: 500 };
    const cluster = await startPracticeCluster({ runtimeDirectory: path.join(own, 'run'), pace });
    const context = contexts[seed];
    if (context) {
      const text = readFileSync(cluster.kubeconfigPath, 'utf8');
      writeFileSync(
        cluster.kubeconfigPath,
        text.replace('current-context: practice', `current-context: ${context}`),
      );
    }
    const rows: Row[] = [];
    const row = ({ index, cell }: RunbookCell, what: string): void => {
      rows.push({ seed, cell: index, heading: cell.headings.at(-1) ?? '', what });
    };
    let due: RunbookCell[] = [];
    const again: RunbookCell[] = [];
    const repeated = new Set<number>();
    for (const cell of cells.filter(({ cell: { kind, executable } }) => kind === 'code' && executable)) {
      const reason = await whyNot(cell);
      if (reason) row(cell, `not run: ${reason}`);
      else due.push(cell);
    }
    try {
      while (due.length > 0) {
        // A pod's name is as short-lived as the pod: the cells after the first that takes one come in a run of their own.
        const next = due.findIndex(({ cell: { text } }, at) => at > 0 && /-xxx\b/.test(text));
        const batch = next < 0 ? due : due.slice(0, next);
        await settle(cluster);
        const vars = ['auth-service-xxx', 'policy-service-xxx'].flatMap((name) => [
          '--var',
          `${name}=${livePod(cluster, name.replace(/xxx$/, ''))}`,
        ]);
        const result = await runAtTerminal({
          args: [
            file,
            ...['--evidence', path.join(own, 'evidence'), '--policy', path.join(own, 'policy.yaml')],
            ...['--cells', batch.map(({ index }) => index).join(',')],
            ...vars,
            ...['REDIS_PASSWORD=x', 'ID=1', 'IC=me'].flatMap((one) => ['--var', one]),
          ],
          env: {
            ...process.env,
            HOME: path.join(own, 'home'),
            KUBECONFIG: cluster.kubeconfigPath,
          },
          answerFor: () => 'rehearsal',
          timeoutMs: 120_000,
        });
        if (result.cells.length === 0) throw new Error(result.screen.slice(-3000));
        for (const told of result.cells) {
          const cell = due.find(({ index }) => index === told.index)!;
          const known = reasons[`${seed.replace('.runbook.md', '')} ${told.index}`];
          // A pod may end between a list and the reading of its log: once more, alone, when the others have run.
          if (told.status === 'failed' && !known && !repeated.has(told.index)) {
            repeated.add(told.index);
            again.push(cell);
            continue;
          }
          const said =
            told.status === 'done' ? '' : `: ${told.message} ${told.output.trim().split('\n').at(-1) ?? ''}`;
          const reason =
            known ?? (ended.test(told.output) ? 'its pods ended meanwhile, of the rollout before' : '');
          const why = told.status === 'failed' && reason ? ` [${reason}]` : '';
          row(
            cell,
            told.status === 'no result' ? 'did not end within two minutes' : `${told.status}${why}${said}`,
          );
        }
        const last = result.cells.at(-1)!.index;
        due = due.filter(({ index }) => index > last);
        if (due.length === 0) due = again.splice(0, 1);
      }
    } finally {
      await cluster.dispose();
    }
    return rows.sort((a, b) => a.cell - b.cell);
  }

  it('run on the practice cluster', async function () {
    if (!existsSync(seeds)) {
      console.log('      ../shared/seeds is not here: skipped');
      this.skip();
    }
    const names = readdirSync(seeds).filter((name) => name.endsWith('.md'));
    const rows = (await Promise.all(names.map(runSeed))).flat();
    for (const { seed, cell, heading, what } of rows) {
      const where = `${seed.replace('.runbook.md', '')} ${cell}`.padEnd(34);
      console.log(
        `      ${where} ${heading.slice(0, 40).padEnd(40)}  ${what.replace(/\s+/g, ' ').slice(0, 160)}`,
      );
    }
    const ran = rows.filter(({ what }) => !what.startsWith('not run'));
    const done = ran.filter(({ what }) => what === 'done');
    console.log(`      ${ran.length} of ${rows.length} cells ran, ${done.length} to a good end`);
    assert.deepEqual(
      ran.filter(({ what }) => /^(refused|unusable)/.test(what)),
      [],
      'a policy that says yes refuses nothing',
    );
    assert.deepEqual(
      ran.filter(({ what }) => what.startsWith('failed') && !what.startsWith('failed [')),
      [],
      'each failure has a reason that is known',
    );
    assert.ok(done.length >= 40, `${done.length}`);
  });
});
