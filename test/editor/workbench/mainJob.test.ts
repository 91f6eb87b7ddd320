// The main job, as a person does it: open a runbook, run its cells, see what they say and what they answer to,
// find it on disk, and find it again after a reload.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { host, recordedEvents, sharedFolder, useWindow } from '../harness.ts';

const document = path.resolve(import.meta.dirname, 'documents/main-job.runbook.md');
const name = path.basename(document);

describe('a runbook in the workbench', () => {
  const window = useWindow(() => ({ files: [document] }));
  const find = (text: string) => window.workbench.findCell(text);
  const untouched = () => readFile(document, 'utf8');

  it('opens as a notebook, a fence of a list too', async () => {
    const { workbench } = window;
    await workbench.openNotebook(name);
    assert.equal(await workbench.cellKind(await find('echo one')), 'code');
    assert.equal((await workbench.cellSource(await find('echo nested'))).trim(), 'echo nested');
    await workbench.untilText('The main job');
  });

  it('streams what a cell says, and marks its success', async () => {
    const { workbench } = window;
    const cell = await find('echo one');
    await workbench.run(cell);
    await workbench.untilOutput(cell, /one[\s\S]*two/);
    await workbench.untilState(cell, 'success');
    const { events, result } = await lastRun('echo one');
    const frames = events.find((event) => event.type === 'output.frames')?.frames as number[][];
    // [stream, milliseconds, bytes]: the second came a second after the first, so it streamed.
    assert.deepEqual(
      frames.map(([stream, , bytes]) => [stream, bytes]),
      [
        [0, 4],
        [1, 4],
      ],
    );
    assert.ok(frames[1]![1]! - frames[0]![1]! >= 900, JSON.stringify(frames));
    assert.equal(result.exitCode, 0);
    assert.ok(Number(result.durationMs) >= 1000);
    for (const [stream, text] of [
      ['stdout', 'one\n'],
      ['stderr', 'two\n'],
    ])
      assert.equal(await blobOf(events, stream!), text);
  });

  it('marks a cell that fails, and says why', async () => {
    const { workbench } = window;
    const cell = await find('(exit 3)');
    await workbench.run(cell);
    await workbench.untilState(cell, 'error');
    await workbench.untilOutput(cell, /3/);
    const { result } = await lastRun('(exit 3)');
    assert.equal(result.exitCode, 3);
  });

  // The oldest host refuses the guard's dialogs in tests.
  const itAsks = host === 'newest' ? it : it.skip;
  itAsks(
    'asks after a failure whether to stop, which Enter says, or to go on, once for the cell',
    async () => {
      const { workbench } = window;
      const cell = await find('nowhere push');
      await workbench.run(cell);
      await workbench.dialog.waitFor();
      await workbench.screenshot('main-failure');
      await workbench.press('Enter');
      await workbench.untilState(cell, 'error');
      assert.equal((await lastRun('ls /not-there')).result.refused, true);

      await workbench.run(cell);
      await workbench.pressDialogButton('Go On to the End of the Cell');
      await workbench.untilState(cell, 'error');
      const { events, result } = await lastRun('ls /not-there');
      assert.equal((result.commands as { failed: boolean }[]).filter(({ failed }) => failed).length, 4);
      const asked = events.filter(({ type }) => type === 'cell.answer');
      assert.deepEqual(
        asked.map(({ answer }) => answer),
        ['yes, and on to the end of the cell'],
      );
      assert.equal(events.filter(({ about }) => about === 'failure').length, 2);
    },
  );

  it('stops a cell when it is told to', async () => {
    const { workbench } = window;
    const cell = await find('sleep 60');
    await workbench.run(cell);
    await workbench.untilState(cell, 'running');
    const clickedAt = Date.now();
    await workbench.interrupt(cell);
    await workbench.untilState(cell, 'error');
    console.log(`      ended ${Date.now() - clickedAt} ms after the click was begun`);
    const { result } = await lastRun('sleep 60');
    assert.equal(result.interrupted, true);
  });

  it('keeps variables and the directory from cell to cell', async () => {
    const { workbench } = window;
    const cell = await find('cd /');
    await workbench.run(cell);
    await workbench.untilState(cell, 'success');
    const next = await find('echo "$answer');
    await workbench.run(next);
    await workbench.untilOutput(next, '42 in /');
    await workbench.screenshot('main-job-ran');
  });

  it('leaves the document clean and as it was', async () => {
    const { workbench } = window;
    assert.equal(await workbench.isDirty(name), false);
    assert.equal(await readFile(workbench.file(name), 'utf8'), await untouched());
  });

  it('shows the recorded outputs after a reload, as recorded ones', async () => {
    const { workbench } = window;
    await workbench.reload();
    await workbench.untilNotebook();
    const cell = await find('echo one');
    await workbench.untilOutput(cell, /Recorded .* by .*one[\s\S]*two/s);
    await workbench.untilOutput(await find('echo "$answer'), /Recorded .*42 in \//s);
    assert.equal(await workbench.cellState(await find('(exit 3)')), 'error');
    assert.equal(await workbench.isDirty(name), false);
    await workbench.screenshot('main-job-reloaded');
  });

  /** The events of the newest run of the cell whose source begins so. */
  async function lastRun(source: string) {
    const all = await recordedEvents(window.evidence);
    const intent = all.findLast(
      (event) => event.type === 'cell.intent' && String(event.source).startsWith(source),
    );
    assert.ok(intent, `no intent of ${source} on disk`);
    const events = all.filter((event) => event.run === intent.run);
    const result = events.find((event) => event.type === 'cell.result');
    assert.ok(result, `no result of ${source} on disk`);
    return { events, result };
  }

  async function blobOf(events: Record<string, unknown>[], stream: string): Promise<string> {
    const event = events.find((one) => one.type === 'output.blob' && one.stream === stream);
    assert.ok(event, `no blob of ${stream}`);
    const { sha256 } = event.blob as { sha256: string };
    const [incident] = await incidents();
    return readFile(path.join(window.evidence, incident!, 'blobs', sha256), 'utf8');
  }

  async function incidents(): Promise<string[]> {
    return (await readdir(window.evidence, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  }
});

describe('the documents this product is made for', () => {
  const seeds = sharedFolder('seeds');
  if (!seeds) {
    it.skip('(../shared/seeds is absent)');
    return;
  }
  const files = [
    'aureus-incident-response',
    'policy-enforcement',
    'pqc-maintenance',
    'pqc-scan-failure',
    'rust-security-operations',
  ].map((file) => path.join(seeds, `${file}.runbook.md`));
  const window = useWindow(() => ({ files }));

  for (const file of files) {
    const name = path.basename(file);
    it(`opens ${name}, and its code stands in cells`, async () => {
      const { workbench } = window;
      await workbench.openNotebook(name);
      const title = /^# (.*)$/m.exec(await readFile(file, 'utf8'))?.[1];
      assert.ok(title);
      await workbench.untilText(title);
      assert.ok((await workbench.cellCount()) > 20);
      assert.equal(await workbench.isDirty(name), false);
      await workbench.untilStatusItem(await workbench.findCell(''), 'Shell Script');
      await workbench.screenshot(`seed-${name.replace('.runbook.md', '')}`);
    });
  }

  it('has alert and severity on every cell of pqc-scan-failure', async () => {
    const { workbench } = window;
    await workbench.openNotebook('pqc-scan-failure.runbook.md');
    let seen = 0;
    for (let index = 0; index < (await workbench.cellCount()); index++) {
      if ((await workbench.cellKind(index)) !== 'code') continue;
      await workbench.untilStatusItem(index, 'PQCScanFailure');
      await workbench.untilStatusItem(index, 'High');
      seen++;
    }
    assert.ok(seen > 10, `${seen} code cells`);
  });

  it('has the fences of lists as cells', async () => {
    const { workbench } = window;
    const name = 'rust-security-operations.runbook.md';
    await workbench.openNotebook(name);
    const text = await readFile(workbench.file(name), 'utf8');
    const bodies = [...text.matchAll(/^ {2,}```bash\n *(.*)$/gm)].map((match) => match[1]!);
    assert.ok(bodies.length > 5);
    let from = 0;
    for (const first of bodies) from = (await workbench.findCell(first, from)) + 1;
  });
});
