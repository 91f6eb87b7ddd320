// Quick fixes of lint by keyboard: every rule that has a sure mend, in the Markdown text and in the notebook's cells;
// what the file then holds, and that undo brings it back; a suppression, and that it is honoured.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { useWindow } from '../harness.ts';
import { enter, waitFor } from './editing.ts';

/** The text of a line, the title of its mend, and what the line is then. */
const mends: readonly (readonly [string, string, string])[] = [
  ['alert: webdown', 'Write WebDown', 'alert: WebDown'],
  ['See [the steps](#Look-First).', 'Write #look-first', 'See [the steps](#look-first).'],
  ['apiVersion: batch/v1beta1', 'Write batch/v1', 'apiVersion: batch/v1'],
  ['rm -rf $TARGET', 'Write "$TARGET"', 'rm -rf "$TARGET"'],
  ['kubectl get pods,psp', 'Ask for pods without psp', 'kubectl get pods'],
  [
    'curl http://alertmanager:9093/api/v1/alerts',
    'Use the v2 API',
    'curl http://alertmanager:9093/api/v2/alerts',
  ],
  [
    'kubectl drain node-1 --delete-local-data',
    'Write --delete-emptydir-data',
    'kubectl drain node-1 --delete-emptydir-data',
  ],
  [
    `curl 'http://prometheus:9090/api/v1/query?query=up{job="x"}'`,
    'Add -g',
    `curl -g 'http://prometheus:9090/api/v1/query?query=up{job="x"}'`,
  ],
  ['```', 'Tag the fence "bash"', '```bash'],
];
const cells = mends.slice(3, 8);
const text = `---
${mends[0]![0]}
---

# Look first

${mends[1]![0]}

\`\`\`bash
kubectl apply -f - <<EOF
${mends[2]![0]}
kind: CronJob
EOF
\`\`\`
${cells.map(([line]) => `\nThen:\n\n\`\`\`bash\n${line}\n\`\`\`\n`).join('')}
Last:

\`\`\`
kubectl get nodes -o wide
\`\`\`
`;
const rules = 'groups:\n  - name: web\n    rules:\n      - alert: WebDown\n        expr: up == 0\n';

describe('quick fixes of lint', function () {
  this.timeout(600_000);
  const window = useWindow(() => ({
    files: [],
    settings: { 'runbook.rules': ['rules.yaml'], 'window.autoDetectColorScheme': true },
  }));

  /** Saves until the file holds it: an edit comes a moment after its key. */
  async function saves(wanted: string, what: string): Promise<void> {
    const file = window.workbench.file('mend.runbook.md');
    const held = async (): Promise<boolean> => {
      await window.workbench.press('Control+S');
      return (await readFile(file, 'utf8')) === wanted;
    };
    await waitFor(what, held).catch(async () => assert.equal(await readFile(file, 'utf8'), wanted, what));
  }

  /** Opens the quick fixes at the cursor, once lint has told, and takes one by the arrow keys. */
  async function take(title: string, picture?: string): Promise<void> {
    const { page } = window.workbench;
    const menu = page.locator('.action-widget').first();
    const rows = menu.locator('.monaco-list-row.action');
    await waitFor(`the quick fix "${title}"`, async () => {
      await window.workbench.press('Control+.');
      const shown = await rows
        .filter({ hasText: title })
        .first()
        .waitFor({ timeout: 3000 })
        .then(() => true)
        .catch(() => false);
      if (!shown) await window.workbench.press('Escape');
      return shown;
    });
    if (picture) {
      await window.workbench.screenshot(`${picture}-light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForTimeout(700);
      await window.workbench.screenshot(`${picture}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.waitForTimeout(700);
    }
    for (let tries = 0; tries < 10; tries++) {
      const focused = await menu.locator('.monaco-list-row.focused').innerText();
      if (focused.includes(title)) break;
      await window.workbench.press('ArrowDown');
    }
    await window.workbench.press('Enter');
    await waitFor('the menu to close', async () => (await rows.count()) === 0);
  }

  before(async () => {
    await writeFile(window.workbench.file('rules.yaml'), rules);
    await writeFile(window.workbench.file('mend.runbook.md'), text);
  });

  it('mend every rule in the text, and undo brings it back', async () => {
    const { workbench } = window;
    await workbench.openNotebook('mend.runbook.md');
    await workbench.runCommand('Runbook: Open as Text');
    await workbench.page.locator('.editor-instance .view-lines').first().waitFor();
    await workbench.runCommand('View: Toggle Problems');
    await workbench.press('Control+1');
    for (const [index, [line, title, mended]] of mends.entries()) {
      // The last fence is the one without a tag.
      const at = line === '```' ? text.split('\n').lastIndexOf('kubectl get nodes -o wide') : 0;
      const number = at || text.split('\n').indexOf(line) + 1;
      await workbench.press('Control+G');
      await workbench.answer(`:${number}:1`);
      await take(title, index === 5 ? 'quick-fix-text' : undefined);
      const lines = text.split('\n');
      lines[number - 1] = mended;
      await saves(lines.join('\n'), title);
      await workbench.press('Control+Z');
      await saves(text, `undo of ${title}`);
    }
  });

  it('suppress one in the text, which is honoured', async () => {
    const { workbench } = window;
    const line = 'rm -rf $TARGET';
    const number = text.split('\n').indexOf(line) + 1;
    await workbench.untilText('destroys');
    await workbench.press('Control+G');
    await workbench.answer(`:${number}:1`);
    await take('Suppress unquoted-variable here');
    const fence = `\`\`\`bash\n${line}`;
    const wanted = text.split(fence).join(`<!-- lint-disable-next unquoted-variable -->\n${fence}`);
    await saves(wanted, 'the suppression');
    const problems = workbench.page.locator('.markers-panel');
    await waitFor('the problem to go', async () => !(await problems.innerText()).includes('destroys'));
    await workbench.screenshot('quick-fix-suppressed');
    await workbench.press('Control+Z');
    await saves(text, 'undo of the suppression');
  });

  it('mend and suppress in the cells of the notebook', async () => {
    const { workbench } = window;
    await workbench.openFile('mend.runbook.md');
    await workbench.runCommand('Runbook: Open as Runbook');
    await workbench.untilNotebook();
    for (const [index, [line, title, mended]] of cells.entries()) {
      const cell = await workbench.findCell(line);
      await enter(workbench, cell);
      await take(title, index === 0 ? 'quick-fix-cell' : undefined);
      await saves(text.split(line).join(mended), title);
      await workbench.press('Control+Z');
      await saves(text, `undo of ${title}`);
    }
    const [line] = cells[0]!;
    await enter(workbench, await workbench.findCell(line));
    await take('Suppress unquoted-variable here');
    const comment = '<!-- lint-disable-next unquoted-variable -->';
    const fence = `\`\`\`bash\n${line}`;
    await saves(text.split(`\n${fence}`).join(`\n${comment}\n\n${fence}`), 'the suppression');
    if (!(await workbench.page.locator('.markers-panel').isVisible()))
      await workbench.runCommand('View: Toggle Problems');
    const problems = workbench.page.locator('.markers-panel');
    await waitFor('the problem to go', async () => !(await problems.innerText()).includes('destroys'));
    await workbench.screenshot('quick-fix-cell-suppressed');
  });
});
