// Every edit that a notebook allows, on flat and nested cells; the texts are written by hand: what a careful
// person would have typed.

import assert from 'node:assert/strict';
import {
  code, copyDown, cutAndPaste, type Edit, edited, insert, join, markup, move, open, remove, save, setLanguage, split,
  toCode, toMarkup, type,
} from './editing.ts'; // biome-ignore format: one list

const flat = `# Down

Look first.

\`\`\`bash
kubectl get pods
kubectl get events
\`\`\`

Then restart.

\`\`\`bash
kubectl rollout restart deploy/web
\`\`\`

## After

Write it down.
`;

const tight = `**Diagnosis:**
\`\`\`bash
kubectl get pods
kubectl get events
\`\`\`
**Mitigation:**
\`\`\`bash
kubectl rollout undo deploy/web
\`\`\`
`;

const nested = `1. Look:

   \`\`\`sh
   ls
   pwd
   \`\`\`

2. Restart:
   \`\`\`sh
   reboot
   \`\`\`
3. Done
`;

const quoted = `> Only when told:
>
> \`\`\`bash
> ls
> pwd
> \`\`\`
>
> Then stop.

End.
`;

const named = '# Look\n\n```console {name=look timeout=5m}\n$ ls\n$ pwd\n```\n\nThen.\n';
const commented = '- Look:\n\n  <!-- {name=look} -->\n  ```sh\n  ls\n  pwd\n  ```\n';

interface Row {
  readonly it: string;
  readonly from: string;
  readonly edits: readonly Edit[];
  readonly to: string;
}

