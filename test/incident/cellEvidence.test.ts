// What a session writes into the evidence beside a cell's output: the runbook's text, files, credentials that it
// knows.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EventOf } from '../../src/evidence/events.ts';
import { recomputedNames } from '../../src/incident/rewrittenName.ts';
import { envOf } from '../../src/incident/sessionSecrets.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

const artifacts = async (bench: SessionBench): Promise<EventOf<'artifact'>[]> =>
  (await bench.events()).flatMap((event) => (event.type === 'artifact' ? [event] : []));
const blobText = (bench: SessionBench, sha256: string): string =>
  readFileSync(path.join(bench.incident.folder, 'blobs', sha256), 'utf8');
/** All that is on disk of the incident, as one text. */
const onDisk = (bench: SessionBench): string =>
  readdirSync(bench.incident.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(path.join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');

describe('files that a cell writes', () => {
  it('are kept where they are text, by size and commitment where they are not', async () => {
    await withNotebook(async (bench) => {
      const text = bash(
        'echo kept > a.txt; printf "\\000x" > b.bin; tar -czf c.tgz a.txt; head -c 1100000 /dev/zero | tr "\\\\0" x > d.log; cp a.txt quiet.txt',
      );
      const { status, notices } = await bench.run(text);
      assert.equal(status, 'done');
      const found = Object.fromEntries((await artifacts(bench)).map((one) => [one.path, one]));
      assert.deepEqual(Object.fromEntries(Object.entries(found).map(([name, { kept }]) => [name, kept])), {
        'a.txt': 'copied',
        'b.bin': 'binary',
        'c.tgz': 'dump',
        'd.log': 'too large',
        'quiet.txt': 'copied',
      });
      assert.equal(blobText(bench, found['a.txt']!.blob!.sha256), 'kept\n');
      for (const name of ['b.bin', 'c.tgz', 'd.log']) {
        assert.match(found[name]!.commitment!, /^[0-9a-f]{64}$/);
        assert.equal(found[name]!.blob, undefined);
      }
      assert.match(notices.join('\n'), /d\.log \(1,100,000 bytes\).*larger than 1,048,576 bytes/);
      assert.deepEqual([found['a.txt']!.via, found['quiet.txt']!.via], ['command', 'command']);
    });
  });

  it('are found in the folder where no command names them, and left alone where nothing changed', async () => {
    await withNotebook(async (bench) => {
      mkdirSync(path.join(bench.folder, 'logs'));
      writeFileSync(path.join(bench.folder, 'old.txt'), 'old');
      utimesSync(path.join(bench.folder, 'old.txt'), 1, 1);
      writeFileSync(path.join(bench.folder, 'make.sh'), 'echo new > logs/made-here\n');
      await bench.run(bash('bash make.sh; cat old.txt'));
      assert.deepEqual(
        (await artifacts(bench)).map((one) => [one.path, one.via]),
        [['logs/made-here', 'directory']],
      );
    });
  });

  it('say their limits when there are more', async () => {
    await withNotebook(
      async (bench) => {
        const { notices } = await bench.run(bash('for i in 1 2 3 4; do eval "echo $i > n$i"; done'));
        assert.equal((await artifacts(bench)).length, 2);
        assert.match(notices.join('\n'), /4 files were written; the evidence has the first 2/);
      },
      { artifacts: { filesPerRun: 2 } },
    );
  });

  it('tell once of a folder that holds too much, and not where a cell writes nothing', async () => {
    await withNotebook(
      async (bench) => {
        for (const name of ['a', 'b', 'c']) writeFileSync(path.join(bench.folder, name), name);
        writeFileSync(path.join(bench.folder, 'make.sh'), 'echo unnamed > z$1\n');
        const told = async (text: string) =>
          (await bench.run(bash(text))).notices.filter((one) => /holds more than 2 entries/.test(one)).length;
        assert.equal(await told('cat a; ls'), 0);
        assert.equal(await told('echo named > e'), 0);
        assert.equal(await told('bash make.sh 1'), 1);
        assert.equal(await told('bash make.sh 2'), 0);
        assert.deepEqual(
          (await artifacts(bench)).map((one) => one.path),
          ['e'],
        );
      },
      { artifacts: { scanEntries: 2 } },
    );
  });

  it('are offered again where a name is made anew from the clock', async () => {
    await withNotebook(async (bench) => {
      await bench.run(bash('echo body > "backup-$(date +%s%N).sql.txt"'));
      const { stdout } = await bench.run(bash('cat backup-$(date +%s%N).sql.txt'));
      assert.equal(stdout, 'body\n');
      const intents = (await bench.events()).filter((event) => event.type === 'cell.intent');
      assert.match((intents[1] as EventOf<'cell.intent'>).resolved!, /^cat backup-\d+\.sql\.txt$/);
      // The same day leads to the same file: nothing to ask, nothing to change.
      await bench.run(bash('echo day > day-$(date +%F).txt'));
      const again = await bench.run(bash('cat day-$(date +%F).txt'));
      assert.equal(again.stdout, 'day\n');
      const last = (await bench.events()).findLast((event) => event.type === 'cell.intent');
      assert.equal((last as EventOf<'cell.intent'>).resolved, undefined);
    });
  });

  it('are not offered where the name is written or assigned', () => {
    const written = [{ file: '/w/a-1.txt', run: 'r' }];
    const texts = [
      'x > a-$(date +%s).txt',
      'curl -o a-$(date +%s).txt u',
      'F=a-$(date +%s).txt',
      'cat b-$(date +%s).txt',
    ];
    for (const text of texts) assert.deepEqual(recomputedNames(text, written, '/w'), [], text);
    assert.deepEqual(recomputedNames('cat "a-$(date +%s).txt"', written, '/w')[0]!.files, ['a-1.txt']);
  });
});

describe('the runbook that ran', () => {
  it('is kept as text, without its credentials and without a digest of them', async () => {
    await withNotebook(async (bench) => {
      const text = bash('echo fine # redis-cli -a Sup3rS3cretRedisPw ping');
      await bench.run(text);
      const opened = (await bench.events()).find((event) => event.type === 'runbook.opened');
      assert.ok(opened?.type === 'runbook.opened' && opened.blob);
      const kept = blobText(bench, opened.blob.sha256);
      assert.match(kept, /^# Test\n\n```bash\necho fine/);
      assert.doesNotMatch(onDisk(bench), /Sup3rS3cretRedisPw/);
      assert.equal(opened.runbook, opened.blob.sha256);
    });
  });
});

describe('credentials that a session knows', () => {
  it('are cut from the output: of the environment, of .env files, of variables that a cell set', async () => {
    const env = { DEPLOY_TOKEN: 'tok-from-environment-91' };
    await withNotebook(
      async (bench) => {
        const { stdout, notices } = await bench.run(
          bash('echo got $(echo tok-from-environment-91 | tr a a)'),
        );
        assert.doesNotMatch(stdout, /tok-from-environment/);
        assert.match(notices.join(), /cut out of the output.*: secret-variable/);
        await bench.run(bash('read -r API_SECRET <<< "$(printf "%s-%s" zebra quartz-77)"'));
        const later = await bench.run(bash('printf "%s-%s\\n" zebra quartz-77'));
        assert.doesNotMatch(later.stdout, /zebra-quartz-77/);
        assert.doesNotMatch(onDisk(bench), /tok-from-environment-91|zebra-quartz-77/);
      },
      { env },
    );
  });

  it('reads .env lines as shells do', () => {
    assert.deepEqual(envOf('# c\nexport A_TOKEN="x y"\nB=plain # note\nnot a line\nC=\'q\'\n'), {
      A_TOKEN: 'x y',
      B: 'plain',
      C: 'q',
    });
  });
});
