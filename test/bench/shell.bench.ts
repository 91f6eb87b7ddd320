// How long the risk of a cell takes, over all shell of the shared runbooks, and the first use of the grammar.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { assess } from '../../src/shell/assess.ts';
import { shellParser } from '../shell/shellParser.ts';

interface Bench {
  name: string;
  limit: number;
  unit: 'ratio';
  higherIsBetter?: boolean;
  run(): Promise<{ value: number; detail: string }>;
}

const source = (name: string): string =>
  pathToFileURL(path.resolve(import.meta.dirname, '../../src/shell', name)).href;
const shared = path.resolve(import.meta.dirname, '../../../shared');

/** The bodies of shell fences; a scanner good enough for timing. */
function cells(): string[] {
  if (!existsSync(shared))
    return ['kubectl get pods -n shop\nkubectl rollout restart deployment/web -n shop\n'];
  const files = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  return files.flatMap((name) => {
    const text = readFileSync(path.join(shared, name), 'utf8');
    return [...text.matchAll(/^[ \t]*```(?:bash|sh|shell|console)[^\n]*\n([\s\S]*?)^[ \t]*```/gm)].map(
      (found) => found[1]!,
    );
  });
}

export const benches: Bench[] = [
  {
    name: 'risk of a median cell, of 2 ms',
    limit: 1,
    unit: 'ratio',
    async run() {
      const parser = await shellParser();
      const texts = cells();
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        for (const text of texts) {
          const started = performance.now();
          assess(parser, text, { deadlineMs: 10_000 });
          if (round > 0) times.push(performance.now() - started);
        }
      }
      times.sort((one, other) => one - other);
      const median = times[Math.floor(times.length / 2)]!;
      const p95 = times[Math.floor(times.length * 0.95)]!;
      return {
        value: median / 2,
        detail: `${texts.length} cells, median ${median.toFixed(2)} ms, 95 % under ${p95.toFixed(2)} ms`,
      };
    },
  },
  {
    name: 'first use of the grammar, of 100 ms',
    limit: 1,
    unit: 'ratio',
    async run() {
      // In a process of its own: the runtime starts once a process.
      const code = `
        const { createShellParser } = await import(${JSON.stringify(source('shellParser.ts'))});
        const { assess } = await import(${JSON.stringify(source('assess.ts'))});
        const { wasm } = await import(${JSON.stringify(pathToFileURL(path.resolve(import.meta.dirname, '../shell/shellParser.ts')).href)});
        const started = performance.now();
        assess(await createShellParser(wasm), 'kubectl get pods', { deadlineMs: 10000 });
        console.log(performance.now() - started);`;
      const args = ['--import', 'tsx', '--input-type=module', '-e', code];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const took = Number(stdout);
      return { value: took / 100, detail: `${took.toFixed(1)} ms` };
    },
  },
];
