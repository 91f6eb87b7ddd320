// The order of several writers' events, where their clocks agree and where they don't.

import assert from 'node:assert/strict';
import { systemClock } from '../../src/base/clock.ts';
import type { EvidenceEvent } from '../../src/evidence/events.ts';
import { factsOf } from '../../src/evidence/read/incidentFacts.ts';
import { mergeLogs } from '../../src/evidence/read/mergeLogs.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { pendingHandover } from '../../src/incident/pendingHandover.ts';
import { place } from './support.ts';

describe('the order of several logs', () => {
  it('has a take-over behind its handover, though the clock of the newcomer is an hour behind', async () => {
    const at = place();
    try {
      const ada = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
      await ada.append({ type: 'note', text: 'mine', about: 'incident', extra: { commander: 'ada' } });
      const { seq, writer } = await ada.append({ type: 'handover', from: 'ada', to: 'grace', text: '' });
      const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
      const grace = await joinIncident(at.root, 'a', { ...at.options, clock });
      await grace.writer.append({
        type: 'note',
        text: 'took over',
        about: 'incident',
        extra: { commander: 'grace', accepts: `${writer}#${seq}` },
      });
      await grace.writer.close();
      await ada.append({ type: 'note', text: 'seen' });
      await ada.close();
      const read = await readIncident(ada.incidentDir);
      assert.equal(read.events[0]!.event.type, 'incident.opened');
      assert.equal(pendingHandover(read), undefined);
      const { commander, takenOver } = factsOf(read);
      assert.equal(commander, 'grace');
      assert.deepEqual([takenOver?.from, takenOver?.to, takenOver?.by], ['ada', 'grace', 'grace']);
    } finally {
      at.remove();
    }
  });

  const log = (writer: string, ...events: [minute: number, seen?: [writer: string, size: number][]][]) =>
    events.map(([minute, seen = []], seq) => ({
      writer,
      event: {
        type: 'checkpoint',
        seq,
        time: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
        seen: seen.map(([other, size]) => ({ writer: other, size, root: '' })),
      } as unknown as EvidenceEvent,
    }));
  const order = (...logs: ReturnType<typeof log>[]): string =>
    mergeLogs(logs)
      .map(({ writer, event }) => `${writer}${event.seq}`)
      .join(' ');

  it('is that of time, but for what a writer had seen, also through a third one', () => {
    assert.equal(order(log('a', [1], [5]), log('b', [2], [4], [3])), 'a0 b0 b1 b2 a1');
    assert.equal(order(log('a', [0, [['b', 1]]], [9]), log('b', [5])), 'b0 a0 a1');
    assert.equal(
      order(log('a', [1, [['b', 1]]]), log('b', [2, [['c', 2]]]), log('c', [7], [8], [9])),
      'c0 c1 b0 a0 c2',
    );
  });

  it('is that of time alone where logs vouch for each other’s future, or for what is not there', () => {
    const a = log('a', [1, [['b', 2]]], [3]);
    const b = log('b', [2, [['a', 2]]], [4]);
    assert.equal(order(a, b), 'a0 b0 a1 b1');
    assert.equal(
      order(
        log('a', [
          1,
          [
            ['b', 99],
            ['x', 1],
            ['a', 1],
          ],
        ]),
        log('b', [2]),
      ),
      'a0 b0',
    );
  });
});
