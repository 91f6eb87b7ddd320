// The promised size: an incident of 1 GiB against sha256sum over the same files, in a process of its own; and a log
// of 100,000 events.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import { median } from '../bench/bench.ts';
import { type Place, place } from './support.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli/runbook.js');
const tellMemory = `data:text/javascript,process.on("exit",()=>console.error("rss",process.resourceUsage().maxRSS))`;

describe('a big incident', function () {
  this.timeout(30 * 60_000);
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());

  it('verifies 1 GiB at half the speed of sha256sum or more, in less than 256 MiB', async () => {
    const mebibytes = Number(process.env.RUNBOOK_SOAK_MIB ?? 1024);
    const writer = await openIncident(at.root, { id: 'big', title: 'Big' }, at.options);
    for (let index = 0; index < mebibytes; index += 8) {
      const blob = await writer.putBlob(randomBytes(8 * 1024 * 1024));
      await writer.append({ type: 'capture', capture: `c${index}`, about: 'soak', blob, ok: true });
    }
    await writer.closeIncident();
    const dir = path.join(at.root, 'big');
    const plain: number[] = [];
    const verified: number[] = [];
    let rss = 0;
    for (let round = 0; round < 3; round += 1) {
      let before = performance.now();
      execFileSync('bash', ['-c', 'find . -type f -print0 | xargs -0 sha256sum > /dev/null'], { cwd: dir });
      plain.push(performance.now() - before);
      before = performance.now();
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', tellMemory, cli, 'verify', dir],
        { encoding: 'utf8' },
      );
      verified.push(performance.now() - before);
      assert.equal(status, 0, stdout + stderr);
      rss = Math.max(rss, Number(/rss (\d+)/.exec(stderr)![1]) / 1024);
    }
    const ratio = median(plain) / median(verified);
    console.log(
      `      ${mebibytes} MiB: verify ${median(verified).toFixed(0)} ms, sha256sum ${median(plain).toFixed(0)} ms: ${ratio.toFixed(2)} ×; ${rss.toFixed(0)} MiB resident`,
    );
    assert.ok(ratio >= 0.5, `${ratio}`);
    assert.ok(rss < 256, `${rss} MiB`);
  });

  it('appends the last of 100,000 events as quickly as the first, and verifies in linear time', async () => {
    const events = Number(process.env.RUNBOOK_SOAK_EVENTS ?? 100_000);
    const writer = await openIncident(at.root, { id: 'long', title: 'Long' }, at.options);
    const costs: number[] = [];
    const verified: number[] = [];
    const dir = path.join(at.root, 'long');
    for (let index = 0; index < events; index += 1) {
      const before = performance.now();
      await writer.append({ type: 'cell.choice', cell: { index }, option: `option ${index}` });
      costs.push(performance.now() - before);
      if ((index + 1) % (events / 2) === 0) {
        await writer.checkpoint();
        const start = performance.now();
        const { ok, problems } = await verifyEvidence(dir);
        verified.push(performance.now() - start);
        assert.ok(ok, JSON.stringify(problems));
      }
    }
    await writer.close();
    // The very first thousand warm the compiler up.
    const first = median(costs.slice(1000, 2000));
    const last = median(costs.slice(-1000));
    console.log(
      `      ${events} events: ${(first * 1000).toFixed(0)} µs, then ${(last * 1000).toFixed(0)} µs (${(last / first).toFixed(2)} ×); verify ${verified.map((ms) => ms.toFixed(0)).join(', ')} ms for half and all`,
    );
    assert.ok(last / first <= 1.2, `${last / first}`);
    assert.ok(verified[1]! / verified[0]! < 2.6, verified.join());
  });
});
