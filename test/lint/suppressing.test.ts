// A suppression put in by a quick fix: it quiets its problem, in whatever it stands, and changes nothing else.

import assert from 'node:assert/strict';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { suppressing } from '../../src/lint/suppressing.ts';
import { lintText } from './lintFile.ts';

async function suppressed(text: string): Promise<string | undefined> {
  const [problem] = await lintText(text);
  assert.ok(problem, text);
  const lines = text.split('\n');
  const { cells } = loadRunbook(Buffer.from(text), 'a.md');
  const cell = cells.find(
    ({
      cell: {
        kind,
        lines: [start, end],
      },
    }) => kind === 'code' && start <= problem.range.line && problem.range.line < end,
  );
  const made = suppressing(problem, lines, cell?.cell.lines[0], '\n');
  if (!made) return undefined;
  const { line, character } = made.range;
  lines[line] = lines[line]!.slice(0, character) + made.text + lines[line]!.slice(character);
  return lines.join('\n');
}

describe('a suppression by quick fix', () => {
  const bad = '```bash\nrm -rf $X\n```\n';

  it('stands before the fence, in a list too, and beside one that is there', async () => {
    const flat = `# x\n\n<!-- lint-disable-next unquoted-variable -->\n${bad}`;
    assert.equal(await suppressed(`# x\n\n${bad}`), flat);
    const inList = '# x\n\n1. Go:\n\n   ```bash\n   rm -rf $X\n   ```\n';
    const quiet = await suppressed(inList);
    assert.equal(
      quiet,
      inList.replace('   ```bash', '   <!-- lint-disable-next unquoted-variable -->\n   ```bash'),
    );
    assert.deepEqual(await lintText(quiet!), []);
    const two = '# x\n\n```bash\nrm -rf $X\nkubectl get pods --bogus\n```\n';
    const one = await suppressed(two);
    const both = await suppressed(one!);
    assert.match(both!, /<!-- lint-disable-next unquoted-variable kubectl-unknown-flag -->/);
    assert.deepEqual(await lintText(both!), []);
  });

  it('is not offered where it would break what it stands in', async () => {
    assert.equal(await suppressed(`# x\n\n- \`\`\`bash\n  rm -rf $X\n  \`\`\`\n`), undefined);
    assert.equal(await suppressed('# x\n\nSee\n[that](#nowhere).\n'), undefined);
    assert.match((await suppressed('# x\n\nSee [that](#nowhere).\n'))!, /dead-anchor -->\nSee/);
  });
});
