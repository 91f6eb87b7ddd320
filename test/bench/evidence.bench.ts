// What evidence costs: redaction against the promised 100 MB/s, appending, verifying against plain hashing.

import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { Redactor } from '../../src/evidence/redact/redactor.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import { type Bench, median } from './bench.ts';

async function withRoot<T>(work: (base: string) => Promise<T>): Promise<T> {
  const base = mkdtempSync(path.join(os.tmpdir(), 'evidence-bench-'));
  try {
    return await work(base);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const open = (base: string) =>
  openIncident(
    path.join(base, 'root'),
    { id: 'bench', title: 'Bench' },
    {
      actor: { user: 'b', host: 'h' },
      tool: { name: 'bench', version: '1' },
      stateDir: path.join(base, 'state'),
    },
  );

/** Lines as servers write them: access logs, logfmt with URLs, Java. */
function logText(bytes: number): Buffer {
  const lines: string[] = [];
  for (let length = 0, index = 0; length < bytes; index += 1) {
    const id = (index * 2654435761) >>> 0;
    const line = [
      `2026-11-21T22:15:04.${String(index % 1000).padStart(3, '0')}Z INFO  [http-nio-8080-exec-${index % 20}] c.e.shop.OrderController - GET /api/v1/orders/${id} 200 ${index % 90}ms trace=${id.toString(16).padStart(32, '4')}\n`,
      `10.1.${index % 250}.${id % 250} - - [21/Nov/2026:22:15:04 +0000] "GET /static/app-${id}.js HTTP/1.1" 200 ${id % 9999} "https://shop.example.com/cart" "Mozilla/5.0 (X11; Linux x86_64)"\n`,
      `level=info ts=2026-11-21T22:15:04Z caller=main.go:${index % 900} msg="query done" url=http://prometheus:9090/api/v1/query duration=${id % 100}ms\n`,
      `aureus-frontend-${id.toString(36)}-x2x1z   1/1   Running   ${index % 4}   ${index % 60}m   10.128.4.${index % 250}   node-${index % 9}\n`,
    ][index % 4]!;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

export const benches: Bench[] = [
  {
    name: 'redaction of log text, in units of 100 MB a second of processor time',
    limit: 1,
    unit: 'ratio',
    higherIsBetter: true,
    async run() {
      // Repeated, so that the garbage of making it is not counted as redaction.
      const some = logText(4 * 1024 * 1024);
      const text = Buffer.concat(Array.from({ length: 16 }, () => some));
      const stream = new Redactor(randomBytes(32)).stream();
      const before = process.cpuUsage();
      for (let at = 0; at < text.length; at += 65536) stream.write(text.subarray(at, at + 65536));
      stream.end();
      const { user, system } = process.cpuUsage(before);
      const speed = text.length / (user + system);
      return {
        value: speed / 100,
        detail: `${speed.toFixed(0)} MB/s on ${(text.length / 1e6).toFixed(0)} MB`,
      };
    },
  },
  {
    name: 'append: last 1,000 of a long log against the first 1,000',
    limit: 1.2,
    unit: 'ratio',
    run: () =>
      withRoot(async (base) => {
        const writer = await open(base);
        const events = 10_000;
        const costs: number[] = [];
        for (let index = 0; index < events; index += 1) {
          const before = performance.now();
          await writer.append({ type: 'cell.choice', cell: { index }, option: `option ${index}` });
          costs.push(performance.now() - before);
        }
        await writer.close();
        // The first thousand warm the compiler up.
        const first = median(costs.slice(1000, 2000));
        const last = median(costs.slice(-1000));
        return {
          value: last / first,
          detail: `${(first * 1000).toFixed(0)} µs, then ${(last * 1000).toFixed(0)} µs an event, of ${events}`,
        };
      }),
  },
  {
    name: 'intent and result of a cell, against starting /bin/true',
    limit: 1,
    unit: 'ratio',
    run: () =>
      withRoot(async (base) => {
        const writer = await open(base);
        const rounds = 100;
        const own: number[] = [];
        const spawned: number[] = [];
        for (let index = 0; index < rounds; index += 1) {
          const run = `r${index}`;
          let before = performance.now();
          await writer.append({ type: 'cell.intent', run, cell: { index }, source: 'true', risk: 'read' });
          await writer.append({ type: 'cell.result', run, ok: true, exitCode: 0, durationMs: 1 });
          own.push(performance.now() - before);
          before = performance.now();
          spawnSync('/bin/true');
          spawned.push(performance.now() - before);
        }
        await writer.close();
        return {
          value: median(own) / median(spawned),
          detail: `${median(own).toFixed(2)} ms against ${median(spawned).toFixed(2)} ms`,
        };
      }),
  },
  {
    name: 'verify, against SHA-256 over the same files',
    limit: 0.5,
    unit: 'ratio',
    higherIsBetter: true,
    run: () =>
      withRoot(async (base) => {
        const writer = await open(base);
        for (let index = 0; index < 128; index += 1) {
          const blob = await writer.putBlob(randomBytes(1024 * 1024));
          await writer.append({ type: 'capture', capture: `c${index}`, about: 'bench', blob, ok: true });
        }
        await writer.closeIncident();
        const dir = path.join(base, 'root', 'bench');
        await hashAll(dir);
        let before = performance.now();
        await hashAll(dir);
        const plain = performance.now() - before;
        before = performance.now();
        const { ok, problems } = await verifyEvidence(dir);
        const verified = performance.now() - before;
        if (!ok) throw new Error(JSON.stringify(problems));
        const rss = process.resourceUsage().maxRSS / 1024;
        return {
          value: plain / verified,
          detail: `${verified.toFixed(0)} ms against ${plain.toFixed(0)} ms for 128 MiB; at most ${rss.toFixed(0)} MiB resident in this process so far`,
        };
      }),
  },
];

async function hashAll(dir: string): Promise<void> {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path.join(entry.parentPath, entry.name), {
      highWaterMark: 1 << 20,
    }))
      hash.update(chunk as Buffer);
    hash.digest('hex');
  }
}
