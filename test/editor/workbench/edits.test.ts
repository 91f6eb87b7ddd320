// Every edit that a notebook allows, on flat and nested cells, by keys and the mouse. The saved texts are written
// by hand: what a careful person would have typed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from '../../host/workbench.mjs';
import { useWindow } from '../harness.ts';
import { enter, leave, pressBetween, saves, select, untilEditing, waitFor } from './editing.ts';

const both = `# Down

Look first.

\`\`\`bash
kubectl get pods
kubectl get events
\`\`\`

1. Look:

   \`\`\`bash
   ls
   pwd
   \`\`\`

2. Restart:
   \`\`\`bash
   reboot
   \`\`\`
3. Done
`;
const flatCell = '```bash\nkubectl get pods\nkubectl get events\n```\n';
const nestedCell = '   ```bash\n   ls\n   pwd\n   ```\n';
const [flat, nested] = [1, 3];
const nestedDate = '   ```bash\n   date\n   ```\n';
const sought = both.replace('   ls\n', '   kubectl get pods -w\n');

/** Markdown goes on in the item after its fence. */
const noted = '1. Look:\n\n   ```bash\n   ls\n   ```\n\n   Then wait.\n\n2. Done\n';

/** Each code cell stands beside another one, at the top and in a list item. */
const pairs = `# Flat

\`\`\`bash
ls
\`\`\`

\`\`\`bash
pwd
\`\`\`

- Nested

  \`\`\`bash
  id
  \`\`\`

  \`\`\`bash
  date
  \`\`\`

- End
`;
const [upperFlat, upperNested] = [1, 4];

interface Step {
  readonly act: (workbench: Workbench) => Promise<void>;
  /** What is on disk when it is saved after this step. */
  readonly to: string;
}

interface Row {
  readonly it: string;
  readonly from: string;
  readonly steps: readonly Step[];
  /** Undo and redo are the text's own, in the cell that was edited last. */
  readonly inText?: boolean;
}

const type = (workbench: Workbench, text: string) => workbench.page.keyboard.type(text);

const keys =
  (index: number, ...pressed: string[]) =>
  async (workbench: Workbench) => {
    await select(workbench, index);
    await workbench.press(...pressed);
  };

const join = (index: number) => async (workbench: Workbench) => {
  await select(workbench, index);
  await workbench.runCommand('Notebook: Join With Next Cell');
};

const setPython = (index: number) => async (workbench: Workbench) => {
  await workbench.pressStatusItem(index, 'Shell Script');
  await workbench.quickInput.locator('input').first().fill('python');
  await workbench.pick('Python');
};

const split = (index: number) => async (workbench: Workbench) => {
  const before = await workbench.cellCount();
  await enter(workbench, index);
  await workbench.press('ArrowDown', 'Control+K', 'Control+Shift+Backslash');
  await waitFor('one cell more', async () => (await workbench.cellCount()) === before + 1);
};

const replaceAll = (what: string, by: string, times: number) => async (workbench: Workbench) => {
  await select(workbench, flat);
  await workbench.press('Control+F');
  const widget = workbench.notebook.locator('.simple-fr-find-part-wrapper');
  await widget.locator('.simple-fr-find-part .input').first().fill(what);
  await widget.locator('.button.toggle').first().click();
  await widget.locator('.simple-fr-replace-part .input').first().fill(by);
  await widget.locator('.matchesCount', { hasText: `of ${times}` }).waitFor();
  await widget.locator('[aria-label^="Replace All"]').first().click();
  await workbench.press('Escape');
  await enter(workbench, flat);
};

/** By the buttons that show between two cells. */
const insertBelow =
  (index: number, kind: 'Code' | 'Markdown', text: string) => async (workbench: Workbench) => {
    await pressBetween(workbench, index, kind);
    await untilEditing(workbench, index + 1);
    await type(workbench, text);
  };

const insertAbove = (index: number, text: string) => async (workbench: Workbench) => {
  await select(workbench, index);
  await workbench.runCommand('Notebook: Insert Code Cell Above');
  await untilEditing(workbench, index);
  await type(workbench, text);
};

const typeIntoMarkdown = (above: number, text: string) => async (workbench: Workbench) => {
  await select(workbench, above);
  await workbench.press('ArrowDown', 'Enter');
  await untilEditing(workbench, above + 1);
  await workbench.press('Control+Home', 'End');
  await type(workbench, text);
};

const twice = (text: string, body: string): string => text.replace(body, `${body}\n${body}`);

