// An incident that somebody closes while it is open here: nothing begins behind the close, from no side.

import assert from 'node:assert/strict';
import path from 'node:path';
import type { EvidenceEvent } from '../../src/evidence/events.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { closedElsewhere } from '../../src/incident/closedElsewhere.ts';
import { noteIncident } from '../../src/incident/declareIncident.ts';
import { handOver } from '../../src/incident/handover.ts';
import { Incident } from '../../src/incident/incident.ts';
import { bash, withNotebook } from './sessionBench.ts';

describe('an incident that was closed elsewhere', () => {
  it('takes no run, no note and no handover, is not closed again, and verifies', async () => {
    await withNotebook(async ({ incident, folder, run, events }) => {
      const place = {
        flag: path.dirname(incident.folder),
        env: { XDG_STATE_HOME: path.join(folder, 'state') },
        tool: { name: 'other', version: '0' },
      };
      assert.equal((await run(bash('echo one'))).status, 'done');
      assert.equal(await closedElsewhere(incident.folder, incident.writer.writer), null);
      const other = await Incident.join(place, incident.id, folder);
      assert.equal((await run(bash('echo two'))).status, 'done', 'it is only joined');
      await noteIncident(other, 'all is well');
      await other.close('over');

      const refused = await run(bash('echo three'));
      assert.equal(refused.status, 'refused');
      assert.match(
        refused.message,
        /^Not run: .* was closed elsewhere, at \d{4}-.*: nothing more is recorded/,
      );
      assert.equal(refused.stdout, '');
      await assert.rejects(noteIncident(incident, 'late'), { code: 'incident-closed' });
      const offer = { from: 'ada', to: 'grace', text: '' };
      await assert.rejects(handOver(incident, offer), { code: 'incident-closed' });
      await incident.close('twice');
      const all = await events();
      const types = (type: EvidenceEvent['type']) => all.filter((event) => event.type === type).length;
      assert.deepEqual([types('incident.closed'), types('cell.intent'), types('handover')], [1, 2, 0]);
      assert.deepEqual((await verifyEvidence(incident.folder)).problems, []);
    });
  });
});
