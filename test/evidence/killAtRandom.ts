// Runs a program that records cells, kills it, and holds what is on disk against what it was told is recorded.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident } from '../../src/evidence/write/openIncident.ts';
import type { Place } from './support.ts';

const program = path.resolve(import.meta.dirname, '../fixtures/evidence/recorder.ts');

/** `afterMs` counts from the first acknowledged event. */
export async function killAtRandom(at: Place, id: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, at.root, id, at.options.stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  // The last line may be torn itself; only whole ones were acknowledged.
  const acknowledged = said
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { seq?: number; run?: string; shown?: string });
  assert.ok(acknowledged.length > 0, 'the recorder recorded nothing');

  const { writer, recovered } = await joinIncident(at.root, id, at.options);
  await writer.close();
  const dir = path.join(at.root, id);
  const { ok, problems } = await verifyEvidence(dir);
  assert.ok(ok, `${id} after ${afterMs} ms: ${JSON.stringify(problems)}`);
  assert.equal(recovered.length, 1, 'the next one to open says what was interrupted');
  const { events, unread } = await readIncident(dir);
  assert.deepEqual(unread, []);
  const dead = recovered[0]!.event.writer;
  const seqs = new Set(events.filter((one) => one.writer === dead).map(({ event }) => event.seq));
  for (const { seq } of acknowledged)
    if (seq !== undefined) assert.ok(seqs.has(seq), `event ${seq} was acknowledged and is gone`);
  const { openFolder } = await import('../../src/evidence/read/source.ts');
  const { blobReader } = await import('../../src/evidence/pack/blobReader.ts');
  const read = blobReader(await openFolder(dir));
  const kept = new Map<string, string>();
  for (const { event } of events) {
    const blobs =
      event.type === 'output.blob' ? [event] : event.type === 'writer.recovered' ? event.output : [];
    for (const { run, blob } of blobs)
      kept.set(run, (kept.get(run) ?? '') + ((await read(blob.sha256, 1 << 24)) ?? ''));
  }
  for (const { run, shown } of acknowledged)
    if (run && shown) assert.ok(kept.get(run)?.includes(shown), `output of ${run} was shown and is gone`);
}
