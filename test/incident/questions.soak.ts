// An hour of the seeds' work in an incident of level 1, in production: every question with its reason, as a table. Each
// has to be one that a careful engineer wants: reads ask nothing, a change is asked once, what destroys by its name.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { allSystems } from '../../src/practice/systems/allSystems.ts';
import { sharedFolder } from '../editor/harness.ts';
import { openGuardedCluster } from './guardedCluster.ts';
import { withNotebook } from './sessionBench.ts';

const cellMs = 8000;

describe('the questions of an hour at level 1', function () {
  this.timeout(900_000);
  const seeds = sharedFolder('seeds');
  for (const name of ['pqc-scan-failure', 'policy-enforcement', 'aureus-incident-response']) {
    (seeds ? it : it.skip)(name, async () => {
      const cluster = await openGuardedCluster(allSystems);
      const file = path.join(seeds!, `${name}.runbook.md`);
      const runbook = loadRunbook(await readFile(file), file);
      const table: string[] = [];
      try {
        await withNotebook(
          async ({ session, person }) => {
            person.give = (requests) => ({
              values: new Map(requests.map((one) => [one.name, one.suggestions[0]?.value ?? 'value'])),
              missing: 'skip',
            });
            person.answer = (question) =>
              question.title.startsWith('A command failed')
                ? { yes: false, reason: 'enough' }
                : { yes: true, ...(question.typed ? { typed: question.typed } : {}) };
            let ran = 0;
            for (const cell of runbook.cells) {
              if (cell.cell.kind !== 'code' || !cell.cell.executable) continue;
              const before = person.questions.length;
              const outcome = await session.run(
                { runbook, cell },
                { output: () => {}, notice: () => {} },
                AbortSignal.timeout(cellMs),
              );
              ran++;
              for (const question of person.questions.slice(before)) {
                const calls = question.calls.map(({ text, risk }) => `${risk}: ${text.split('\n')[0]}`);
                const [why] = question.why.slice(-1);
                table.push(
                  `${cell.index}  ${question.consent}  ${question.title}\n      ${calls.join('\n      ')}\n      ${why}`,
                );
                const harmless = question.calls.every(({ risk }) => risk === 'read' || risk === 'write');
                assert.ok(!harmless || question.title.startsWith('A command failed'), table.at(-1));
              }
              const asked = person.questions.length - before;
              assert.ok(asked <= 8, `${asked} questions in cell ${cell.index}: ${outcome.message}`);
            }
            console.log(
              `      ${ran} cells, ${person.questions.length} questions, ${person.requests.length} asked for values`,
            );
            console.log(table.map((row) => `    ${row}`).join('\n'));
          },
          { env: cluster.env, incidentLevel: () => 1, limits: { defaultTimeoutMs: cellMs } },
        );
      } finally {
        await cluster.close();
      }
    });
  }
});
