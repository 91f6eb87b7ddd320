// SIGKILL at two hundred random moments while cells run.

import { killAtRandom } from './killAtRandom.ts';
import { place } from './support.ts';

/** Fewer at a time, where a machine is shared. */
const rounds = Number(process.env.RUNBOOK_SOAK_ROUNDS ?? 200);

describe(`SIGKILL, ${rounds} times`, function () {
  this.timeout(30 * 60_000);
  it('leaves an incident that opens, verifies, and holds all that was acknowledged', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const at = place();
      try {
        await killAtRandom(at, `inc-${round}`, Math.random() * 400);
      } finally {
        at.remove();
      }
    }
  });
});
