// What the document says around a command, with the seeds' own texts: what raises the question, and what does not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DocumentCues } from '../../src/incident/documentCues.ts';
import { assessCell, loadRunbook, type Runbook } from '../../src/incident/runbook.ts';
import { compareRisk } from '../../src/shell/risk.ts';
import { sharedFolder } from '../editor/harness.ts';
import { bash, withNotebook } from './sessionBench.ts';

/** By command that changes something: what its question quotes. */
async function told(runbook: Runbook): Promise<{ text: string; demand?: string; caution?: string }[]> {
  const all = [];
  for (const cell of runbook.cells) {
    const assessment = await assessCell(cell);
    if (!assessment) continue;
    const cues = new DocumentCues(runbook, cell, assessment.steps);
    for (const command of assessment.commands.filter((one) => one.parent === null)) {
      if (compareRisk(command.risk, 'secret') <= 0) continue;
      const { demand, caution } = cues.at(command);
      const text = command.text.replace(/\\\n|\s+/g, ' ').replace(/ +/g, ' ');
      if (demand || caution)
        all.push({ text, ...(demand ? { demand } : {}), ...(caution ? { caution } : {}) });
    }
  }
  return all;
}

const ofText = (text: string) => told(loadRunbook(Buffer.from(text), '/x/a.runbook.md'));

describe('the document’s words around a command', () => {
  const change = '```bash\nkubectl scale deployment/a --replicas=2\n```\n';

  it('are the headings, the paragraph before and the one after', async () => {
    const cases: Record<string, { demand?: string; caution?: string }> = {
      [`## Emergency Procedures\n\n### Scale\n\n${change}`]: { caution: 'Emergency Procedures' },
      [`## Cleanup (REQUIRES APPROVAL)\n\n${change}`]: { demand: 'Cleanup (REQUIRES APPROVAL)' },
      [`## A\n\nThis is the **last resort**. Ask first.\n\n${change}`]: {
        demand: 'This is the last resort.',
      },
      [`## A\n\nThere is a data risk in this.\n\n**Mitigation:**\n\n${change}`]: {
        demand: 'There is a data risk in this.',
      },
      [`## A\n\nScale it if needed:\n\n${change}`]: { caution: 'Scale it if needed:' },
      [`## A\n\n${change}\nThis must be approved by the lead.\n\n## B\n`]: {
        demand: 'This must be approved by the lead.',
      },
    };
    for (const [text, expected] of Object.entries(cases)) {
      const [{ text: _, ...found } = { text: '' }] = await ofText(text);
      assert.deepEqual(found, expected, text);
    }
  });

  it('are not those of another section, of the next command, or of one that only reads', async () => {
    for (const text of [
      `## A\n\nThe last resort is this:\n\n## B\n\n${change}`,
      `## A\n\n${change}\nThis one requires approval:\n\n\`\`\`bash\nkubectl get pods\n\`\`\`\n`,
      '## Emergency\n\nThis requires approval.\n\n```bash\nkubectl get pods > pods.txt\n```\n',
      `## A\n\nNo approval is needed for this.\n\n${change}`,
    ]) {
      assert.deepEqual(await ofText(text), [], text);
    }
  });

  it('raise the question outside production, and are quoted in it', async () => {
    await withNotebook(async (bench) => {
      await bench.run('## Emergency Procedures\n\n```bash\ngit -C nowhere push || true\n```\n');
      assert.match(bench.person.questions[0]!.why.join(), /the runbook says: “Emergency Procedures”/);
      await bench.run(bash('git -C nowhere push || true'));
      assert.equal(bench.person.questions.length, 1);
    });
  });

  const seeds = sharedFolder('seeds');
  (seeds ? it : it.skip)('of the seeds are these, and no others', async () => {
    const names = [
      'aureus-incident-response',
      'pqc-maintenance',
      'rust-security-operations',
      'policy-enforcement',
      'pqc-scan-failure',
    ];
    const found = new Set<string>();
    for (const name of names) {
      const file = path.join(seeds!, `${name}.runbook.md`);
      for (const { demand, caution } of await told(loadRunbook(readFileSync(file), file)))
        for (const quote of [demand, caution]) if (quote) found.add(quote);
    }
    assert.deepEqual([...found].sort(), [
      'Clear Redis cache if stale',
      'Emergency Procedures',
      'Emergency restart',
      'Expand PVC (if storage class supports it)',
      'Generate emergency bypass evidence',
      'Increase memory limits if needed',
      'Monitor and rollback if needed',
      'Option A: Enable policy bypass mode (REQUIRES APPROVAL)',
      'Option A: Restart postgres (LAST RESORT - data risk)',
      'Option A: Temporarily increase limits (requires approval)',
      'Option B: Expand PVC (if supported by storage class)',
      'Option C: Disable rate limiting temporarily (LAST RESORT)',
      'Option C: Emergency cleanup (requires approval)',
      'Renew if needed',
      'Rollback recent deployment if needed',
      'Test cross-region failover (if applicable)',
      'Update network policies if needed',
      'Vacuum database (if using PostgreSQL)',
    ]);
  });

  (seeds ? it : it.skip)(
    'speak of the alternative whose words they share, with the time that they give',
    async () => {
      const file = path.join(seeds!, 'aureus-incident-response.runbook.md');
      const runbook = loadRunbook(readFileSync(file), file);
      const cell = runbook.cells.find(({ runnable }) => runnable.includes('POLICY_BYPASS_MODE'))!;
      const { steps } = (await assessCell(cell))!;
      const cues = new DocumentCues(runbook, cell, steps);
      const own = (option: string) => steps.filter((step) => step.option === option);
      assert.equal(cues.timeBox(own('A')), 3_600_000);
      assert.equal(cues.timeBox(own('C')), null);
      const at = (option: string) => cues.at({ line: own(option)[0]!.lines[1] - 1, risk: 'change' });
      assert.equal(at('A').demand, 'Option A: Enable policy bypass mode (REQUIRES APPROVAL)');
      assert.equal(at('C').demand, undefined);
    },
  );
});
