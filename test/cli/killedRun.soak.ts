// The built command line, killed two hundred times at random moments while its cells run.

import assert from 'node:assert/strict';
import { usePracticeCluster } from '../practice/usePracticeCluster.ts';
import { type KilledRuns, killRuns, type Moment } from './killedRuns.ts';

/** Fewer at a time, where a machine is shared. */
const kills = Number(process.env.RUNBOOK_SOAK_ROUNDS ?? 200);
const lanes = 3;
/** About as long as a run takes to open its incident, and then to run its cells. */
const startMs = 800;
const cellsMs = 7000;

describe(`runbook run, killed ${kills} times`, function () {
  this.timeout(60 * 60_000);
  const practice = usePracticeCluster();

  it('leaves incidents that open, verify, and hold all that was told', async () => {
    let left = kills;
    let incident = 0;
    const found: KilledRuns[] = [];
    const failures: Error[] = [];
    const lane = async (): Promise<void> => {
      while (left > 0) {
        const own = Math.min(left, 1 + Math.floor(Math.random() * 3));
        left -= own;
        incident += 1;
        // A fifth while it starts, which is where logs are opened and mended.
        const moment = (): Moment => {
          const which = Math.random();
          if (which < 0.2) return { since: 'start', ms: Math.random() * startMs };
          if (which < 0.4) return { since: 'begin', ms: Math.random() * cellsMs };
          return { since: 'output', ms: Math.random() ** 2 * cellsMs };
        };
        await killRuns(practice.cluster.kubeconfigPath, `soak-${process.pid}-${incident}`, own, moment).then(
          (one) => {
            found.push(one);
            left += one.late;
          },
          (error: Error) => failures.push(error),
        );
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const sum = (key: keyof KilledRuns): number => found.reduce((total, one) => total + one[key], 0);
    console.log(
      `      ${sum('kills')} kills in ${found.length} incidents: ${sum('late')} runs ended before theirs; ${sum('early')} before anything was told, ${sum('interrupted')} cells interrupted, ${sum('torn')} torn lines, ${sum('events')} events`,
    );
    assert.equal(failures.length, 0, failures.map(({ message }) => message).join('\n\n'));
  });
});
