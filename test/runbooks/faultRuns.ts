// Faults of the practice cluster against our own runbooks: each is quiet before, its alert fires, and once the cells
// that its section names have been run by `runbook run`, the alert is gone. The cluster's state alone decides that.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadRunbook } from '../../src/incident/runbook.ts';
import type { Fault } from '../../src/practice/faults/fault.ts';
import { faults } from '../../src/practice/faults/faults.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { runAtTerminal } from './atTerminal.ts';

const folder = path.resolve(import.meta.dirname, '../../runbooks');

/** The cells that cure it, by name, and which of their alternatives. */
export const resolutions: Record<string, { cells: readonly string[]; alternative?: number }> = {
  'out-of-memory': { cells: ['memory-cure'] },
  'failing-dependency': { cells: ['database-cure'] },
  'expired-certificate': { cells: ['renew'] },
  'crash-loop': { cells: ['bearable'] },
  'wrong-configuration': { cells: ['bearable'] },
  'full-volume': { cells: ['storage-delete'] },
  'policy-engine-down': { cells: ['engine-policies'] },
  'rate-limit-false-positives': { cells: ['limit-mend'] },
  'maintenance-overdue': { cells: ['weekly-done'] },
  'strict-policy': { cells: ['configuration-back'] },
  'policy-not-enforced': { cells: ['enforce'] },
  'login-load': { cells: ['latency-cure'] },
  'cold-cache': { cells: ['slow-cure'] },
  'redis-full': { cells: ['redis-cure'] },
  'database-connections': { cells: ['database-mend'] },
  'frontend-down': { cells: ['frontend-mend'], alternative: 3 },
};

/** Faults that don't touch each other's objects, so that a cluster can have them at once. */
const second = ['failing-dependency', 'wrong-configuration', 'policy-not-enforced', 'frontend-down'];

/** Declares the test of these faults. */
export function describeFaults(title: string, ids: readonly string[]): void {
  const chosen = faults.filter(({ id }) => ids.includes(id));
  const together = [
    chosen.filter(({ id }) => !second.includes(id)),
    chosen.filter(({ id }) => second.includes(id)),
  ].filter((set) => set.length > 0);
  describe(title, function () {
    this.timeout(400_000);
    declare(together);
  });
}

function declare(together: readonly (readonly Fault[])[]): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'runbook-faults-'));
  const clusters: PracticeCluster[] = [];

  before(async () => {
    const pace = { podReadyMs: 300, podEndMs: 100, healthEveryMs: 250, firstBackOffMs: 500, clockRate: 5 };
    for (const index of together.keys()) {
      const runtimeDirectory = path.join(directory, `${index}`);
      clusters.push(await startPracticeCluster({ runtimeDirectory, pace }));
      mkdirSync(path.join(runtimeDirectory, 'home'));
    }
  });
  after(async () => {
    for (const cluster of clusters) await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const alertsOf = (cluster: PracticeCluster): string[] => {
    cluster.metrics.tick();
    return cluster.metrics
      .alerts()
      .filter((one) => one.state === 'firing')
      .map((one) => one.rule.alert);
  };

  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (const end = Date.now() + 120_000; !holds(); await delay(200)) assert.ok(Date.now() < end, what);
  };

  async function resolve(cluster: PracticeCluster, id: string, runbook: string): Promise<void> {
    const file = path.join(folder, `${runbook}.runbook.md`);
    const { cells } = loadRunbook(readFileSync(file), file);
    const { cells: names, alternative = 1 } = resolutions[id]!;
    const indices = names.map((name) => {
      const found = cells.find(({ cell }) => cell.attributes.name === name);
      assert.ok(found, `${runbook} has no cell ${name}`);
      return found.index;
    });
    const home = path.join(path.dirname(cluster.kubeconfigPath), 'home');
    const result = await runAtTerminal({
      args: [file, '--evidence', path.join(home, 'evidence'), '--cells', indices.join(',')],
      env: { ...process.env, HOME: home, KUBECONFIG: cluster.kubeconfigPath },
      alternative,
    });
    assert.equal(result.code, 0, `${id}: ${result.screen.slice(-3000)}`);
    assert.deepEqual(
      result.cells.map(({ status }) => status),
      names.map(() => 'done'),
    );
  }

  it('is quiet before, fires, and is quiet once its cells have run', async () => {
    await Promise.all(
      together.map(async (set, index) => {
        const cluster = clusters[index]!;
        const own = new Set(set.map(({ alert }) => alert));
        assert.deepEqual(alertsOf(cluster), []);
        for (const { id } of set) await cluster.faults.start(id);
        await until(`${[...own].join()} fires`, () => {
          const firing = alertsOf(cluster);
          return [...own].every((alert) => firing.includes(alert));
        });
        for (const { id, runbook } of set) await resolve(cluster, id, runbook);
        await until(`${[...own].join()} is gone, of ${alertsOf(cluster).join()}`, () =>
          alertsOf(cluster).every((alert) => !own.has(alert)),
        );
        // The board looks every few seconds, by the same alerts and the state itself.
        await until(`the board tells ${set.map(({ id }) => id).join()} as cured`, () =>
          cluster.faults
            .statuses()
            .every(({ id, state }) => state === 'cured' || !set.some((one) => one.id === id)),
        );
      }),
    );
  });
}
