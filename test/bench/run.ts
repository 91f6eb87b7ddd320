// Owns `npm run bench`: every test/bench/*.bench.ts, a warm-up and several rounds each, medians in a table and in
// bench-results.json. Ends with 1 when a limit is broken or a benchmark fails.
// Usage: node --import tsx test/bench/run.ts [--rounds N] [--only TEXT]

import { readdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Bench, keepsLimit, median } from './bench.ts';

interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly limit: number;
  readonly higherIsBetter: boolean;
  readonly ok: boolean;
  /** The median of the rounds; absent when the benchmark failed. */
  readonly value?: number;
  readonly rounds?: readonly number[];
  readonly detail: string;
}

const project = path.resolve(import.meta.dirname, '../..');
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
});
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds takes a whole number from 1 on.');
  process.exit(2);
}

async function loadBenches(): Promise<Bench[]> {
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.bench.ts')).sort();
  const loaded: Bench[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(path.join(import.meta.dirname, file)).href)) as {
      benches?: readonly Bench[];
    };
    if (!module.benches) throw new Error(`${file} exports no benches.`);
    loaded.push(...module.benches);
  }
  return loaded.filter((bench) => bench.name.includes(flags.only));
}

async function measure(bench: Bench): Promise<BenchResult> {
  const { name, unit, limit, higherIsBetter = false } = bench;
  const kept = { name, unit, limit, higherIsBetter };
  try {
    await bench.run();
    const found = [];
    for (let round = 0; round < rounds; round++) found.push(await bench.run());
    const values = found.map((one) => one.value);
    const value = median(values);
    // The round in the middle is the one whose detail tells most.
    const typical = found.reduce((best, one) =>
      Math.abs(one.value - value) < Math.abs(best.value - value) ? one : best,
    );
    return { ...kept, ok: keepsLimit(bench, value), value, rounds: values, detail: typical.detail };
  } catch (error) {
    return { ...kept, ok: false, detail: `failed: ${error instanceof Error ? error.message : error}` };
  }
}

function table(results: readonly BenchResult[]): string {
  const rows = results.map((one) => [
    one.ok ? 'ok' : 'BROKEN',
    one.name,
    one.value === undefined ? '-' : one.value.toFixed(2),
    `${one.higherIsBetter ? '>=' : '<='} ${one.limit}`,
    one.rounds ? `${Math.min(...one.rounds).toFixed(2)} to ${Math.max(...one.rounds).toFixed(2)}` : '',
    one.detail,
  ]);
  const all = [['', 'benchmark', 'median', 'limit', 'rounds', 'made of'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const benches = await loadBenches();
const results: BenchResult[] = [];
for (const bench of benches) {
  process.stderr.write(`${bench.name} ...\n`);
  results.push(await measure(bench));
}
const machine = { node: process.version, platform: `${process.platform}-${process.arch}` };
await writeFile(
  path.join(project, 'bench-results.json'),
  `${JSON.stringify({ machine: { ...machine, cores: availableParallelism() }, rounds, results }, null, 2)}\n`,
);
console.log(table(results));
if (results.length === 0) console.error('No benchmark was run.');
process.exit(results.length > 0 && results.every((one) => one.ok) ? 0 : 1);
