// What the tests of evidence share: folders of their own, and an incident that is quickly made.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EvidenceWriter } from '../../src/evidence/write/evidenceWriter.ts';
import { type EvidenceOptions, openIncident } from '../../src/evidence/write/openIncident.ts';

export interface Place {
  readonly root: string;
  readonly options: EvidenceOptions;
  readonly base: string;
  remove(): void;
}

export function place(): Place {
  const base = mkdtempSync(path.join(os.tmpdir(), 'evidence-'));
  return {
    base,
    root: path.join(base, 'root'),
    options: {
      actor: { user: 'ada', host: 'laptop' },
      tool: { name: 'runbook', version: '0.1.0' },
      stateDir: path.join(base, 'state'),
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** One cell that ran, with output on both streams. */
export async function runCell(writer: EvidenceWriter, run: string, out = 'hello\n', err = ''): Promise<void> {
  await writer.append({ type: 'cell.intent', run, cell: { index: 0 }, source: 'echo hello', risk: 'read' });
  const stdout = writer.output(run, 'stdout');
  stdout.write(Buffer.from(out), 3);
  const stderr = writer.output(run, 'stderr');
  if (err) stderr.write(Buffer.from(err), 5);
  await stdout.end();
  await stderr.end();
  await writer.append({ type: 'cell.result', run, ok: true, exitCode: 0, durationMs: 7.25 });
}

export async function smallIncident(
  at: Place,
): Promise<{ readonly dir: string; readonly note: string; readonly key: string }> {
  const writer = await openIncident(
    at.root,
    { id: 'inc-1', title: 'Frontend down', severity: 'P1' },
    at.options,
  );
  await runCell(writer, 'run-1', 'one\ntwo\n', 'oops\n');
  await writer.append({
    type: 'approval',
    request: 'r1',
    decision: 'approved',
    by: 'grace',
    covers: ['kubectl delete pod x'],
  });
  await writer.append({ type: 'note', text: 'Restarted – “fixed” ✓', by: 'ada' });
  const key = writer.verifierKey;
  const { note } = await writer.closeIncident('It was DNS.');
  return { dir: path.join(at.root, 'inc-1'), note, key };
}
