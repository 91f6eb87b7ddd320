import assert from 'node:assert/strict';
import { withCellAttribute } from '../../src/document/editAttribute.ts';
import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';

function edited(source: string, name: string, value: string | true | undefined): string {
  const shape = toNotebook(Buffer.from(source));
  const cells = shape.cells.map((cell) =>
    cell.kind === 'code'
      ? { ...cell, metadata: withCellAttribute(cell.metadata, 'bash', name, value) }
      : cell,
  );
  return Buffer.from(fromNotebook({ ...shape, cells })).toString();
}

describe('setting an attribute', () => {
  it('writes it into the info string and touches nothing else', () => {
    assert.equal(
      edited('# T\r\n\r\n- x\r\n  ~~~bash\r\n  ls\r\n  ~~~\r\nend', 'timeout', '5m'),
      '# T\r\n\r\n- x\r\n  ~~~bash {timeout=5m}\r\n  ls\r\n  ~~~\r\nend',
    );
  });

  it('changes and takes away what is there, and keeps what it does not know', () => {
    const source = '```bash {name=a mine=1}\nls\n```\n';
    assert.equal(edited(source, 'name', 'b'), '```bash {name=b mine=1}\nls\n```\n');
    assert.equal(edited(source, 'name', undefined), '```bash {mine=1}\nls\n```\n');
    assert.equal(edited(source, 'background', true), '```bash {name=a mine=1 background}\nls\n```\n');
  });

  it('gives a cell without source an info string', () => {
    const metadata = withCellAttribute({}, 'bash', 'timeout', '5m');
    const bytes = fromNotebook({
      cells: [{ kind: 'code', languageId: 'shellscript', value: 'ls', metadata }],
      metadata: {},
    });
    assert.equal(parseDocument(bytes).cells[0]!.attributes.timeoutMs, 300_000);
  });
});
