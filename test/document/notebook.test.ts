import assert from 'node:assert/strict';
import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import type { CellShape, NotebookShape } from '../../src/document/notebookShape.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (shape: NotebookShape): string => new TextDecoder().decode(fromNotebook(shape));
const open = (source: string): NotebookShape => toNotebook(bytes(source));
const fresh = (value: string, languageId = 'shellscript'): CellShape => ({
  kind: languageId === 'markdown' ? 'markup' : 'code',
  languageId,
  value,
  metadata: {},
});

function edited(source: string, edit: (cells: CellShape[]) => void): string {
  const shape = open(source);
  const cells = [...shape.cells];
  edit(cells);
  return text({ ...shape, cells });
}

describe('a notebook without an edit', () => {
  it('is the file', () => {
    const source = '# A\n\ntext\n```bash\nls\n```\n- x\n\n  ```sh\n  pwd\n  ```\n- y';
    assert.equal(text(open(source)), source);
  });
});

describe('an edited body', () => {
  it('keeps prefix and line ending of its fence', () => {
    const source = '1. Look:\r\n\r\n   ```bash\r\n   ls\r\n   ```\r\n2. Next\r\n';
    const result = edited(source, (cells) => {
      assert.equal(cells[1]!.value, 'ls');
      cells[1] = { ...cells[1]!, value: 'ls -l\n\npwd' };
    });
    assert.equal(result, '1. Look:\r\n\r\n   ```bash\r\n   ls -l\r\n\r\n   pwd\r\n   ```\r\n2. Next\r\n');
  });

  it('lengthens the marker where the body would close it', () => {
    const result = edited('```bash\nls\n```\n', (cells) => {
      cells[0] = { ...cells[0]!, value: 'cat <<E\n```\nE' };
    });
    assert.equal(result, '````bash\ncat <<E\n```\nE\n````\n');
  });
});

describe('an inserted cell', () => {
  it('stands between blank lines', () => {
    const result = edited('# A\n\n```bash\nls\n```\n\n# B\n', (cells) => {
      cells.splice(2, 0, fresh('pwd'));
    });
    assert.equal(result, '# A\n\n```bash\nls\n```\n\n```bash\npwd\n```\n\n# B\n');
  });
});
