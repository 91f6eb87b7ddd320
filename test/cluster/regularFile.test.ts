// What a command names as a file may be none.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRegularFile } from '../../src/cluster/regularFile.ts';

describe('a file that a command names', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'regular-'));
  after(() => rmSync(directory, { recursive: true }));
  const at = (name: string): string => path.join(directory, name);

  it('is read where it is one, by a link too', async () => {
    writeFileSync(at('a.yaml'), 'kind: Pod');
    symlinkSync('a.yaml', at('b.yaml'));
    assert.equal(await readRegularFile(at('b.yaml')), 'kind: Pod');
  });

  it('is not waited for where it is a pipe, and no descriptor of this process is read', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await assert.rejects(readRegularFile(at('pipe')), /no regular file/);
    symlinkSync(at('pipe'), at('link'));
    await assert.rejects(readRegularFile(at('link')), /no regular file/);
    for (const name of ['/dev/fd/63', '/dev/stdin', '/proc/self/fd/0', '/dev/../dev/fd/0'])
      await assert.rejects(readRegularFile(name), /by the call alone/);
    await assert.rejects(readRegularFile('/dev/null'), /no regular file/);
  });
});
