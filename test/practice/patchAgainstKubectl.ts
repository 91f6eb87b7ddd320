// Holds our patches against `kubectl patch --local`, which changes a file's object without a server.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyPatch } from '../../src/practice/api/patchRequest.ts';
import { runKubectl } from './kubectl.ts';
import { patchCase } from './randomPatches.ts';

const mediaTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** Runs the cases of the seeds `from` up to, without, `to`; gives how many kubectl refused. */
export async function comparePatches(
  from: number,
  to: number,
): Promise<{ compared: number; refused: number }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-patch-'));
  let refused = 0;
  try {
    for (let seed = from; seed < to; seed += 1) {
      const { object, model, type, patch } = patchCase(seed);
      const file = path.join(directory, `${seed}.json`);
      writeFileSync(file, JSON.stringify(object));
      const args = [
        'patch',
        '--local',
        '-f',
        file,
        '--type',
        type,
        '-p',
        JSON.stringify(patch),
        '-o',
        'json',
      ];
      const theirs = await runKubectl(args, { kubeconfig: path.join(directory, 'none') });
      const told = `seed ${seed}: ${type} patch ${JSON.stringify(patch)} of ${JSON.stringify(object)}`;
      const ours = await applyPatch(object, patch, mediaTypes[type], model).catch((error: Error) => error);
      if (theirs.code !== 0) {
        refused += 1;
        assert.ok(ours instanceof Error, `${told}\nkubectl refuses, we don't: ${theirs.stderr}`);
      } else {
        assert.ok(!(ours instanceof Error), `${told}\nwe refuse, kubectl does not: ${ours}`);
        assert.deepEqual(ours, JSON.parse(theirs.stdout), told);
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { compared: to - from, refused };
}
