// A disk that fills up under a cell, and one that can't be written at all, in the window: what is asked, that nothing
// is lost that was shown, that nothing runs without evidence, and that it goes on when there is room. Mounts disks of
// its own, so it needs root.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { outputOf, recordedRuns } from '../../../src/incident/recordedRuns.ts';
import { host, project, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

const runbook = `# On a small disk

## Small

\`\`\`bash
echo small
\`\`\`

## Big

\`\`\`bash
for i in $(seq 1 300); do echo "line $i $(head -c 12000 /dev/zero | tr '\\0' x)"; sleep 0.02; done
\`\`\`

## After

\`\`\`bash
echo after
\`\`\`
`;

const isAble = host === 'newest' && process.platform === 'linux' && process.getuid?.() === 0;

(isAble ? describe : describe.skip)('evidence on a disk that takes no more', function () {
  this.timeout(10 * 60_000);
  let folder = '';
  let disk = '';
  let root = '';
  const mount = (...args: string[]): void => void execFileSync('mount', args);

  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-full-disk-'));
    disk = path.join(folder, 'disk');
    root = path.join(disk, 'evidence');
    await mkdir(disk);
    mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk);
    await mkdir(root);
    await writeFile(path.join(folder, 'small.runbook.md'), runbook);
    const env = { RUNBOOK_EVIDENCE: root, XDG_STATE_HOME: path.join(folder, 'state') };
    return { installed: project, files: [path.join(folder, 'small.runbook.md')], env };
  });
  after(async () => {
    await window.workbench.dispose();
    execFileSync('umount', [disk]);
    await rm(folder, { recursive: true, force: true });
  });

  const toasts = async (): Promise<string> => (await window.workbench.notifications()).join('\n');
  /** All that is recorded, once every incident there has been verified. */
  async function verified(...roots: string[]): Promise<string> {
    let kept = '';
    for (const one of roots)
      for (const id of await readdir(one)) {
        const dir = path.join(one, id);
        execFileSync(process.execPath, [path.join(project, 'dist/cli/runbook.js'), 'verify', dir]);
        for (const run of await recordedRuns(dir))
          for await (const { bytes } of outputOf(run)) kept += Buffer.from(bytes).toString('utf8');
      }
    return kept;
  }

  it('that fills up asks for another folder, and without one stops what runs and keeps what was shown', async () => {
    const { workbench } = window;
    await workbench.openNotebook('small.runbook.md');
    const big = await workbench.findCell('seq 1 300');
    await workbench.run(big);
    await workbench.dialog.waitFor({ timeout: 120_000 });
    assert.match(await workbench.dialog.innerText(), /the disk is full[\s\S]*Nothing runs without evidence/);
    await workbench.screenshot('full-disk');
    await workbench.pressDialogButton('Cancel');
    await workbench.untilState(big, 'error', 120_000);
    await waitFor('the reason', async () => /the disk is full/.test(await toasts()));
    await workbench.screenshot('full-disk-stopped');
    const shown = (await workbench.outputText(big)).match(/line \d+ /g) ?? [];
    assert.ok(shown.length > 3);
    const kept = await verified(root);
    assert.deepEqual(
      shown.filter((line) => !kept.includes(line)),
      [],
    );
  });

  it('goes on when there is room', async () => {
    const { workbench } = window;
    mount('-o', 'remount,size=20m', disk);
    await workbench.runCommand('Notifications: Clear All Notifications');
    const after = await workbench.findCell('echo after');
    await workbench.run(after);
    await workbench.untilState(after, 'success');
    assert.equal(await toasts(), '');
    assert.match(await verified(root), /after\n/);
  });

  it('that is read-only runs nothing, unless another folder is chosen', async () => {
    const { workbench } = window;
    await workbench.runCommand('View: Close Editor');
    // Its log is open until the notebook has been let go.
    await waitFor('the disk to be free', async () => {
      try {
        execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    });
    await workbench.openNotebook('small.runbook.md');
    const small = await workbench.findCell('echo small');
    await workbench.untilStatusItem(small, 'read');
    await workbench.run(small);
    await workbench.dialog.waitFor();
    assert.match(await workbench.dialog.innerText(), /the disk is read-only/);
    await workbench.pressDialogButton('Cancel');
    await workbench.untilState(small, 'error');
    assert.doesNotMatch(await workbench.outputText(small), /^small/m);
    const other = path.join(folder, 'other');
    await mkdir(other);
    await workbench.run(small);
    await workbench.dialog.waitFor();
    await workbench.pressDialogButton('Choose Folder');
    await workbench.answer(`${other}/`);
    // Into the folder, and then that one.
    await workbench.page.waitForTimeout(1500);
    if (await workbench.quickInput.isVisible()) await workbench.press('Enter');
    await workbench.untilState(small, 'success');
    await workbench.screenshot('read-only-elsewhere');
    assert.match(await verified(root, other), /small\n/);
  });
});
