// The file changes on disk while its notebook is open: clean, dirty, and while a cell runs. Outputs and the run
// survive, and nothing is overwritten that nobody asked to overwrite.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordedEvents, useWindow } from '../harness.ts';
import { enter, waitFor } from './editing.ts';

const name = 'disk.runbook.md';
const first = `# Disk

\`\`\`bash
x=1; echo one
\`\`\`

Words.

\`\`\`bash
echo two
\`\`\`

\`\`\`bash
echo begun; until [ -e go ]; do sleep 0.2; done; echo "ended $x"
\`\`\`
`;
const [one, two, long] = [1, 3, 4];

describe('a runbook that changes on disk', () => {
  let folder = '';
  let text = first;
  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-disk-'));
    await writeFile(path.join(folder, name), first);
    return { folder, settings: { 'files.autoSave': 'off' } };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Somebody else writes the file. */
  async function changes(from: string, to: string): Promise<void> {
    text = text.replace(from, to);
    await writeFile(window.workbench.file(name), text);
  }
  const onDisk = () => readFile(window.workbench.file(name), 'utf8');
  const go = () => writeFile(window.workbench.file('go'), '');
  const untilSource = (index: number, source: string) =>
    waitFor(source, async () => (await window.workbench.cellSource(index)).includes(source));

  it('is read again, and its cells keep their outputs and the session', async () => {
    const { workbench } = window;
    await workbench.openNotebook(name);
    await workbench.run(one);
    await workbench.untilState(one, 'success');
    await workbench.untilOutput(one, 'one');
    await changes('echo two', 'echo "x is $x"');
    await untilSource(two, 'echo "x is $x"');
    await workbench.untilOutput(one, 'one');
    await workbench.untilState(one, 'success');
    await workbench.run(two);
    await workbench.untilOutput(two, 'x is 1');
    assert.equal(await workbench.isDirty(name), false);
    assert.equal(await onDisk(), text);
  });

  it('lets a running cell go on, with what it has said', async () => {
    const { workbench } = window;
    await workbench.run(long);
    await workbench.untilOutput(long, 'begun');
    await changes('Words.', 'Other words.');
    await workbench.untilText('Other words.');
    await workbench.untilOutput(long, 'begun');
    assert.equal(await workbench.cellState(long), 'running');
    await go();
    await workbench.untilOutput(long, /begun\s+ended 1/);
    await workbench.untilState(long, 'success');
    await workbench.untilOutput(one, 'one');
    assert.equal(await workbench.isDirty(name), false);
  });

  it('lets the run of a cell go on whose own text changed, and tells of it', async () => {
    const { workbench } = window;
    await rm(workbench.file('go'));
    await workbench.run(long);
    await workbench.untilOutput(long, 'begun');
    await changes('echo begun', 'echo started');
    await untilSource(long, 'echo started');
    await workbench.untilText('Still running, though its cell is gone or changed');
    await go();
    await waitFor('the run to be recorded', async () => (await results()).length === 4);
    assert.deepEqual(
      (await results()).map(({ ok }) => ok),
      [true, true, true, true],
    );
    await workbench.untilOutput(one, 'one');
  });

  it('is not overwritten by a dirty notebook that is saved, and loses nothing', async () => {
    const { workbench } = window;
    await enter(workbench, two);
    await workbench.press('End');
    await workbench.page.keyboard.type(' mine');
    await waitFor('it to be dirty', () => workbench.isDirty(name));
    // Of another length: VS Code takes a file of the same length for unchanged.
    await changes('Other words.', 'Their own words.');
    await workbench.press('Control+S');
    await workbench.untilText(/content of the file is newer/i);
    assert.equal(await onDisk(), text);
    assert.equal(await workbench.isDirty(name), true);
    assert.match(await workbench.cellSource(two), /mine/);
    await workbench.untilOutput(one, 'one');
    await workbench.screenshot('disk-conflict');
    await workbench.runCommand('File: Revert File');
    await workbench.untilText('Their own words.');
    await waitFor('it to be clean', async () => !(await workbench.isDirty(name)));
    assert.equal(await onDisk(), text);
    await workbench.untilOutput(one, 'one');
  });

  it('is not overwritten either where what somebody else wrote is as long', async () => {
    const { workbench } = window;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await enter(workbench, two);
    await workbench.press('End');
    await workbench.page.keyboard.type(' mine');
    await waitFor('it to be dirty', () => workbench.isDirty(name));
    await changes('Their own words.', 'Those new words.');
    await workbench.press('Control+S');
    await workbench.untilText(/Somebody else changed the file on disk/);
    assert.equal(await onDisk(), text);
    assert.equal(await workbench.isDirty(name), true);
    await workbench.runCommand('File: Revert File');
    await workbench.untilText('Those new words.');
    await waitFor('it to be clean', async () => !(await workbench.isDirty(name)));
    await enter(workbench, two);
    await workbench.press('End');
    await workbench.page.keyboard.type(' again');
    await waitFor('it to be dirty', () => workbench.isDirty(name));
    await workbench.press('Control+S');
    await waitFor('it to be saved', async () => (await onDisk()).includes('" again'));
    await waitFor('it to be clean', async () => !(await workbench.isDirty(name)));
  });

  async function results(): Promise<Record<string, unknown>[]> {
    return (await recordedEvents(window.evidence)).filter(({ type }) => type === 'cell.result');
  }
});
