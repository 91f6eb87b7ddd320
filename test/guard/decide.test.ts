import assert from 'node:assert/strict';
import { Allowances, inputDigest } from '../../src/guard/allowances.ts';
import { type Consent, decide, type IncidentLevel } from '../../src/guard/decide.ts';
import type { Risk } from '../../src/shell/risk.ts';

/** The table of the design, by hand: not production; production; incident 3–4; incident 1–2. */
const table: [Risk | 'approval' | 'outside', Consent, Consent, Consent, Consent][] = [
  ['read', 'run', 'run', 'run', 'run'],
  ['write', 'run', 'run', 'run', 'run'],
  ['secret', 'run', 'confirm', 'confirm', 'run'],
  ['change', 'run', 'confirm', 'confirm', 'confirm'],
  ['unknown', 'confirm', 'confirm', 'confirm', 'confirm'],
  ['destroy', 'confirm', 'two-person', 'type-name', 'type-name'],
  ['approval', 'confirm', 'two-person', 'two-person', 'two-person'],
  ['outside', 'confirm', 'refuse', 'type-name', 'type-name'],
];

describe('the built-in policy', () => {
  for (const [name, ...wanted] of table) {
    it(`decides ${name}`, () => {
      const risk: Risk = name === 'approval' || name === 'outside' ? 'change' : name;
      const columns: [boolean, IncidentLevel[]][] = [
        [false, [null, 1, 2, 3, 4]],
        [true, [null]],
        [true, [3, 4]],
        [true, [1, 2]],
      ];
      for (const [column, [production, levels]] of columns.entries()) {
        for (const incidentLevel of levels) {
          const { consent } = decide({
            risk,
            production,
            incidentLevel,
            demandsApproval: name === 'approval' ? 'REQUIRES APPROVAL' : undefined,
            outsidePin: name === 'outside' ? 'it goes to another cluster' : undefined,
          });
          assert.equal(consent, wanted[column], `column ${column}, level ${incidentLevel}`);
        }
      }
    });
  }

  it('takes the strictest of what is asked, and says each reason', () => {
    const { consent, reasons } = decide({
      risk: 'destroy',
      production: true,
      incidentLevel: 1,
      demandsApproval: 'REQUIRES APPROVAL',
    });
    assert.equal(consent, 'two-person');
    assert.deepEqual(reasons, [
      'the runbook says: “REQUIRES APPROVAL”',
      'destroy in production, in a severe incident',
    ]);
  });

  it('does not ask for a read elsewhere', () => {
    const situation = {
      risk: 'read',
      production: true,
      incidentLevel: null,
      outsidePin: 'another cluster',
    } as const;
    assert.equal(decide(situation).consent, 'run');
  });
});

describe('allowances', () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const call = { tool: 'kubectl', args: ['delete', 'pod', 'a'], cwd: '/w' };

  it('cover the identical call for ten minutes, and no other', () => {
    const allowances = new Allowances(clock);
    allowances.allow(call);
    assert.ok(allowances.covers({ ...call }));
    assert.ok(!allowances.covers({ ...call, args: ['delete', 'pod', 'b'] }));
    assert.ok(!allowances.covers({ ...call, args: ['delete pod', 'a'] }));
    assert.ok(!allowances.covers({ ...call, away: true }));
    assert.ok(
      !allowances.covers({ ...call, input: inputDigest(new Map([['/dev/fd/0', Buffer.from('x')]])) }),
    );
    nowMs += 599_999;
    assert.ok(allowances.covers(call));
    nowMs += 1;
    assert.ok(!allowances.covers(call));
  });

  it('are for one folder where the call reads files of it', () => {
    const allowances = new Allowances(clock);
    allowances.allow(call);
    assert.ok(allowances.covers({ ...call, cwd: '/other' }));
    const applied = { tool: 'kubectl', args: ['apply', '-f', 'a.yaml'], cwd: '/w' };
    allowances.allow(applied);
    assert.ok(allowances.covers(applied));
    assert.ok(!allowances.covers({ ...applied, cwd: '/other' }));
    const chart = { tool: 'helm', args: ['upgrade', 'a', './chart'], cwd: '/w' };
    allowances.allow(chart);
    assert.ok(!allowances.covers({ ...chart, cwd: '/other' }));
  });

  it('are for what the call reads on standard input', () => {
    const allowances = new Allowances(clock);
    const digest = (text: string) => inputDigest(new Map([['/dev/fd/0', Buffer.from(text)]]));
    const applied = { tool: 'kubectl', args: ['apply', '-f', '-'], cwd: '/w', input: digest('one') };
    allowances.allow(applied);
    assert.ok(allowances.covers(applied));
    assert.ok(!allowances.covers({ ...applied, input: digest('two') }));
    assert.ok(!allowances.covers({ ...applied, input: undefined }));
  });

  it('cover a date that is in a call only in its own shape', () => {
    const allowances = new Allowances(clock);
    const label = (...args: string[]) => ({ tool: 'kubectl', args: ['label', 'ns', 'a', ...args], cwd: '/' });
    allowances.allow({ ...label('at=2026-01-01'), shapes: ['label', 'ns', 'a', 'at=\\d{4}-\\d{2}-\\d{2}'] });
    assert.ok(allowances.covers(label('at=2026-01-02')));
    for (const other of ['at=2026-01-021', 'xat=2026-01-02', 'at=2026-01-02\n', 'at=--all', 'at='])
      assert.ok(!allowances.covers(label(other)), other);
    assert.ok(!allowances.covers(label('at=2026-01-02', '--all')));
    assert.ok(!allowances.covers({ ...label('at=2026-01-02'), tool: 'oc' }));
    assert.ok(!allowances.covers({ ...label('at=2026-01-02'), input: 'x' }));
  });

  it('end when they are cleared', () => {
    const allowances = new Allowances(clock);
    allowances.allow(call);
    allowances.clear();
    assert.ok(!allowances.covers(call));
  });
});
