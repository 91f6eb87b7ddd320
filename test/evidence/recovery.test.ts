// Making a dead writer whole, when that is itself cut short, or done by several at once.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { Redactor } from '../../src/evidence/redact/redactor.ts';
import { MachineKeys } from '../../src/evidence/write/machineKeys.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { recoverWriters } from '../../src/evidence/write/recoverWriters.ts';
import { type Place, place, runCell } from './support.ts';

/** Above every process number that Linux gives. */
const nobody = 2 ** 22 + 12345;

describe('the recovery of a writer that died', () => {
  let at: Place;
  let dir: string;
  let own: string;
  beforeEach(async () => {
    at = place();
    dir = path.join(at.root, 'a');
    const writer = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
    own = path.join(dir, 'writers', writer.writer);
    await runCell(writer, 'r1');
    await writer.append({ type: 'cell.intent', run: 'r2', cell: { index: 1 }, source: 'x', risk: 'read' });
    writer.output('r2', 'stdout').write(Buffer.from('half of it\n'), 1);
    appendFileSync(path.join(own, 'log.jsonl'), '{"half":');
    die(path.join(own, 'lock'));
  });
  afterEach(() => at.remove());

  /** As if the process that the lock names had been killed. */
  function die(lock: string): void {
    const told = JSON.parse(readFileSync(lock, 'utf8')) as object;
    writeFileSync(lock, JSON.stringify({ ...told, pid: nobody }));
  }

  const options = () => {
    const keys = new MachineKeys(at.options.stateDir);
    return { ...at.options, keys, redactor: undefined as never };
  };

  it('is done by one of several that come at once', async () => {
    const joined = await Promise.all(Array.from({ length: 4 }, () => joinIncident(at.root, 'a', at.options)));
    assert.deepEqual(joined.map(({ recovered }) => recovered.length).sort(), [0, 0, 0, 1]);
    for (const { writer } of joined) await writer.close();
    const { ok, problems } = await verifyEvidence(dir);
    assert.ok(ok, JSON.stringify(problems));
  });

  it('is done again where it was killed before it was recorded, and finds the same', async () => {
    const [cutShort] = await recoverWriters(dir, options());
    assert.deepEqual(await recoverWriters(dir, options()), [], 'another one is at it');
    die(path.join(own, 'open', 'claim-1'));
    const { writer, recovered } = await joinIncident(at.root, 'a', at.options);
    assert.deepEqual(recovered[0]!.event, cutShort!.event);
    assert.equal(recovered[0]!.event.torn?.bytes, 8);
    assert.equal(recovered[0]!.event.sealed, true);
    await writer.close();
    const { events } = await readIncident(dir);
    const told = events.filter(({ event }) => event.type === 'writer.recovered');
    assert.equal(told.length, 1);
    const { ok, problems } = await verifyEvidence(dir);
    assert.ok(ok, JSON.stringify(problems));
    assert.deepEqual(readdirSync(own).sort(), ['checkpoint', 'log.jsonl']);
  });

  it('is told once where it was killed after it was recorded', async () => {
    const lock = readFileSync(path.join(own, 'lock'));
    const first = await joinIncident(at.root, 'a', at.options);
    await first.writer.close();
    writeFileSync(path.join(own, 'lock'), lock);
    const second = await joinIncident(at.root, 'a', at.options);
    assert.deepEqual(second.recovered, []);
    await second.writer.close();
    assert.ok(!existsSync(path.join(own, 'lock')));
    assert.ok((await verifyEvidence(dir)).ok);
  });

  it('throws the key away of a log that was closed and whose process was killed right then', async () => {
    const keys = new MachineKeys(at.options.stateDir);
    const { writer } = await joinIncident(at.root, 'a', at.options);
    const name = writer.writer;
    const seed = (await keys.writerKey(name))!;
    await writer.close();
    assert.equal(await keys.writerKey(name), undefined);
    writeFileSync(
      path.join(at.options.stateDir, 'keys', `writer-${name}.key`),
      `${Buffer.from(seed.seed).toString('hex')}\n`,
    );
    await (await joinIncident(at.root, 'a', at.options)).writer.close();
    assert.equal(await keys.writerKey(name), undefined);
  });

  it('refuses an incident that was killed before its first event', async () => {
    const stillborn = path.join(at.root, 'b', 'writers', 'w');
    mkdirSync(stillborn, { recursive: true });
    writeFileSync(path.join(stillborn, 'log.jsonl'), '');
    writeFileSync(path.join(stillborn, 'lock'), readFileSync(path.join(own, 'lock')));
    await assert.rejects(joinIncident(at.root, 'b', at.options), {
      code: 'incident-unknown',
      message: /holds nothing: its process was killed while it opened it/,
    });
  });

  it('leaves no writer open where it can not be recorded, and is done by the next one', async () => {
    const redactor = new Redactor(Buffer.alloc(32, 1));
    const json = redactor.json.bind(redactor);
    redactor.json = (value) => {
      if (typeof value === 'object' && value !== null && 'interrupted' in value)
        throw new Error('no space left');
      return json(value);
    };
    await assert.rejects(joinIncident(at.root, 'a', { ...at.options, redactor }), {
      code: 'evidence-unwritable',
    });
    const [newcomer] = readdirSync(path.join(dir, 'writers')).filter((name) => name !== path.basename(own));
    assert.deepEqual(readdirSync(path.join(dir, 'writers', newcomer!)).sort(), ['checkpoint', 'log.jsonl']);
    const fds = process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
    const held = fds.flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    assert.deepEqual(
      held.filter((file) => file.includes(newcomer!)),
      [],
    );
    const { writer, recovered } = await joinIncident(at.root, 'a', at.options);
    assert.equal(recovered.length, 1);
    await writer.close();
    assert.deepEqual((await verifyEvidence(dir)).problems, []);
  });
});
