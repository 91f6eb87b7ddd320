// What users get: the packaged extension, installed, without this project around it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
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

  it('carries every picture that its README shows', async () => {
    const inside = Object.keys(
      unzipSync(await readFile(path.join(folder, 'runbook.vsix')), { filter: () => true }),
    );
    const readme = await readFile(path.join(project, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)|srcset="([^"]+)"|src="([^"]+)"/g)].map(
      (match) => match[1] ?? match[2] ?? match[3],
    );
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown.filter((name) => !inside.includes(`extension/${name}`)),
      [],
    );
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
