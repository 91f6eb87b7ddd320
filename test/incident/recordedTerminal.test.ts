// A terminal in the log: it has an end there, also where it never opened.

import assert from 'node:assert/strict';
import { handoverState } from '../../src/incident/handoverState.ts';
import { withNotebook } from './sessionBench.ts';

describe('a terminal of the session', () => {
  it('that does not open is told so, and not as running', async () => {
    await withNotebook(async ({ session, events }) => {
      await session.dispose();
      await assert.rejects(
        session.openTerminal(() => {}, { columns: 80, rows: 24 }),
        { code: 'kernel-disposed' },
      );
      const all = await events();
      const result = all.find((event) => event.type === 'cell.result');
      assert.ok(result?.type === 'cell.result' && !result.ok);
      assert.match(result.notes?.[0] ?? '', /^It did not open: /);
      const state = handoverState({ events: all.map((event) => ({ writer: 'w', event })) });
      assert.deepEqual(state.running, []);
    });
  });
});
