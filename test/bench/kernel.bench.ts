// How much the kernel costs: a cell against a spawned bash, a gigabyte against tee, a gated call against a bare one.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvidenceWriter } from '../../src/evidence/write/evidenceWriter.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import type { CellDisplay } from '../../src/incident/cellOutcome.ts';
import { RecordedOutput } from '../../src/incident/recordedOutput.ts';
import { Session } from '../../src/kernel/session.ts';
import type { SessionOptions } from '../../src/kernel/types.ts';

export interface Bench {
  readonly name: string;
  readonly limit: number;
  readonly unit: 'ratio';
  readonly higherIsBetter?: boolean;
  run(): Promise<{ value: number; detail: string }>;
}

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: tmpdir() };

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function withSession<T>(
  body: (session: Session, directory: string) => Promise<T>,
  options: Partial<SessionOptions> = {},
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'kernel-bench-'));
  const session = await Session.start({ cwd: directory, env, ...options });
  try {
    return await body(session, directory);
  } finally {
    await session.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

const openEvidence = (directory: string): Promise<EvidenceWriter> =>
  openIncident(
    path.join(directory, 'evidence'),
    { id: 'bench', title: 'Bench' },
    {
      actor: { user: 'b', host: 'h' },
      tool: { name: 'bench', version: '1' },
      stateDir: path.join(directory, 'state'),
    },
  );

async function latency(): Promise<{ value: number; detail: string }> {
  const rounds = 200;
  return withSession(async (session, directory) => {
    const writer = await openEvidence(directory);
    const cells: number[] = [];
    const spawns: number[] = [];
    const display: CellDisplay = { output() {}, notice() {} };
    // Turn by turn, so that what else the machine does hits both alike.
    for (let round = 0; round < rounds; round++) {
      const run = `r${round}`;
      const begin = performance.now();
      await writer.append({ type: 'cell.intent', run, cell: { index: 1 }, source: 'true', risk: 'read' });
      const output = new RecordedOutput(writer, run, Date.now(), display, () => {});
      const { exitCode, durationMs } = await session.run(
        { text: 'true', language: 'bash', cellId: run },
        output,
      );
      await output.end();
      await writer.append({ type: 'cell.result', run, ok: true, exitCode: exitCode ?? 1, durationMs });
      const middle = performance.now();
      spawnSync('bash', ['-c', 'true'], { env });
      cells.push(middle - begin);
      spawns.push(performance.now() - middle);
    }
    await writer.close();
    const [cell, spawned] = [median(cells), median(spawns)];
    return {
      value: cell / spawned,
      detail: `cell ${cell.toFixed(2)} ms, spawn ${spawned.toFixed(2)} ms (medians of ${rounds})`,
    };
  });
}

const gibibyte = 'head -c 1G /dev/zero | base64';
let growthMiB: number | undefined;

/** A cell as the product runs it: redacted, written to a blob, with the order and time of every chunk. */
async function recordedMs(text: string): Promise<number> {
  return withSession(async (session, directory) => {
    const writer = await openEvidence(directory);
    const before = process.memoryUsage.rss();
    let peak = before;
    const display: CellDisplay = {
      output() {
        peak = Math.max(peak, process.memoryUsage.rss());
      },
      notice() {},
    };
    const output = new RecordedOutput(writer, 'big', Date.now(), display, (error) => {
      throw error;
    });
    const begin = performance.now();
    await session.run({ text, language: 'bash', cellId: 'big' }, output);
    await output.end();
    const tookMs = performance.now() - begin;
    await writer.close();
    growthMiB = (peak - before) / 1024 / 1024;
    return tookMs;
  });
}

async function throughput(): Promise<{ value: number; detail: string }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'kernel-bench-'));
  const begin = performance.now();
  execFileSync('bash', ['-c', `${gibibyte} | tee "$0" | sha256sum`, path.join(directory, 'blob')], { env });
  const teeMs = performance.now() - begin;
  rmSync(directory, { recursive: true });
  const cellMs = await recordedMs(gibibyte);
  return {
    value: teeMs / cellMs,
    detail: `cell ${(cellMs / 1000).toFixed(2)} s, tee and sha256sum ${(teeMs / 1000).toFixed(2)} s, memory +${growthMiB!.toFixed(0)} MiB`,
  };
}

