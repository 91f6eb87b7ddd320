// How long the risk of a cell takes, over all shell of the shared runbooks, and the first use of the grammar.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { assess } from '../../src/shell/assess.ts';
import { createShellParser } from '../../src/shell/shellParser.ts';
import { shellParser, wasm } from '../shell/shellParser.ts';

interface Bench {
  name: string;
  limit: number;
  unit: 'ratio';
  higherIsBetter?: boolean;
  run(): Promise<{ value: number; detail: string }>;
}

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
      const started = performance.now();
      const parser = await createShellParser(wasm);
      assess(parser, 'kubectl get pods', { deadlineMs: 10_000 });
      const took = performance.now() - started;
      parser.dispose();
      return { value: took / 100, detail: `${took.toFixed(1)} ms` };
    },
  },
];
