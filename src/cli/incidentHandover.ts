// `runbook incident handover` and `join`: from one person to the next, on one machine or between two.

import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { isId } from '../evidence/format/layout.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { isAnother } from '../evidence/read/takeOvers.ts';
import { bundleOf, handOver, takeOver } from '../incident/handover.ts';
import { handoverState, handoverText } from '../incident/handoverState.ts';
import { evidenceRoot } from '../incident/incident.ts';
import { incidentStatus } from '../incident/incidentStatus.ts';
import { pendingHandover } from '../incident/pendingHandover.ts';
import { receiveBundle } from '../incident/receiveBundle.ts';
import { exitStatus } from './exitStatus.ts';
import { type Common, joined, placeOf, status } from './incidentCommands.ts';
import { print, printError, printJson } from './print.ts';

export async function handover(
  id: string,
  text: string,
  options: Common & { readonly to: string; readonly out?: string },
): Promise<number> {
  const state = await joined(id, options, async (incident) => {
    const { people, commander } = await incidentStatus(incident.folder);
    return handOver(incident, { from: commander ?? people.at(-1) ?? 'unknown', to: options.to, text });
  });
  const bundle =
    options.out === undefined
      ? undefined
      : await bundleOf(placeOf(options), id, path.resolve(options.out), process.cwd());
  if (options.json) {
    await printJson({ incident: id, to: options.to, ...state, bundle: bundle ?? null });
    return exitStatus.done;
  }
  await print(`${handoverText(state)}\n`);
  if (bundle) {
    await print(`${bundle.file}\n`);
    await printError(
      `${options.to} runs: runbook incident join ${path.basename(bundle.file)} --take-over\nHand this checkpoint out by another way than the bundle (key ${bundle.fingerprint}):\n\n${bundle.note}`,
    );
  }
  return exitStatus.done;
}

export async function join(
  idOrBundle: string,
  options: Common & { readonly takeOver?: boolean; readonly as?: string },
): Promise<number> {
  const id = await idOf(idOrBundle, options);
  const who = options.as?.trim() || os.userInfo().username;
  const signed = await joined(id, options, async (incident) => {
    const before = await readIncident(incident.folder);
    const pending = pendingHandover(before);
    if (!options.takeOver) return { pending, state: handoverState(before), sealed: undefined };
    if (!pending) {
      throw new RunbookError({
        code: 'nothing-handed-over',
        message: `Nobody has handed ${id} over, or somebody took over already.`,
        mend: 'Leave --take-over out to join only.',
      });
    }
    const sealed = await takeOver(incident, pending, who);
    return { pending, state: handoverState(before), sealed };
  });
  if (options.json) {
    const { pending, state, sealed } = signed;
    await printJson({
      ...(await incidentStatus(path.join(evidenceRoot(placeOf(options)), id))),
      handover: pending ?? null,
      state,
      checkpoint: sealed?.note ?? null,
    });
    return exitStatus.done;
  }
  await status(id, options);
  const { pending, state, sealed } = signed;
  if (pending) await print(`\nhanded over by ${pending.from} to ${pending.to}: ${pending.text}\n`);
  await print(`${handoverText(state)}\n`);
  if (pending && sealed) {
    const place = isAnother({ to: pending.to, by: who })
      ? ` as ${who}, in the place of ${pending.to}: the log says so`
      : '';
    await printError(`You took over${place}. Your checkpoint, for chat or git:\n\n${sealed.note}`);
  }
  return exitStatus.done;
}

/** What is no id of an incident here is a file or a folder from elsewhere. */
async function idOf(idOrBundle: string, options: Common): Promise<string> {
  const root = evidenceRoot(placeOf(options));
  if (isId(idOrBundle) && existsSync(path.join(root, idOrBundle, 'writers'))) return idOrBundle;
  if (!existsSync(idOrBundle)) return idOrBundle;
  const { id, writers, blobs } = await receiveBundle(path.resolve(idOrBundle), root);
  await printError(`runbook: took over ${writers} log(s) and ${blobs} blob(s) of ${id}\n`);
  return id;
}