const rows: readonly Row[] = [
  {
    it: 'types into a flat cell',
    from: flat,
    edits: [type(1, 'kubectl get pods -A\nkubectl get events')],
    to: flat.replace('get pods\n', 'get pods -A\n'),
  },
  {
    it: 'types a blank and an indented line into a nested cell',
    from: nested,
    edits: [type(1, 'ls\n\nif true; then\n  pwd\nfi')],
    to: nested.replace('   pwd\n', '\n   if true; then\n     pwd\n   fi\n'),
  },
  {
    it: 'types a blank line into a quoted cell',
    from: quoted,
    edits: [type(1, 'ls\n\npwd')],
    to: quoted.replace('> ls\n> pwd', '> ls\n>\n> pwd'),
  },
  { it: 'empties a cell', from: nested, edits: [type(1, '')], to: nested.replace('   ls\n   pwd\n', '') },
  {
    it: 'fills an empty cell',
    from: '- x\n\n  ```bash\n  ```\n',
    edits: [type(1, 'ls')],
    to: '- x\n\n  ```bash\n  ls\n  ```\n',
  },
  {
    it: 'fills a cell that ends with the file',
    from: 'Run:\n\n```bash',
    edits: [type(1, 'ls')],
    to: 'Run:\n\n```bash\nls',
  },
  {
    it: 'types into Markdown',
    from: flat,
    edits: [type(0, '# Down\n\nLook **first**.')],
    to: flat.replace('Look first.', 'Look **first**.'),
  },
  {
    it: 'types Markdown with room around it',
    from: flat,
    edits: [type(0, '\n# Down\n\nLook first.\n\n- one\n- two\n\n')],
    to: flat.replace('Look first.\n', 'Look first.\n\n- one\n- two\n'),
  },
  {
    it: 'types Markdown that goes on in a list item, with its indent',
    from: '- a\n\n  ```sh\n  ls\n  ```\n\n  One.\n\n- b\n',
    edits: [type(2, 'One.\n\nTwo.\n\n- b')],
    to: '- a\n\n  ```sh\n  ls\n  ```\n\n  One.\n\n  Two.\n\n- b\n',
  },
  {
    it: 'empties Markdown',
    from: flat,
    edits: [type(2, '')],
    to: flat.replace('Then restart.\n\n', ''),
  },
  {
    it: 'keeps an unclosed fence in Markdown from eating what follows',
    from: flat,
    edits: [type(2, 'Then:\n\n```yaml\nkind: Pod')],
    to: flat.replace('Then restart.\n', 'Then:\n\n```yaml\nkind: Pod\n```\n'),
  },
  {
    it: 'keeps an unclosed comment in Markdown from eating what follows',
    from: flat,
    edits: [type(2, 'Then:\n\n<!-- check')],
    to: flat.replace('Then restart.\n', 'Then:\n\n<!-- check\n-->\n'),
  },
  {
    it: 'lengthens the marker in a list',
    from: nested,
    edits: [type(1, 'cat <<E\n```\nE')],
    to: nested.replace('   ```sh\n   ls\n   pwd\n   ```\n', '   ````sh\n   cat <<E\n   ```\n   E\n   ````\n'),
  },
  {
    it: 'keeps a longer closing marker',
    from: '```bash\nls\n`````\n',
    edits: [type(0, 'a\n```')],
    to: '````bash\na\n```\n`````\n',
  },
  { it: 'keeps tildes', from: '~~~bash\nls\n~~~\n', edits: [type(0, '~~~')], to: '~~~~bash\n~~~\n~~~~\n' },
  {
    it: "takes the file's line ending",
    from: 'a\r\n\r\n```bash\r\nls\r\n```\r\n',
    edits: [type(1, 'ls\npwd'), insert(2, code('id')), insert(3, markup('b\nc'))],
    to: 'a\r\n\r\n```bash\r\nls\r\npwd\r\n```\r\n\r\n```bash\r\nid\r\n```\r\n\r\nb\r\nc\r\n',
  },
  {
    it: 'keeps tab indents',
    from: '-\tx\n\n\t```bash\n\tls\n\t```\n',
    edits: [type(1, 'ls\npwd')],
    to: '-\tx\n\n\t```bash\n\tls\n\tpwd\n\t```\n',
  },
  {
    it: 'keeps a body that is indented less than its fence',
    from: '   ```bash\n ls\n   pwd\n   ```\n',
    edits: [type(0, 'ls\npwd\n  id')],
    to: '   ```bash\n ls\n   pwd\n     id\n   ```\n',
  },
  {
    it: "types into a fence on the bullet's own line",
    from: '- ```bash\n  ls\n  ```\n- next\n',
    edits: [type(0, 'ls\npwd')],
    to: '- ```bash\n  ls\n  pwd\n  ```\n- next\n',
  },

  {
    it: 'inserts a cell between two',
    from: flat,
    edits: [insert(2, code('date'))],
    to: flat.replace('Then restart', '```bash\ndate\n```\n\nThen restart'),
  },
  {
    it: 'inserts a cell at the top',
    from: flat,
    edits: [insert(0, code('date'))],
    to: `\`\`\`bash\ndate\n\`\`\`\n\n${flat}`,
  },
  {
    it: 'inserts a cell at the end',
    from: flat,
    edits: [insert(5, code('date'))],
    to: `${flat}\n\`\`\`bash\ndate\n\`\`\`\n`,
  },
  {
    it: 'inserts a cell at the end of a file without a final newline',
    from: 'a',
    edits: [insert(1, code('date'))],
    to: 'a\n\n```bash\ndate\n```\n',
  },
  {
    it: 'inserts into an empty file',
    from: '',
    edits: [insert(0, code('date'))],
    to: '```bash\ndate\n```\n',
  },
  {
    it: 'inserts below front matter',
    from: '---\nalert: X\n---\n',
    edits: [insert(0, markup('# X'))],
    to: '---\nalert: X\n---\n\n# X\n',
  },
  { it: 'inserts an empty cell', from: 'a\n', edits: [insert(1, code(''))], to: 'a\n\n```bash\n```\n' },
  { it: 'inserts an empty Markdown cell', from: flat, edits: [insert(2, markup(''))], to: flat },
  {
    it: 'inserts above a tight cell',
    from: tight,
    edits: [insert(1, code('date'))],
    to: tight.replace('**Diagnosis:**\n', '**Diagnosis:**\n\n```bash\ndate\n```\n\n'),
  },
  {
    it: 'inserts below a tight cell',
    from: tight,
    edits: [insert(2, code('date'))],
    to: tight.replace('```\n**Mit', '```\n\n```bash\ndate\n```\n\n**Mit'),
  },
  {
    it: 'inserts into a list item, with the tag that the document uses',
    from: nested,
    edits: [insert(2, code('date\n\nid'))],
    to: nested.replace('2. Restart', '   ```sh\n   date\n\n   id\n   ```\n\n2. Restart'),
  },
  {
    it: 'inserts into a quote',
    from: quoted,
    edits: [insert(2, code('date'))],
    to: quoted.replace('>\n> Then', '>\n> ```bash\n> date\n> ```\n>\n> Then'),
  },
  {
    it: 'inserts Markdown between two cells of a list item',
    from: '- a\n\n  ```sh\n  ls\n  ```\n\n  ```sh\n  pwd\n  ```\n',
    edits: [insert(2, markup('Then:'))],
    to: '- a\n\n  ```sh\n  ls\n  ```\n\n  Then:\n\n  ```sh\n  pwd\n  ```\n',
  },
  {
    it: 'inserts another language',
    from: 'a\n',
    edits: [insert(1, code('up == 0', 'promql')), insert(2, code('print(1)', 'python'))],
    to: 'a\n\n```promql\nup == 0\n```\n\n```python\nprint(1)\n```\n',
  },

  {
    it: 'deletes a flat cell',
    from: flat,
    edits: [remove(1)],
    to: flat.replace('```bash\nkubectl get pods\nkubectl get events\n```\n\n', ''),
  },
  {
    it: 'deletes the last cell',
    from: flat,
    edits: [remove(4)],
    to: flat.replace('\n## After\n\nWrite it down.\n', ''),
  },
  {
    it: 'deletes a cell between two paragraphs that touched it',
    from: tight,
    edits: [remove(1)],
    to: tight.replace('```bash\nkubectl get pods\nkubectl get events\n```\n', '\n'),
  },
  {
    it: 'deletes a tight cell of a list',
    from: nested,
    edits: [remove(3)],
    to: nested.replace('   ```sh\n   reboot\n   ```\n', ''),
  },
  { it: 'deletes everything', from: tight, edits: [remove(0), remove(0), remove(0), remove(0)], to: '' },

  {
    it: 'moves a cell up',
    from: flat,
    edits: [move(3, 1)],
    to: `# Down

Look first.

\`\`\`bash
kubectl rollout restart deploy/web
\`\`\`

\`\`\`bash
kubectl get pods
kubectl get events
\`\`\`

Then restart.

## After

Write it down.
`,
  },
  {
    it: 'moves the last cell up',
    from: 'a\n\n```bash\nls\n```\n\n# b\n\n```bash\npwd\n```',
    edits: [move(3, 1)],
    to: 'a\n\n```bash\npwd\n```\n\n```bash\nls\n```\n\n# b\n',
  },
  {
    it: 'moves a cell out of a list',
    from: `${nested}\n# End\n\nx\n`,
    edits: [move(1, 5)],
    to: `1. Look:\n\n2. Restart:\n   \`\`\`sh\n   reboot\n   \`\`\`\n3. Done\n\n# End\n\nx\n\n\`\`\`sh\nls\npwd\n\`\`\`\n`,
  },
  {
    it: 'moves a cell into a list',
    from: `\`\`\`bash\ndate\n\`\`\`\n\n${nested}`,
    edits: [move(0, 2)],
    to: nested.replace('2. Restart', '   ```bash\n   date\n   ```\n\n2. Restart'),
  },

  {
    it: 'splits a flat cell',
    from: flat,
    edits: [split(1, 1)],
    to: flat.replace('pods\nkubectl', 'pods\n```\n\n```bash\nkubectl'),
  },
  {
    it: 'splits a tight cell',
    from: tight,
    edits: [split(1, 1)],
    to: tight.replace('pods\nkubectl', 'pods\n```\n\n```bash\nkubectl'),
  },
  {
    it: 'splits a nested cell',
    from: nested.replaceAll('```sh', '```bash'),
    edits: [split(1, 1)],
    to: nested.replaceAll('```sh', '```bash').replace('   ls\n', '   ls\n   ```\n\n   ```bash\n'),
  },
  {
    it: 'types into Markdown that leaves the list of the fence before it',
    from: nested.replace('2. Restart', '   Then wait.\n\n2. Restart'),
    edits: [type(2, 'Then wait long.\nAnd more.\n\n2. Restart it:')],
    to: nested.replace('2. Restart', '   Then wait long.\n   And more.\n\n2. Restart it'),
  },
  {
    it: 'splits a cell with attributes',
    from: named,
    edits: [split(1, 1)],
    to: named.replace('$ ls\n', '$ ls\n```\n\n```console\n'),
  },
  {
    it: 'splits a nested cell with a comment before it, and goes on in the upper part',
    from: commented,
    edits: [split(1, 1), type(1, 'ls\ndate\n')],
    to: commented.replace('  ls\n', '  ls\n  date\n  ```\n\n  ```sh\n'),
  },
  {
    it: 'cuts a cell with attributes and pastes it',
    from: named,
    edits: [cutAndPaste(1, 2)],
    to: '# Look\n\nThen.\n\n```console {name=look timeout=5m}\n$ ls\n$ pwd\n```\n',
  },
  {
    it: 'puts another cell in the place of one with attributes',
    from: named,
    edits: [remove(1), insert(1, code('date'))],
    to: '# Look\n\n```bash\ndate\n```\n\nThen.\n',
  },
  {
    it: 'splits a quoted cell',
    from: quoted,
    edits: [split(1, 1)],
    to: quoted.replace('> ls\n', '> ls\n> ```\n>\n> ```bash\n'),
  },
  {
    it: 'joins two cells',
    from: 'a\n\n```bash\nls\n```\n\n```bash\npwd\n```\n\nb\n',
    edits: [join(1)],
    to: 'a\n\n```bash\nls\npwd\n```\n\nb\n',
  },
  {
    it: 'joins two nested cells',
    from: '- a\n\n  ```sh\n  ls\n  ```\n\n  ```sh\n  pwd\n  ```\n- b\n',
    edits: [join(1)],
    to: '- a\n\n  ```sh\n  ls\n  pwd\n  ```\n\n- b\n',
  },

  {
    it: 'copies a flat cell down',
    from: flat,
    edits: [copyDown(3)],
    to: flat.replace('## After', '```bash\nkubectl rollout restart deploy/web\n```\n\n## After'),
  },
  {
    it: 'copies a nested cell down, with its tag',
    from: nested.replaceAll('```sh', '```console'),
    edits: [copyDown(1)],
    to: nested
      .replaceAll('```sh', '```console')
      .replace('2. R', '   ```console\n   ls\n   pwd\n   ```\n\n2. R'),
  },
  {
    it: 'cuts and pastes a nested cell to the end',
    from: `${nested}\nEnd.\n`,
    edits: [cutAndPaste(1, 4)],
    to: `1. Look:\n\n2. Restart:\n   \`\`\`sh\n   reboot\n   \`\`\`\n3. Done\n\nEnd.\n\n\`\`\`sh\nls\npwd\n\`\`\`\n`,
  },
  {
    it: 'pastes a cell of another document',
    from: 'a\n\nb\n',
    edits: [insert(1, code('$ ls\nfile'))],
    to: 'a\n\nb\n\n```bash\n$ ls\nfile\n```\n',
  },

  {
    it: 'changes a cell to Markdown',
    from: flat,
    edits: [toMarkup(3)],
    to: flat.replace(
      '```bash\nkubectl rollout restart deploy/web\n```',
      'kubectl rollout restart deploy/web',
    ),
  },
  {
    it: 'changes a nested cell to Markdown',
    from: nested,
    edits: [toMarkup(1)],
    to: nested.replace('   ```sh\n   ls\n   pwd\n   ```\n', '   ls\n   pwd\n'),
  },
  {
    it: 'changes a tight cell to Markdown',
    from: tight,
    edits: [toMarkup(3)],
    to: tight.replace('```bash\nkubectl rollout undo deploy/web\n```', '\nkubectl rollout undo deploy/web'),
  },
  { it: 'changes a cell to Markdown and back', from: nested, edits: [toMarkup(1), toCode(1)], to: nested },
  {
    it: 'changes Markdown to a cell',
    from: flat,
    edits: [type(2, 'reboot'), toCode(2)],
    to: flat.replace('Then restart.', '```bash\nreboot\n```'),
  },
  {
    it: 'changes the language and keeps the attributes',
    from: '- a\n\n  ```bash {name=x timeout=5m}\n  ls\n  ```\n',
    edits: [setLanguage(1, 'python')],
    to: '- a\n\n  ```python {name=x timeout=5m}\n  ls\n  ```\n',
  },
  {
    it: 'changes the language and back',
    from: '```console\nls\n```\n',
    edits: [setLanguage(0, 'python'), setLanguage(0, 'shellscript')],
    to: '```console\nls\n```\n',
  },
  {
    it: 'changes the language to plain text',
    from: '```bash\nls\n```\n',
    edits: [setLanguage(0, 'plaintext')],
    to: '```text\nls\n```\n',
  },
  {
    it: 'replaces in every cell',
    from: `${nested}\n${quoted}`,
    edits: [
      (cells) => {
        for (const [index, cell] of cells.entries()) {
          cells[index] = { ...cell, value: cell.value.replace('pwd', 'id') };
        }
      },
    ],
    to: `${nested}\n${quoted}`.replaceAll('pwd', 'id'),
  },
  {
    it: 'carries the attribute comment along',
    from: '# A\n\n<!-- {name=x} -->\n```bash\nls\n```\n\nb\n',
    edits: [move(1, 2)],
    to: '# A\n\nb\n\n<!-- {name=x} -->\n```bash\nls\n```\n',
  },
  {
    it: 'keeps the byte order mark in front',
    from: '\ufeff```bash\nls\n```\n\na\n',
    edits: [move(0, 1)],
    to: '\ufeffa\n\n```bash\nls\n```\n',
  },
  {
    it: 'closes a fence that is not the last any more',
    from: 'a\n\n```bash\nls\n',
    edits: [insert(2, markup('b'))],
    to: 'a\n\n```bash\nls\n```\n\nb\n',
  },
];

describe('what a careful person would have typed', () => {
  for (const row of rows) {
    it(row.it, () => {
      assert.equal(edited(row.from, ...row.edits), row.to);
    });
  }

  it('is the same when it is saved, opened and saved again', () => {
    for (const row of rows) assert.equal(save(open(row.to)), row.to, row.it);
  });
});
