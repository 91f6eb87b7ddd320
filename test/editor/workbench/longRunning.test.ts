// Cells that take their time, as a person meets them: what never ends, what waits, what talks, what is left running,
// and what stands after alternatives.

import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { host, recordedEvents, useWindow } from '../harness.ts';
import { closeTerminal, select, typeInTerminal, waitFor } from './editing.ts';

const document = path.resolve(import.meta.dirname, 'documents/long-running.runbook.md');
const stops = path.resolve(import.meta.dirname, 'documents/stops.runbook.md');

// On the newest host alone: the oldest refuses the guard's dialogs in tests.
(host === 'newest' ? describe : describe.skip)('cells that take their time', () => {
  const window = useWindow(() => ({
    files: [document, stops],
    settings: { 'runbook.cell.silence': '2s' },
  }));
  const find = (text: string) => window.workbench.findCell(text);
  const untilItem = (cell: number, pattern: RegExp, there = true) =>
    waitFor(
      `${pattern} ${there ? 'under' : 'gone from'} cell ${cell}`,
      async () => (await window.workbench.statusItems(cell)).some((item) => pattern.test(item)) === there,
    );

  before(() => window.workbench.openNotebook(path.basename(document)));

  it('runs what does not end beside the others, and holds what follows it', async () => {
    const { workbench } = window;
    const follow = await find('tail -f');
    await workbench.run(follow);
    await untilItem(follow, /beside the others/);
    await untilItem(follow, /Run what follows \(2 commands\)/);
    await workbench.untilOutput(follow, /Held, not run: 2 commands after “tail -f followed\.log”/);
    const next = await find('echo beside');
    await workbench.run(next);
    await workbench.untilState(next, 'success');
    await workbench.untilOutput(next, 'beside outer');
    assert.equal(await workbench.cellState(follow), 'running');
    await workbench.pressStatusItem(follow, /Run what follows/);
    await workbench.untilOutput(follow, /Held[\s\S]*after\s+from outer|Held[\s\S]*from outer\s+after/);
    await untilItem(follow, /Run what follows/, false);
    assert.equal(await workbench.cellState(follow), 'running');
    await workbench.interrupt(follow);
    await waitFor('the cell to end', async () => (await workbench.cellState(follow)) !== 'running');
    assert.notEqual(await workbench.cellState(follow), 'error');
  });

  it('counts a sleep down', async () => {
    const { workbench } = window;
    const wait = await find('pause=300');
    await workbench.run(wait);
    await untilItem(wait, /^4:5\d left$/);
    await workbench.interrupt(wait);
    await workbench.untilState(wait, 'error');
    await untilItem(wait, /left$/, false);
  });

  it('gives a terminal of the panel to what talks to a person, and records it', async () => {
    const { workbench } = window;
    const talk = await find('greeting=hello');
    await workbench.run(talk);
    await workbench.pressDialogButton('Run');
    await typeInTerminal(workbench, 'test -t 0 && echo in a $((1+1))-way talk; exit\n');
    await workbench.untilState(talk, 'success');
    await untilItem(talk, /Run what follows \(1 command\)/);
    const events = await recordedEvents(window.evidence);
    const intent = events.find(
      (event) => event.type === 'cell.intent' && /^greeting/.test(String(event.source)),
    );
    const blob = events.find((event) => event.type === 'output.blob' && event.run === intent?.run);
    assert.ok(blob, 'the terminal has left no output');
    await closeTerminal(workbench);
  });

  it('marks what a cell left running, and stops it', async () => {
    const { workbench } = window;
    const leave = await find('sleep 1234');
    await workbench.run(leave);
    await workbench.untilState(leave, 'success');
    await untilItem(leave, /1 process in the background/);
    await workbench.pressStatusItem(leave, /in the background/);
    await untilItem(leave, /in the background/, false);
  });

  it('runs one of the alternatives, and offers what stands after them', async () => {
    const { workbench } = window;
    const choose = await find('Option A');
    await workbench.run(choose);
    const option = workbench.quickInput.locator('.monaco-list-row', { hasText: 'Option B: the slow one' });
    await option.hover();
    await option.getByRole('button', { name: 'Choose it and say why' }).click();
    await workbench.answer('the quick one is gone');
    await workbench.untilState(choose, 'success');
    await workbench.untilOutput(choose, /slow[\s\S]*Held, not run: 1 command/);
    await workbench.pressStatusItem(choose, /Run what follows/);
    await workbench.untilOutput(choose, /verified/);
    assert.doesNotMatch(await workbench.outputText(choose), /quick/);
    const events = await recordedEvents(window.evidence);
    const choice = events.find((event) => event.type === 'cell.choice');
    assert.equal(choice?.option, 'Option B: the slow one');
    assert.deepEqual(choice?.extra, { reason: 'the quick one is gone' });
  });

  it('runs a section to its first failure, says where, and starts nothing after it', async () => {
    const { workbench } = window;
    const fails = await find('ls /nonexistent');
    const row = await workbench.cell(fails);
    await row.locator('.view-lines').first().click();
    await workbench.runCommand('Runbook: Run Section');
    await workbench.untilState(fails, 'error');
    await workbench.untilOutput(fails, /first[\s\S]*last[\s\S]*Failed: ls failed \(2\) on line 2/);
    const never = await find('never reached');
    assert.equal(await workbench.cellState(never), 'idle');
    await workbench.untilOutput(fails, 'The cell after this one was not run.');
  });

  it('runs all, and all above, to the first failure, says where and leads there', async () => {
    const { workbench } = window;
    await workbench.openNotebook(path.basename(stops));
    const [sets, fails] = [await find('CHECKOUT_POD'), await find('ls /nonexistent')];
    const [three, four] = [await find('echo three'), await find('echo four')];
    await workbench.runCommand('Notebook: Run All');
    await workbench.untilOutput(fails, 'The 3 cells after this one were not run.');
    assert.equal(await workbench.cellState(sets), 'success');
    assert.equal(await workbench.cellState(fails), 'error');
    for (const cell of [three, four]) assert.equal(await workbench.cellState(cell), 'idle');
    // The toast is gone before a slow machine looks; the list of notifications keeps it.
    await workbench.runCommand('Notifications: Show Notifications');
    const told = workbench.page.locator('.notifications-center .notification-list-item', {
      hasText: 'Stopped at “ls /nonexistent” under “Then”',
    });
    await told.waitFor();
    assert.match(await told.innerText(), /ls failed \(2\) on line 1\.\s+3 cells after it were not run/);
    await workbench.screenshot('stopped');
    await told.getByRole('button', { name: 'Show Cell' }).click();
    await waitFor('the cell to be in front', async () =>
      /Cell 4 of/.test((await workbench.statusBar()).join(' ')),
    );
    await select(workbench, four);
    await workbench.pressCellAction(four, 'Execute Above Cells');
    await workbench.untilOutput(fails, 'The cell after this one was not run.');
    for (const cell of [three, four]) assert.equal(await workbench.cellState(cell), 'idle');
  });

  it('masks what looks secret among the variables', async () => {
    const { workbench } = window;
    await workbench.runCommand('Runbook: Focus on Variables View');
    const pane = workbench.page.locator('.pane:has(.pane-header[aria-label^="Variables"])');
    const variable = (name: string) => pane.locator('.monaco-list-row', { hasText: name }).first();
    await variable('CHECKOUT_POD').waitFor();
    assert.match(await variable('CHECKOUT_POD').innerText(), /web-0/);
    assert.match(await variable('DB_PASSWORD').innerText(), /•{8}/);
    assert.doesNotMatch(await pane.innerText(), /hunter2/);
  });

  it('says of a cell that nothing has come for a while, and lets it run', async () => {
    const { workbench } = window;
    const silent = await find('mkfifo');
    await workbench.run(silent);
    await untilItem(silent, /no output for \d/);
    await workbench.screenshot('silence');
    assert.equal(await workbench.cellState(silent), 'running');
    await writeFile(workbench.file('said'), 'said at last\n');
    await workbench.untilOutput(silent, 'said at last');
    await workbench.untilState(silent, 'success');
    await untilItem(silent, /no output/, false);
  });

  it('makes an incident of what was recorded ad hoc, with all of it', async () => {
    const { workbench } = window;
    await workbench.page.locator('.statusbar-item', { hasText: 'Start Incident' }).first().click();
    await workbench.pick('Start an incident');
    await workbench.answer('Checkout is slow');
    await workbench.pick('high');
    await workbench.untilText(/high .*checkout-is-slow|high · /i);
    await workbench.screenshot('ad-hoc-declared');
    const folders = await readdir(window.evidence, { withFileTypes: true });
    const incidents = await Promise.all(
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => recordedEvents(path.join(window.evidence, name))),
    );
    const own = incidents.filter((events) => events.some(({ source }) => source === 'mkfifo said\ncat said'));
    assert.equal(own.length, 1);
    const runs = own[0]!.filter(({ type }) => type === 'cell.result');
    // Run All, all above and the silent one.
    assert.equal(runs.length, 5);
    const declared = own[0]!.find(({ about }) => about === 'incident');
    assert.deepEqual({ ...(declared?.extra as object) }, { title: 'Checkout is slow', severity: 'high' });
  });
});
