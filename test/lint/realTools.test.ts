// What lint says of kubectl and curl against the real ones: a flag that it calls unknown is refused, all others parse.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { kubectlCall } from '../../src/lint/kubectlCall.ts';
import { lintCellOf } from '../../src/lint/lintCell.ts';
import { unknownPart } from '../../src/shell/word.ts';
import { hasProgram } from '../alerts/realServers.ts';
import { shellParser } from '../shell/shellParser.ts';

const shared = path.resolve(import.meta.dirname, '../../../shared/seeds');

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
}

describe('lint against the real tools', function () {
  this.timeout(120_000);

  it('agrees with kubectl on every call of the seeds', async function () {
    if (!existsSync(shared) || spawnSync('kubectl', ['version', '--client']).error) {
      console.log('      skipped: needs kubectl on the PATH and the shared folder');
      this.skip();
    }
    const parser = await shellParser();
    const seen = new Map<string, { asked: string[]; unlisted: boolean; text: string }>();
    for (const file of markdownBelow(shared)) {
      parseDocument(readFileSync(file)).cells.forEach((cell, index) => {
        if (cell.kind !== 'code') return;
        const lint = lintCellOf(cell, index, parser);
        for (const call of lint.calls) {
          const kubectl = kubectlCall(call);
          if (!kubectl?.known || kubectl.verb === '') continue;
          const words = call.words.map(({ value }) => value.replaceAll(unknownPart, 'x'));
          const dashes = words.indexOf('--');
          // Asked for help kubectl reads the flags before it, and does nothing.
          const asked = [...(dashes < 0 ? words : words.slice(0, dashes)), '--help'];
          const unlisted = kubectl.parsed.unlisted.length > 0;
          // One of each verb with the same flags: their values are not what is asked for.
          const flags = asked.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*/, ''));
          seen.set(`${kubectl.verb} ${flags.sort().join(' ')}`, {
            asked,
            unlisted,
            text: lint.text.slice(call.start, call.end),
          });
        }
      });
    }
    assert.ok(seen.size > 30, `only ${seen.size} calls`);
    const wrong: string[] = [];
    for (const { asked, unlisted, text } of seen.values()) {
      const { stderr } = spawnSync('kubectl', asked, { encoding: 'utf8' });
      if (/unknown (shorthand )?flag/.test(stderr) !== unlisted)
        wrong.push(`${text}: ${stderr.split('\n')[0]}`);
    }
    console.log(`      ${seen.size} different calls asked`);
    assert.deepEqual(wrong, []);
  });

  it('agrees with curl on what it refuses', function () {
    if (!hasProgram('curl')) {
      console.log('      skipped: curl is not on the PATH');
      this.skip();
    }
    const status = (...words: string[]): number | null => spawnSync('curl', ['-s', ...words]).status;
    const range = 'http://127.0.0.1:1/?query=rate(a[5m])';
    assert.equal(status(range), 3);
    assert.equal(status('-g', range), 7);
    assert.equal(status('http://127.0.0.1:1/?query=a b'), 3);
    assert.equal(status('-g', 'http://127.0.0.1:1/?query=a b'), 3);
  });
});
