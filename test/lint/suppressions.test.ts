// Suppressions in the file, baselines, and what a change brought.

import assert from 'node:assert/strict';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { baselineOf, beyondBaseline, readBaseline } from '../../src/lint/baseline.ts';
import { lintSince } from '../../src/lint/lintSince.ts';
import { shellParser } from '../shell/shellParser.ts';
import { lintText } from './lintFile.ts';

const bash = (text: string): string => `\`\`\`bash\n${text}\n\`\`\`\n`;
const codes = async (text: string): Promise<string[]> => (await lintText(text)).map(({ code }) => code);

describe('suppressions', () => {
  const bad = bash('kubectl get pods --bogus\nrm $X');

  it('of the next block', async () => {
    const text = `# x\n\n<!-- lint-disable-next kubectl-unknown-flag unquoted-variable -- an old plugin -->\n\n${bad}`;
    assert.deepEqual(await codes(text), []);
    assert.deepEqual(await codes(`${text}\n## y\n\n${bad}`), ['kubectl-unknown-flag', 'unquoted-variable']);
  });

  it('of a stretch, of the file, and of one code only', async () => {
    const disable = '<!-- lint-disable kubectl-unknown-flag -->';
    const enable = '<!-- lint-enable kubectl-unknown-flag -->';
    assert.deepEqual(await codes(`# x\n\n${disable}\n\n${bad}\n${enable}\n\n${bad}`), [
      'unquoted-variable',
      'kubectl-unknown-flag',
      'unquoted-variable',
    ]);
    const file = '<!-- lint-disable-file unquoted-variable kubectl-unknown-flag -->';
    assert.deepEqual(await codes(`# x\n\n${bad}\n${file}\n`), []);
  });

  it('tells of codes that are none, of blankets, and of suppressions that do nothing', async () => {
    const text =
      '# x\n\n<!-- lint-disable-next no-such-code -->\n\n<!-- lint-disable -->\n\n<!-- lint-disable dead-link -->\n';
    assert.deepEqual(await codes(text), ['unknown-suppression', 'unknown-suppression', 'unused-suppression']);
  });

  it('counts not in a fence', async () => {
    const text = `# x\n\n${bash('echo "<!-- lint-disable-file unquoted-variable -->"\nrm $X')}`;
    assert.deepEqual(await codes(text), ['unquoted-variable']);
  });
});

describe('a baseline', () => {
  it('keeps what is known quiet, wherever it moves, and tells one more of the same', async () => {
    const old = await lintText(`# x\n\n${bash('rm $X')}`);
    const text = JSON.stringify(baselineOf(new Map([['a.md', old]])));
    const baseline = readBaseline(text)!;
    const moved = await lintText(`# x\n\nMore.\n\n${bash('rm $X')}`);
    assert.deepEqual(beyondBaseline('a.md', moved, baseline), []);
    assert.equal(beyondBaseline('b.md', moved, baseline).length, 1);
    const twice = await lintText(`# x\n\n${bash('rm $X')}\n${bash('rm $X')}`);
    assert.equal(beyondBaseline('a.md', twice, baseline).length, 1);
    assert.equal(readBaseline('{"version":2}'), null);
    assert.equal(readBaseline('no'), null);
  });
});

describe('lintSince', () => {
  const old = `# x\n\n${bash('rm $OLD')}\n## Look\n\n${bash('kubectl get pods')}\n## Do\n\n${bash('kubectl rollout restart deploy/a')}`;

  async function since(before: string | null, after: string): Promise<string[]> {
    const parse = (text: string) => parseDocument(new TextEncoder().encode(text));
    const options = { fileName: 'a.md', parser: await shellParser() };
    const problems = await lintSince(before === null ? null : parse(before), parse(after), options);
    return problems.map(({ code, message }) => `${code} ${message}`);
  }

  it('tells nothing of what was there before, moved or not', async () => {
    assert.deepEqual(await since(old, old), []);
    assert.deepEqual(await since(old, `# x\n\nNew prose.\n${old.slice(4)}`), []);
  });

  it('tells what the change brought', async () => {
    const told = await since(old, old.replace('get pods', 'get pods --bogus'));
    assert.deepEqual(
      told.map((one) => one.split(' ')[0]),
      ['risk-raised', 'kubectl-unknown-flag'],
    );
    assert.match(told[0]!, /now unknown.*--bogus/);
  });

  it('tells cells whose risk rose, with the command, and not those whose risk fell', async () => {
    const [risen, ...others] = await since(old, old.replace('kubectl get pods', 'kubectl delete pod a'));
    assert.match(risen!, /^risk-raised this cell was read and is now destroy: `kubectl delete pod a`/);
    assert.deepEqual(others, []);
    assert.deepEqual(
      await since(old, old.replace('kubectl rollout restart deploy/a', 'kubectl get deploy/a')),
      [],
    );
  });

  it('tells new cells that change something, and all of a new file', async () => {
    const added = await since(old, `${old}\n## New\n\n${bash('kubectl delete ns a')}`);
    assert.match(added.join('\n'), /^risk-raised this new cell is destroy/);
    assert.deepEqual(await since(old, `${old}\n## New\n\n${bash('kubectl get ns')}`), []);
    assert.equal((await since(null, old)).length, 3);
  });
});
