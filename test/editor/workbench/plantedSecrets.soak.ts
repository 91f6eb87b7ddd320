// The corpus of secrets, planted in source, argument and both streams of cells that run in the window: none of them
// stands in the evidence, in a log or any other file of the host, in what the window shows, or in what its console said.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesBelow, leaks, planted, spellings } from '../../cli/plantedSecrets.ts';
import { host, project, recordedEvents, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

const perCell = 8;
const fence = '``````';

(host === 'newest' ? describe : describe.skip)('secrets planted in cells of the window', function () {
  this.timeout(10 * 60_000);
  let data = '';
  let texts = '';
  const cells = Math.ceil(planted.length / perCell);

  const window = useWindow(async () => {
    data = await mkdtemp(path.join(tmpdir(), 'runbook-secrets-host-'));
    texts = await mkdtemp(path.join(tmpdir(), 'runbook-secrets-'));
    let runbook = '# Planted\n';
    for (let cell = 0; cell < cells; cell += 1) {
      const own = planted.slice(cell * perCell, (cell + 1) * perCell);
      const lines = own.flatMap(({ index, text }) => [
        `cat > /dev/null <<'PLANTED'\n${text}\nPLANTED`,
        `printf '%s\\n\\n' "$(cat ${texts}/${index}.txt)"`,
        `printf '%s\\n\\n' "$(cat ${texts}/${index}.txt)" >&2`,
      ]);
      for (const { index, text } of own) await writeFile(path.join(texts, `${index}.txt`), text);
      runbook += `\n## Cell ${cell}\n\n${fence}bash\n${lines.join('\n')}\necho "end of ${cell}"\n${fence}\n`;
    }
    await writeFile(path.join(texts, 'planted.runbook.md'), runbook);
    return { installed: project, files: [path.join(texts, 'planted.runbook.md')], dataFolder: data };
  });
  after(async () => {
    await rm(data, { recursive: true, force: true });
    await rm(texts, { recursive: true, force: true });
  });

  const results = async (): Promise<number> =>
    (await recordedEvents(window.evidence)).filter(({ type }) => type === 'cell.result').length;
  /** Of a text that the window drew or said. */
  const inText = (text: string): string[] =>
    planted.flatMap(({ name, secrets }) =>
      secrets.some((secret) => spellings(secret).some((one) => text.includes(one))) ? [name] : [],
    );

  it('are cut out before they are shown', async () => {
    const { workbench } = window;
    await workbench.openNotebook('planted.runbook.md');
    await workbench.pressToolbar('Run All');
    await waitFor(`${cells} results`, async () => (await results()) >= cells);
    await workbench.untilText(/\[cut [a-z-]+ [0-9a-f]{12}\]/);
    assert.deepEqual(inText(await workbench.webviewText()), []);
    await workbench.screenshot('planted-secrets');
    await workbench.runCommand('Runbook: Open Full Output of Cell').catch(() => {});
  });

  it('are cut out of what is shown again', async () => {
    const { workbench } = window;
    await workbench.reload();
    await workbench.untilNotebook();
    await workbench.untilText(/Recorded .* incident/);
    assert.deepEqual(inText(await workbench.webviewText()), []);
  });

  it('are in no file of the host, its logs among them, nor in the evidence', async () => {
    const { workbench } = window;
    const logs = filesBelow(data).filter((file) => /exthost.*\.log$/.test(file));
    const own = logs.filter((file) => /Runbook Notebooks/i.test(file));
    assert.ok(logs.length > 0, 'the host keeps logs');
    assert.ok(own.length > 0, 'so do we');
    assert.deepEqual(leaks([data, window.evidence]), []);
    assert.deepEqual(inText(workbench.console.join('\n')), []);
    assert.deepEqual(inText(workbench.server.log), []);
    const said = await Promise.all(own.map((file) => readFile(file, 'utf8')));
    const incidents = await readdir(window.evidence);
    console.log(
      `      ${planted.length} secrets in ${cells} cells, ${incidents.length} incident(s): none in ${filesBelow(data).length} files of the host, ${logs.length} of them logs, our own ${said.join('').length} bytes`,
    );
  });
});