const rows: readonly Row[] = [
  {
    it: 'types into a flat cell',
    from: both,
    inText: true,
    steps: [
      {
        act: async (workbench) => {
          await enter(workbench, flat);
          await workbench.press('End');
          await type(workbench, 'ets');
        },
        to: both.replace('get pods', 'get podsets'),
      },
    ],
  },
  {
    it: 'types into a nested cell',
    from: both,
    inText: true,
    steps: [
      {
        act: async (workbench) => {
          await enter(workbench, nested);
          await workbench.press('End');
          await type(workbench, 'blk');
        },
        to: both.replace('   ls\n', '   lsblk\n'),
      },
    ],
  },
  {
    it: 'types into Markdown inside a list',
    from: noted,
    steps: [{ act: typeIntoMarkdown(1, '..'), to: noted.replace('Then wait.', 'Then wait...') }],
    inText: true,
  },
  {
    it: 'inserts below',
    from: both,
    steps: [
      {
        act: insertBelow(nested, 'Code', 'date'),
        to: both.replace(nestedCell, `${nestedCell}\n${nestedDate}`),
      },
      {
        act: insertBelow(flat, 'Code', 'date'),
        to: both
          .replace(nestedCell, `${nestedCell}\n${nestedDate}`)
          .replace(flatCell, `${flatCell}\n\`\`\`bash\ndate\n\`\`\`\n`),
      },
    ],
  },
  {
    it: 'inserts above',
    from: both,
    steps: [
      { act: insertAbove(nested, 'date'), to: both.replace(nestedCell, `${nestedDate}\n${nestedCell}`) },
      {
        act: insertAbove(flat, 'date'),
        to: both
          .replace(nestedCell, `${nestedDate}\n${nestedCell}`)
          .replace(flatCell, `\`\`\`bash\ndate\n\`\`\`\n\n${flatCell}`),
      },
    ],
  },
  {
    it: 'inserts Markdown',
    from: both,
    steps: [
      {
        act: insertBelow(flat, 'Markdown', 'Some words.'),
        to: both.replace(flatCell, `${flatCell}\nSome words.\n`),
      },
    ],
  },
  {
    it: 'deletes',
    from: both,
    steps: [
      { act: keys(nested, 'Delete'), to: both.replace(`${nestedCell}\n`, '') },
      { act: keys(flat, 'Delete'), to: both.replace(`${nestedCell}\n`, '').replace(`${flatCell}\n`, '') },
    ],
  },
  {
    it: 'splits',
    from: both,
    steps: [
      { act: split(nested), to: both.replace('   ls\n', '   ls\n   ```\n\n   ```bash\n') },
      {
        act: split(flat),
        to: both
          .replace('   ls\n', '   ls\n   ```\n\n   ```bash\n')
          .replace('pods\n', 'pods\n```\n\n```bash\n'),
      },
    ],
  },
  {
    it: 'moves down',
    from: pairs,
    steps: [
      {
        act: keys(upperFlat, 'Alt+ArrowDown'),
        to: pairs.replace('ls', '?').replace('pwd', 'ls').replace('?', 'pwd'),
      },
      {
        act: keys(upperNested, 'Alt+ArrowDown'),
        to: swapped(pairs),
      },
    ],
  },
  {
    it: 'moves up',
    from: pairs,
    steps: [
      {
        act: keys(upperFlat + 1, 'Alt+ArrowUp'),
        to: pairs.replace('ls', '?').replace('pwd', 'ls').replace('?', 'pwd'),
      },
      { act: keys(upperNested + 1, 'Alt+ArrowUp'), to: swapped(pairs) },
    ],
  },
  {
    it: 'joins',
    from: pairs,
    steps: [
      { act: join(upperNested), to: pairs.replace('  id\n  ```\n\n  ```bash\n', '  id\n') },
      {
        act: join(upperFlat),
        to: pairs.replace('  id\n  ```\n\n  ```bash\n', '  id\n').replace('ls\n```\n\n```bash\n', 'ls\n'),
      },
    ],
  },
  {
    it: 'copies down',
    from: both,
    steps: [
      { act: keys(nested, 'Shift+Alt+ArrowDown'), to: twice(both, nestedCell) },
      { act: keys(flat, 'Shift+Alt+ArrowDown'), to: twice(twice(both, nestedCell), flatCell) },
    ],
  },
  {
    it: 'cuts and pastes',
    from: both,
    steps: [
      { act: keys(nested, 'Control+X'), to: both.replace(`${nestedCell}\n`, '') },
      {
        act: keys(flat, 'Control+V'),
        to: both
          .replace(`${nestedCell}\n`, '')
          .replace(flatCell, `${flatCell}\n\`\`\`bash\nls\npwd\n\`\`\`\n`),
      },
    ],
  },
  {
    it: 'finds and replaces',
    from: sought,
    inText: true,
    steps: [{ act: replaceAll('get pods', 'top pods', 2), to: sought.replaceAll('get pods', 'top pods') }],
  },
  {
    it: 'changes to Markdown',
    from: both,
    steps: [
      { act: keys(nested, 'm'), to: both.replace(nestedCell, '   ls\n   pwd\n') },
      {
        act: keys(flat, 'm'),
        to: both
          .replace(nestedCell, '   ls\n   pwd\n')
          .replace(flatCell, 'kubectl get pods\nkubectl get events\n'),
      },
    ],
  },
  {
    it: 'changes the language',
    from: both,
    steps: [
      {
        act: setPython(nested),
        to: both.replace(nestedCell, nestedCell.replace('bash', 'python')),
      },
      {
        act: setPython(flat),
        to: both
          .replace(nestedCell, nestedCell.replace('bash', 'python'))
          .replace(flatCell, flatCell.replace('bash', 'python')),
      },
    ],
  },
];

