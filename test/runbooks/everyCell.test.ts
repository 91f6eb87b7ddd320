// Every code cell of our own runbooks, run by `runbook run` on a practice cluster by somebody who reads each question
// and says yes: each document from top to bottom, and cells with alternatives once for each of them.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternativesOf } from '../../src/incident/cellParts.ts';
import { assessCell, loadRunbook } from '../../src/incident/runbook.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { eventsOf, runAtTerminal } from './atTerminal.ts';

const folder = path.resolve(import.meta.dirname, '../../runbooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.runbook.md'));

interface Cell {
  readonly index: number;
  readonly name: string;
  /** Its author demands an approval for it. */
  readonly approval: boolean;
  /** How many exclusive options it has; 1 where it has none. */
  readonly alternatives: number;
}

interface Ran {
  readonly runbook: string;
  readonly cell: Cell;
  readonly alternative: number;
  readonly status: string;
  /** How often the evidence says that a yes was given for it. */
  readonly approvals: number;
  readonly told: string;
}

async function cellsOf(runbook: string): Promise<Cell[]> {
  const { cells } = loadRunbook(readFileSync(path.join(folder, runbook)), path.join(folder, runbook));
  return Promise.all(
    cells
      .filter(({ cell }) => cell.kind === 'code' && cell.executable)
      .map(async (one) => {
        const assessment = await assessCell(one);
        const { name = `${one.index}`, approval } = one.cell.attributes;
        return {
          index: one.index,
          name,
          approval: Boolean(approval),
          alternatives: Math.max(1, assessment ? alternativesOf(assessment).length : 1),
        };
      }),
  );
}

/** What an operator knows: names of the cluster as it is now, versions that were released, a folder with backups. */
function knows(cluster: PracticeCluster, backups: string): (asked: string) => string {
  const pod = (prefix: string): string => {
    const found = cluster.registry.store
      .list('/pods')
      .find(({ metadata }) => metadata.name.startsWith(prefix) && !metadata.deletionTimestamp);
    return found?.metadata.name ?? `no ${prefix}`;
  };
  const values: Record<string, () => string> = {
    '<pod>': () => `pod/${pod('pqc-audit-')}`,
    '<auth-pod>': () => pod('auth-service-'),
    '<tag>': () => 'v1.4.4',
    '<version>': () => 'v1.3.0',
    '<certificate>': () => 'pqc-audit-tls',
    '<certificate-namespace>': () => 'default',
    '<backup>': () => readdirSync(backups).sort().at(-1) ?? 'none',
    '<severity>': () => 'SEV-2',
    '<what-happens>': () => 'a rehearsal',
    '<user>': () => 'somebody',
    '[INCIDENT_COMMANDER]': () => 'the commander',
    '[INCIDENT_ID]': () => 'rehearsal-1',
  };
  return (asked) => {
    const key = Object.keys(values).find((one) => asked.startsWith(one));
    assert.ok(key, `nobody knows what to answer to ${asked}`);
    return values[key]!();
  };
}

describe('every code cell of our own runbooks', function () {
  this.timeout(600_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'every-cell-'));
  const posted: string[] = [];
  let chat: Server;
  let ran: Ran[];

  async function runDocument(runbook: string): Promise<Ran[]> {
    const own = path.join(directory, runbook);
    const backups = path.join(own, 'backups');
    for (const name of ['home', 'backups']) mkdirSync(path.join(own, name), { recursive: true });
    writeFileSync(
      path.join(own, 'new.env'),
      'DATABASE_PASSWORD=practice-only-2\nAPI_TOKEN=practice-only-2\n',
    );
    // Slow enough that two restarts in a row are a second apart, which kubectl demands.
    const pace = { podReadyMs: 400, podEndMs: 100, healthEveryMs: 250, firstBackOffMs: 500 };
    const cluster = await startPracticeCluster({ runtimeDirectory: path.join(own, 'run'), pace });
    const cells = await cellsOf(runbook);
    const passes = Math.max(...cells.map((cell) => cell.alternatives));
    const found: Ran[] = [];
    try {
      for (let alternative = 1; alternative <= passes; alternative += 1) {
        const due = cells.filter((cell) => cell.alternatives >= alternative);
        const result = await runAtTerminal({
          args: [
            path.join(folder, runbook),
            '--evidence',
            path.join(own, 'evidence'),
            '--cells',
            due.map(({ index }) => index).join(','),
          ],
          env: {
            ...process.env,
            HOME: path.join(own, 'home'),
            KUBECONFIG: cluster.kubeconfigPath,
            BACKUP_DIR: backups,
            ARCHIVE_DIR: path.join(own, 'archive'),
            NEW_SECRETS: path.join(own, 'new.env'),
            CHAT_WEBHOOK: `http://127.0.0.1:${(chat.address() as AddressInfo).port}/hook`,
          },
          alternative,
          answerFor: knows(cluster, backups),
        });
        const events = result.evidence ? eventsOf(result.evidence) : [];
        for (const cell of due) {
          const told = result.cells.find(({ index }) => index === cell.index);
          const runs = events
            .filter(({ type, cell: of }) => type === 'cell.intent' && (of as Cell).index === cell.index)
            .map(({ run }) => run);
          found.push({
            runbook,
            cell,
            alternative,
            status: told?.status ?? 'not reached',
            approvals: events.filter(
              ({ type, run, answer }) => type === 'cell.answer' && runs.includes(run) && answer === 'yes',
            ).length,
            told: told ? `${told.message}\n${told.output}` : '',
          });
        }
      }
    } finally {
      await cluster.dispose();
    }
    return found;
  }

  before(async () => {
    chat = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
      request.on('end', () => response.end('ok'));
    }).listen(0, '127.0.0.1');
    ran = (await Promise.all(names.map(runDocument))).flat();
  });
  after(() => {
    chat.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('has run and is done, whichever alternative was chosen', () => {
    const wrong = ran.filter(({ status }) => status !== 'done');
    const first = wrong.filter(({ status }) => status !== 'not reached');
    assert.deepEqual(
      (first.length > 0 ? first : wrong).map(
        (one) => `${one.runbook} ${one.cell.name} (${one.alternative}): ${one.status}: ${one.told}`,
      ),
      [],
    );
    const once = ran.filter(({ alternative }) => alternative === 1);
    console.log(`      ${once.length} cells, ${ran.length} runs with their alternatives`);
    assert.ok(once.length > 100, `${once.length}`);
  });

  it('was approved where its author demands it, and the evidence says so', () => {
    const demanding = ran.filter(({ cell }) => cell.approval);
    assert.ok(demanding.length >= 8, `${demanding.length}`);
    assert.deepEqual(
      demanding.filter(({ approvals }) => approvals === 0).map(({ cell }) => cell.name),
      [],
    );
  });

  it('told the channel what the operator filled in', () => {
    assert.deepEqual(posted, ['{"text":"policy enforcement: SEV-2 declared, a rehearsal"}']);
  });
});