async function memory(): Promise<{ value: number; detail: string }> {
  if (growthMiB === undefined) await recordedMs(gibibyte);
  return {
    value: growthMiB! / 64,
    detail: `host memory +${growthMiB!.toFixed(0)} MiB over 1.4 GiB of output`,
  };
}

/** From the command's write to the host's display, which VS Code's own drawing follows. */
async function firstLine(): Promise<{ value: number; detail: string }> {
  return withSession(async (session, directory) => {
    const writer = await openEvidence(directory);
    let delayMs: number | undefined;
    let shown = 0;
    const display: CellDisplay = {
      output(_, bytes) {
        delayMs ??= Date.now() - Number(Buffer.from(bytes).toString().split('\n', 1)[0]) * 1000;
        shown += bytes.length;
      },
      notice() {},
    };
    const output = new RecordedOutput(writer, 'lines', Date.now(), display, () => {});
    const begin = performance.now();
    const text = 'echo "$EPOCHREALTIME"; seq 100000';
    await session.run({ text, language: 'bash', cellId: 'lines' }, output);
    await output.end();
    const tookMs = performance.now() - begin;
    await writer.close();
    const blobs = path.join(directory, 'evidence', 'bench', 'blobs');
    const kept = readdirSync(blobs).reduce((sum, name) => sum + statSync(path.join(blobs, name)).size, 0);
    const written = '1700000000.123456\n'.length + 588_895;
    if (kept !== written || shown !== written)
      throw new Error(`${kept} bytes kept and ${shown} shown of ${written}`);
    return {
      value: delayMs! / 150,
      detail: `first line after ${delayMs!.toFixed(1)} ms, all ${written} bytes after ${tookMs.toFixed(0)} ms`,
    };
  });
}

async function gate(): Promise<{ value: number; detail: string }> {
  const rounds = 200;
  const each = async (gated: boolean): Promise<number> =>
    withSession(
      async (session) => {
        const chunks: Uint8Array[] = [];
        await session.run(
          {
            text: `for i in {1..${rounds}}; do a=$EPOCHREALTIME; uname; b=$EPOCHREALTIME; echo $(( \${b/./} - \${a/./} )); done`,
            language: 'bash',
            cellId: 'gate',
          },
          { write: (_, bytes) => void chunks.push(bytes) },
        );
        return (
          median(
            Buffer.concat(chunks)
              .toString()
              .split('\n')
              .filter((line) => /^\d+$/.test(line))
              .map(Number),
          ) / 1000
        );
      },
      gated
        ? {
            gatedCommands: ['uname'],
            gate: { decide: async () => ({ allow: true }), finished: () => {} },
          }
        : {},
    );
  const bare = await each(false);
  const through = await each(true);
  return {
    value: (through - bare) / 5,
    detail: `bare ${bare.toFixed(2)} ms, gated ${through.toFixed(2)} ms (medians of ${rounds}); 5 ms may be added`,
  };
}

export const benches: Bench[] = [
  {
    name: 'kernel: a cell with true, its evidence on disk, against bash -c true',
    limit: 0.5,
    unit: 'ratio',
    run: latency,
  },
  {
    name: 'kernel: 1 GiB through a cell, redacted and recorded, against tee and sha256sum',
    limit: 0.6,
    unit: 'ratio',
    higherIsBetter: true,
    run: throughput,
  },
  { name: 'kernel: memory for 1 GiB against 64 MiB', limit: 1, unit: 'ratio', run: memory },
  {
    name: 'kernel: first of 100,000 lines at the display against 150 ms',
    limit: 1,
    unit: 'ratio',
    run: firstLine,
  },
  { name: 'kernel: what the gate adds to a call against 5 ms', limit: 1, unit: 'ratio', run: gate },
];
