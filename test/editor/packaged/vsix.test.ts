// What users get: the packaged extension, installed, without this project around it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { project, recordedEvents, useWindow } from '../harness.ts';
import { typeInTerminal, waitFor } from '../workbench/editing.ts';

const document = path.resolve(import.meta.dirname, '../workbench/documents/main-job.runbook.md');
const limitBytes = 5 * 1024 * 1024;

describe('the packaged extension', () => {
  let folder = '';
  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-vsix-'));
    const vsix = path.join(folder, 'runbook.vsix');
    await promisify(execFile)('npm', ['run', 'package', '--', '--out', vsix], { cwd: project });
    return { vsix, files: [document] };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is small', async () => {
    const { size } = await stat(path.join(folder, 'runbook.vsix'));
    console.log(`      ${(size / 1024 / 1024).toFixed(2)} MiB`);
    assert.ok(size < limitBytes);
  });

  it('has a README that leads nowhere in vain, and the pages that it names', async () => {
    const inside = unzipSync(await readFile(path.join(folder, 'runbook.vsix')));
    const readme = Buffer.from(inside['extension/readme.md']!).toString('utf8');
    // The Extensions view shows no picture and follows no link of the extension's own folder.
    assert.doesNotMatch(readme, /\]\((?!https:)|src(?:set)?="/);
    assert.match(readme, /Open Documentation/);
    const pages = await readdir(path.join(project, 'docs'));
    for (const page of pages.filter((name) => name.endsWith('.md'))) {
      const text = Buffer.from(inside[`extension/docs/${page}`] ?? []).toString('utf8');
      assert.notEqual(text, '', page);
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link!);
      const missing = links.filter((link) => !inside[path.posix.join('extension/docs', link)]);
      assert.deepEqual(missing, [], page);
    }
  });

  it('opens a runbook and runs a cell', async () => {
    const { workbench } = window;
    await workbench.openNotebook(path.basename(document));
    const cell = await workbench.findCell('echo one');
    await workbench.run(cell);
    await workbench.untilOutput(cell, /one[\s\S]*two/);
    await workbench.untilState(cell, 'success');
    const events = await recordedEvents(window.evidence);
    assert.ok(events.some((event) => event.type === 'cell.result'));
    await workbench.screenshot('packaged');
  });

  it('carries the pseudo-terminal', async () => {
    const { workbench } = window;
    await workbench.runCommand('Runbook: Open Incident Terminal');
    await typeInTerminal(workbench, 'test -t 0 && touch seen-by-a-terminal; exit\n');
    const isThere = () =>
      stat(workbench.file('seen-by-a-terminal')).then(
        () => true,
        () => false,
      );
    await waitFor('what only a terminal makes', isThere);
  });
});