function swapped(text: string): string {
  return [
    ['ls', 'pwd'],
    ['id', 'date'],
  ].reduce((all, [one, other]) => all.replace(one!, '?').replace(other!, one!).replace('?', other!), text);
}

describe('edits in the workbench', () => {
  let folder = '';
  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-edits-'));
    return { folder, settings: { 'files.autoSave': 'off' } };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function open(name: string, text: string): Promise<void> {
    await writeFile(window.workbench.file(name), text);
    await window.workbench.openNotebook(name);
  }

  for (const [number, row] of rows.entries()) {
    it(`${row.it}, undoes it and does it again`, async () => {
      const { workbench } = window;
      const name = `row-${number}.runbook.md`;
      await open(name, row.from);
      for (const { act, to } of row.steps) {
        await act(workbench);
        await saves(workbench, name, to);
      }
      const texts = [row.from, ...row.steps.map((step) => step.to)];
      if (!row.inText) await leave(workbench);
      for (const text of texts.slice(0, -1).reverse()) {
        await workbench.press('Control+Z');
        await saves(workbench, name, text);
      }
      for (const text of texts.slice(1)) {
        await workbench.press('Control+Y');
        await saves(workbench, name, text);
      }
    });
  }

  it('pastes a cut cell into another notebook', async () => {
    const { workbench } = window;
    await open('from.runbook.md', both);
    await keys(nested, 'Control+X')(workbench);
    await saves(workbench, 'from.runbook.md', both.replace(`${nestedCell}\n`, ''));
    await open('into.runbook.md', pairs);
    await keys(upperNested, 'Control+V')(workbench);
    await saves(
      workbench,
      'into.runbook.md',
      pairs.replace('  id\n  ```\n', '  id\n  ```\n\n  ```bash\n  ls\n  pwd\n  ```\n'),
    );
    await workbench.press('Control+Z');
    await saves(workbench, 'into.runbook.md', pairs);
  });

  it('changes to Markdown and back', async () => {
    const { workbench } = window;
    const name = 'back.runbook.md';
    await open(name, both);
    await keys(nested, 'm')(workbench);
    await waitFor('a Markdown cell', async () => (await workbench.cellKind(nested)) === 'markup');
    await workbench.press('y');
    await waitFor('a code cell', async () => (await workbench.cellKind(nested)) === 'code');
    await saves(workbench, name, both);
  });

  it('writes an attribute that is chosen from quick picks', async () => {
    const { workbench } = window;
    const name = 'attribute.runbook.md';
    await open(name, both);
    await select(workbench, nested);
    await workbench.runCommand('Runbook: Edit Attributes of Cell');
    await workbench.pick('timeout');
    await workbench.quickInput.locator('.quick-input-message', { hasText: 'The cell is stopped' }).waitFor();
    await workbench.answer('5m');
    // The pick is open again, and shows what was typed.
    await workbench.quickInput.locator('.monaco-list-row', { hasText: /timeout\s*5m/ }).waitFor();
    await workbench.press('Escape');
    await saves(workbench, name, both.replace('   ```bash\n   ls', '   ```bash {timeout=5m}\n   ls'));
  });

  it('makes a cell of an untagged fence', async () => {
    const { workbench } = window;
    const name = 'offer.runbook.md';
    const text = '# Look\n\n```\nkubectl get pods\n```\n\n```bash\nls\n```\n';
    await open(name, text);
    await workbench.runCommand('Runbook: Run as Bash: Turn an Untagged Fence into a Cell');
    await workbench.pick('kubectl get pods');
    await saves(workbench, name, text.replace('```\nkubectl', '```bash\nkubectl'));
  });
});
