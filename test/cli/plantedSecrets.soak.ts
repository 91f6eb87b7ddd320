// The corpus of secrets and of what looks like them, planted everywhere in real runs: none of the first is left on
// disk, all of the second are.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runKubectl } from '../practice/kubectl.ts';
import { usePracticeCluster } from '../practice/usePracticeCluster.ts';
import {
  filesBelow,
  innocent,
  leaks,
  openLane,
  outputOf,
  plantCell,
  planted,
  runLane,
  splitCell,
  splitOutput,
  type Text,
} from './plantedSecrets.ts';

/** Mostly asleep: many go side by side. */
const lanes = Number(process.env.RUNBOOK_SOAK_LANES ?? 16);
const looked = ['evidence', 'pack', 'home', 'tmp', 'told'];

describe('secrets planted in real runs', function () {
  this.timeout(60 * 60_000);
  const practice = usePracticeCluster();
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'planted-'));
  });
  afterEach(function () {
    if (this.currentTest?.state === 'passed') rmSync(base, { recursive: true });
  });

  /** The longest first, each to the lane that has the least. */
  function share(texts: readonly Text[], count: number): Text[][] {
    const shares = Array.from({ length: count }, () => ({ texts: [] as Text[], bytes: 0 }));
    for (const one of texts.toSorted((a, b) => b.text.length - a.text.length)) {
      const least = shares.reduce((best, other) => (other.bytes < best.bytes ? other : best));
      least.texts.push(one);
      least.bytes += one.text.length;
    }
    return shares.map((one) => one.texts).filter((own) => own.length > 0);
  }
  const below = (folder: string): string[] =>
    looked.map((sub) => path.join(folder, sub)).filter((one) => filesBelow(one).length > 0);

  it('are cut out of both streams, split at every offset 300 ms apart', async () => {
    const texts = [...planted, ...innocent];
    const offsets = texts.reduce((sum, { text }) => sum + Buffer.from(text).length - 1, 0);
    const changed = new Set<string>();
    let files = 0;
    await Promise.all(
      share(texts, lanes).map(async (own, index) => {
        const lane = openLane(base, `lane-${index}`);
        // Started one after the other: a cell whose text can't be judged in time is asked for.
        await new Promise((resolve) => setTimeout(resolve, index * 1500));
        const ran = await runLane(lane, own.map(splitCell));
        for (const one of own) {
          const kept = outputOf(ran, `Split ${one.index} ${one.name}`);
          for (const stream of ['stdout', 'stderr']) {
            const isWhole = kept[stream] === splitOutput(one);
            if (one.secrets.length > 0) assert.ok(!isWhole, `${one.name} on ${stream}`);
            else if (!isWhole) changed.add(one.text);
          }
        }
        assert.deepEqual(leaks(below(lane.folder)), []);
        files += below(lane.folder).flatMap(filesBelow).length;
      }),
    );
    console.log(
      `      ${planted.length} secrets and ${innocent.length} look-alikes, ${offsets} offsets on 2 streams in ${lanes} processes: none in ${files} files; ${changed.size} look-alikes cut`,
    );
    assert.ok(changed.size <= 2, [...changed].join('\n'));
  });

  it('are cut out of source, argument, object, artifact and file name', async () => {
    const { kubeconfigPath: kubeconfig } = practice.cluster;
    await runKubectl(['create', 'configmap', 'base', '-n', 'default'], { kubeconfig });
    let files = 0;
    const kinds = new Map<string, number>();
    await Promise.all(
      share(planted, 4).map(async (own, index) => {
        const lane = openLane(base, `plant-${index}`, { KUBECONFIG: kubeconfig });
        const { events } = await runLane(
          lane,
          own.map((one) => plantCell(one, lane)),
        );
        for (const { type } of events) kinds.set(type, (kinds.get(type) ?? 0) + 1);
        assert.deepEqual(leaks(below(lane.folder)), []);
        files += below(lane.folder).flatMap(filesBelow).length;
      }),
    );
    for (const [type, least] of Object.entries({
      'cell.intent': planted.length,
      'gate.call': 2 * planted.length,
      'object.after': 2 * planted.length,
      artifact: 2 * planted.length,
    }))
      assert.ok((kinds.get(type) ?? 0) >= least, `${type}: ${kinds.get(type)}`);
    console.log(`      ${planted.length} secrets in five places: none in ${files} files`);
  });
});
