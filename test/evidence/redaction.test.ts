// Secrets planted everywhere and split everywhere; and what looks like one, which must stay.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { makePack } from '../../src/evidence/pack/makePack.ts';
import { Redactor } from '../../src/evidence/redact/redactor.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import { recordArtifact } from '../../src/evidence/write/recordArtifact.ts';
import { lookAlikes, type Planted, secrets } from './secretCorpus.ts';
import { type Place, place } from './support.ts';

/** Every offset takes minutes on a busy machine; the soak goes through all. */
const step = process.env.RUNBOOK_SOAK ? 1 : 31;
const key = Buffer.alloc(32, 7);
const redactor = (): Redactor => new Redactor(key);
/** Raw, base64 and URL-encoded. */
const spellings = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(secret),
];

/** As if each piece came 300 ms after the one before. */
function slowly(pieces: readonly Buffer[]): string {
  const stream = redactor().stream();
  const out = pieces.flatMap((piece) => [stream.write(piece), stream.release()]);
  return Buffer.concat([...out, stream.end()]).toString();
}

describe('redaction', () => {
  it('has a corpus of the promised size', () => {
    assert.ok(secrets.length >= 60 && lookAlikes.length >= 60, `${secrets.length}, ${lookAlikes.length}`);
    for (const { name, text, secrets: own } of secrets)
      for (const one of own) assert.ok(text.includes(one) || text.includes(one.slice(0, 20)), name);
  });

  it('cuts every secret of the corpus, says which kind, and commits to it', () => {
    for (const { name, text, secrets: own } of secrets) {
      const { value, cuts } = redactor().text(text);
      for (const secret of own) assert.ok(!value.includes(secret), `${name}: ${value}`);
      assert.ok(cuts.length > 0, name);
      for (const { kind, commitment, at } of cuts) {
        const there = Buffer.from(value).subarray(at).toString();
        assert.ok(there.startsWith(`[cut ${kind} ${commitment.slice(0, 12)}]`), `${name}: ${there}`);
      }
    }
  });

  it('leaves at most two look-alikes changed', () => {
    const changed = lookAlikes.filter((text) => redactor().text(text).value !== text);
    assert.ok(changed.length <= 2, changed.join('\n'));
  });

  it('cuts a secret that is split at any offset and slowly written', function () {
    this.timeout(60_000);
    for (const [index, { name, text, secrets: own }] of secrets.entries()) {
      const bytes = Buffer.from(text);
      for (let at = 1 + (index % step); at < bytes.length; at += step) {
        const out = slowly([bytes.subarray(0, at), bytes.subarray(at)]);
        for (const secret of own) assert.ok(!out.includes(secret), `${name} at ${at}: ${out}`);
        // No piece of it either: half a password is a hint.
        for (const secret of own.filter((one) => one.length >= 16)) {
          for (const part of [secret.slice(0, secret.length >> 1), secret.slice(secret.length >> 1)])
            assert.ok(!out.includes(part), `${name} at ${at}: half of it in ${out}`);
        }
      }
      if (step > 1 && bytes.length > 120) continue;
      const alone = slowly([...bytes].map((byte) => Buffer.of(byte)));
      for (const secret of own) assert.ok(!alone.includes(secret), `${name} byte by byte: ${alone}`);
    }
  });

  it('gives look-alikes back whole however they are split', () => {
    const cut = new Set<string>();
    for (const text of lookAlikes) {
      const bytes = Buffer.from(text);
      for (let at = 1; at < bytes.length; at += step) {
        if (slowly([bytes.subarray(0, at), bytes.subarray(at)]) !== text) cut.add(text);
      }
    }
    assert.ok(cut.size <= 2, [...cut].join('\n'));
  });

  it('holds no ordinary unfinished line back', () => {
    for (const prompt of [
      'Continue? [y/N] ',
      'Password: ',
      'Loading...',
      'progress 45%',
      'Do you want this? (yes/no) ',
    ]) {
      const stream = redactor().stream();
      assert.equal(Buffer.concat([stream.write(Buffer.from(prompt)), stream.release()]).toString(), prompt);
    }
  });

  it('knows what it learned wherever it turns up, in any encoding', () => {
    const one = redactor();
    const secret = 'Zebra quartz/9041?';
    assert.ok(one.learn(secret));
    const hidden = [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(`user:${secret}`).toString('base64'),
      Buffer.from(`ab${secret}x`).toString('base64url'),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
      Buffer.from(secret).toString('hex'),
      JSON.stringify({ x: `a${secret}b` }),
    ];
    for (const text of hidden) {
      const { value } = one.text(`row ${text} end`);
      assert.match(value, /\[cut known-secret /, text);
      for (const spelling of spellings(secret)) assert.ok(!value.includes(spelling));
    }
    assert.ok(!one.learn('admin'), 'a word that is everywhere is not looked for');
  });

  it('learns the data of a Secret from the output that shows it', () => {
    const one = redactor();
    const stream = one.stream();
    stream.write(
      Buffer.from(
        `apiVersion: v1\ndata:\n  x: ${Buffer.from('Marble_staircase_8').toString('base64')}\n  username: ${Buffer.from('app').toString('base64')}\nkind: Secret\n`,
      ),
    );
    stream.end();
    assert.match(
      one.text('it was Marble_staircase_8 all along').value,
      /^it was \[cut secret-data [0-9a-f]{12}\] all along$/,
    );
    assert.equal(one.text('the app is up').value, 'the app is up');
  });

  it('cuts arguments that know each other, and values under secret-looking names', () => {
    const one = redactor();
    assert.match(one.argv(['redis-cli', '-a', 'p w"d9', 'PING']).value[2]!, /^\[cut secret-argument/);
    assert.match(
      one.argv(['kubectl', 'create', 'secret', 'generic', 'x', '--from-literal=a=b9b9b9']).value[5]!,
      /^--from-literal=a=\[cut/,
    );
    // What a configmap holds everybody reads; but for what calls itself a secret or looks like one.
    const plain = `kubectl create configmap x -n y --from-literal=a=b9b9b9 --from-literal=limits="{ rps: 100 }"`;
    assert.equal(one.text(plain).value, plain);
    for (const line of [
      'kubectl create configmap x --from-literal=db-password-old=b9b9b9',
      'kubectl create configmap x --from-literal=a=Zk3xP0aQ81mmVbN2Lw7R9',
      'kubectl create configmap x --from-file=y; kubectl create secret generic z --from-literal=a=b9b9b9',
      'kubectl create configmap x --from-file=y && kustomize edit add secret z --from-literal=a=b9b9b9',
      'kubectl create secret generic cm --from-literal=a=b9b9b9',
      'kubectl create configmap x --from-file=y `kubectl create secret generic z --from-literal=a=b9b9b9`',
    ])
      assert.match(one.text(line).value, /--from-literal=[\w-]+=\[cut/, line);
    assert.deepEqual(one.argv(['kubectl', 'get', 'pods', '-n', 'aureus', '-o', 'wide']).value, [
      'kubectl',
      'get',
      'pods',
      '-n',
      'aureus',
      '-o',
      'wide',
    ]);
    const pod = {
      kind: 'Pod',
      spec: {
        containers: [
          {
            env: [
              { name: 'DB_PASSWORD', value: 'x9x9x9' },
              { name: 'MODE', value: 'fast' },
            ],
            args: ['redis-server', '--requirepass', 'y8y8y8'],
          },
        ],
      },
    };
    const text = JSON.stringify(one.json(pod).value);
    assert.ok(!/x9x9x9|y8y8y8/.test(text) && text.includes('"fast"'), text);
    const secret = JSON.stringify(
      one.json({
        kind: 'Secret',
        data: { any: Buffer.from('Copper-lantern').toString('base64') },
        metadata: { name: 'keep' },
      }).value,
    );
    assert.ok(!secret.includes(Buffer.from('Copper-lantern').toString('base64')) && secret.includes('keep'));
  });

  it("follows a project's own patterns and allow-list", () => {
    const own = new Redactor(key, {
      patterns: [{ kind: 'badge', pattern: /BADGE-\d{6}/, needle: 'badge-' }],
      allow: [/demo-[a-z]+/],
    });
    assert.match(own.text('seen BADGE-123456 today').value, /^seen \[cut badge [0-9a-f]{12}\] today$/);
    assert.equal(own.text('password=demo-only').value, 'password=demo-only');
    assert.match(own.text('password=demo-only9').value, /\[cut/);
  });

  it('gives the same text again when it is redacted again', () => {
    for (const { text, name } of secrets) {
      const once = redactor().text(text).value;
      assert.equal(redactor().text(once).value, once, name);
    }
  });

  it('stays quick and small on a line without end', () => {
    const stream = redactor().stream();
    let given = 0;
    for (let piece = 0; piece < 200; piece += 1)
      given += stream.write(Buffer.alloc(64 * 1024, 'a b{"x":1},')).length;
    assert.ok(given > 190 * 64 * 1024, 'the decided part of an endless line is given out');
    const secret = redactor().stream();
    let out = secret.write(Buffer.from('password=')).toString();
    for (let piece = 0; piece < 50; piece += 1) out += secret.write(Buffer.alloc(8192, 'q9')).toString();
    out += secret.end().toString();
    assert.match(out, /^password=\[cut [a-z-]+ [0-9a-f]{12}\]$/);
  });

  describe('on disk', () => {
    let at: Place;
    before(() => {
      at = place();
    });
    after(() => at.remove());

    it('has no secret anywhere: source, argument, object, output, artifact, file name', async function () {
      this.timeout(60_000);
      const writer = await openIncident(at.root, { id: 'a', title: 'planted' }, at.options);
      const usable = (one: Planted): string => one.secrets[0]!.replace(/[/\s\0"]/g, '_');
      for (const [index, one] of secrets.entries()) {
        const run = `r${index}`;
        await writer.append({
          type: 'cell.intent',
          run,
          cell: { index, headings: [one.text] },
          source: one.text,
          risk: 'read',
        });
        await writer.append({
          type: 'gate.call',
          call: run,
          argv: ['echo', one.text],
          risk: 'read',
          decision: 'run',
        });
        await writer.append({
          type: 'object.after',
          object: { kind: 'ConfigMap', name: 'x' },
          blob: (await writer.putJson({ kind: 'ConfigMap', note: one.text })).blob,
        });
        for (const stream of ['stdout', 'stderr'] as const) {
          const output = writer.output(run, stream);
          const bytes = Buffer.from(`${one.text}\n`);
          const middle = bytes.length >> 1;
          output.write(bytes.subarray(0, middle), 1);
          output.write(bytes.subarray(middle), 2);
          await output.end();
        }
        const file = path.join(at.base, `file-${index}.txt`);
        writeFileSync(file, `${one.text}\n`);
        await recordArtifact(writer, {
          run,
          path: file,
          shownAs: `out/token=${usable(one)}/${one.text.includes('\n') ? 'x' : one.text}`,
        });
        await writer.append({ type: 'note', text: one.text });
      }
      await writer.closeIncident(secrets.map(({ text }) => text).join('\n'));
      const pack = await makePack(at.root, 'a', path.join(at.base, 'a.zip'), at.options);
      for (const [name, bytes] of Object.entries(unzipSync(readFileSync(pack.file)))) {
        mkdirSync(path.dirname(path.join(at.base, 'pack', name)), { recursive: true });
        writeFileSync(path.join(at.base, 'pack', name), bytes);
      }
      const files = readdirSync(at.base, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(at.base, name))
        .filter((name) => statSync(name).isFile() && !path.basename(name).startsWith('file-'));
      assert.ok(files.length > 10);
      const all = files.map((name) => `${name}\n${readFileSync(name, 'latin1')}`).join('\n');
      for (const { name, secrets: own } of secrets) {
        for (const secret of own)
          for (const spelling of spellings(secret))
            assert.ok(
              !all.includes(spelling),
              `${name}: ${spelling} at ${all.slice(all.indexOf(spelling) - 200, all.indexOf(spelling) + 60)}`,
            );
      }
    });
  });
});
