// An incident under review, as a reviewer does it: open it, see whether it holds, look at a run, compare, go to its
// runbook and back.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoIncident } from '../../evidence/demoIncident.ts';
import { place } from '../../evidence/support.ts';
import { useWindow } from '../harness.ts';

const runbook = `# Frontend

## Look

\`\`\`bash
kubectl get pods -n shop
\`\`\`

## Roll back

\`\`\`bash
kubectl rollout undo deploy/frontend -n shop --to-revision=2
\`\`\`
`;

describe('the review of an incident in the workbench', () => {
  const at = place();
  const folder = mkdtempSync(path.join(tmpdir(), 'runbook-review-'));
  const file = path.join(folder, 'frontend.runbook.md');
  const window = useWindow(async () => {
    writeFileSync(file, runbook);
    await demoIncident(at, file);
    return { folder, env: { RUNBOOK_EVIDENCE: at.root } };
  });
  after(() => {
    at.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens read only, with the verdict of a real verification', async () => {
    const { workbench } = window;
    await workbench.openNotebook('frontend.runbook.md');
    await workbench.runCommand('Runbook: Review Incident or Pack');
    await workbench.pick('Frontend down');
    await workbench.untilText('Verified, 34 events');
    const failed = await workbench.findCell('--previous');
    await workbench.untilOutput(failed, 'previous terminated container');
    assert.equal(await workbench.cellState(failed), 'error');
  });

  it('shows a run whose runbook has changed, its change as a diff, and another run beside it', async () => {
    const { workbench } = window;
    const undo = await workbench.findCell('kubectl rollout undo');
    await workbench.untilStatusItem(undo, /Changed since[\s\S]*Runbook|Runbook[\s\S]*Changed since/);
    const diff = await workbench.findCell('Deployment shop/frontend');
    await workbench.pressStatusItem(diff, 'Open in Diff Editor');
    await workbench.untilText('before ↔ after');
    await workbench.runCommand('View: Close Editor');
    await workbench.untilNotebook();
    const look = await workbench.findCell('kubectl get pods');
    await workbench.pressStatusItem(look, 'Compare');
    await workbench.pick('ada@laptop');
    await workbench.untilText('UTC ↔ ');
    await workbench.runCommand('View: Close Editor');
  });

  it('goes to the cell of the runbook, and from there to its runs', async () => {
    const { workbench } = window;
    await workbench.untilNotebook();
    await workbench.pressStatusItem(await workbench.findCell('kubectl get pods'), 'Runbook');
    await workbench.untilText('Start Incident');
    await workbench.runCommand('Runbook: Show Runs of Cell');
    assert.equal((await workbench.quickPickRows()).length, 2);
    // Not by Enter, which is lost where the list has not taken the focus yet.
    await workbench.pick('ada@laptop');
    await workbench.untilText('Verified, 34 events');
  });

  it('lists incidents and runs in the side bar, and filters them', async () => {
    const { workbench } = window;
    const { page } = workbench;
    await workbench.runCommand('Runbook: Focus on Incidents View');
    const rows = page.locator('.pane', { hasText: 'Incidents' }).last().locator('.monaco-list-row');
    await rows.filter({ hasText: 'Frontend down' }).first().click();
    await rows.filter({ hasText: 'Roll back' }).first().waitFor();
    assert.equal(await rows.count(), 5, 'an incident and its four runs');
    await workbench.screenshot('review-tree');
    await workbench.runCommand('Runbook: Filter Incidents');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Failed runs' }).click();
    await page.keyboard.press('Enter');
    await rows.filter({ hasText: 'Roll back' }).first().waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 2, 'the incident and the run that failed');
    await workbench.screenshot('review-tree-filtered');
    await workbench.runCommand('Runbook: Clear Filter of Incidents');
    await rows.filter({ hasText: 'Roll back' }).first().waitFor();
  });

  it('keeps every output, though VS Code offers to clear them', async () => {
    const { workbench } = window;
    await workbench.untilNotebook();
    await workbench.pressToolbar('Clear All Outputs');
    // Gone at once, and back as soon as the file is read again.
    await workbench.page.waitForTimeout(1000);
    await workbench.untilOutput(await workbench.findCell('--previous'), 'previous terminated container');
  });

  it('keeps the mark of every run, though VS Code offers to run them', async () => {
    const { workbench } = window;
    await workbench.untilNotebook();
    await workbench.pressToolbar('Run All');
    // VS Code takes the marks away first.
    await workbench.page.waitForTimeout(1000);
    await workbench.untilState(await workbench.findCell('--previous'), 'error');
  });

  it('keeps every cell, whatever is deleted from the view', async () => {
    const { workbench } = window;
    await workbench.untilNotebook();
    const count = await workbench.cellCount();
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Delete');
    // It goes at once, and is back as soon as the file is read again.
    await workbench.page.waitForTimeout(1000);
    await workbench.untilText(`of ${count}`);
  });
});
