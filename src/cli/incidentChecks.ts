// `runbook incident checklist`, `tick` and `close`: what a runbook wants done, in one incident.

import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { checklistOf, tick, ticksOf } from '../incident/checklist.ts';
import { type Closing, closingOf } from '../incident/closingChecks.ts';
import { noteFollowUps } from '../incident/declareIncident.ts';
import { bundleOf } from '../incident/handover.ts';
import { evidenceRoot, Incident } from '../incident/incident.ts';
import { refuseClosed } from '../incident/joinOpen.ts';
import { loadRunbook } from '../incident/runbook.ts';
import { SessionTarget } from '../incident/sessionTarget.ts';
import { exitStatus } from './exitStatus.ts';
import { type Common, ended, joined, placeOf } from './incidentCommands.ts';
import { print, printError, printJson } from './print.ts';
import { readInput } from './readInput.ts';

export async function checklist(id: string, file: string, options: Common): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const ticks = ticksOf(await readIncident(path.join(evidenceRoot(placeOf(options)), id)));
  const items = checklistOf(runbook).map((item, index) => {
    const told = ticks.get(item.key);
    return { number: index + 1, ...item, done: told?.done ?? item.ticked, tick: told ?? null };
  });
  if (options.json) await printJson(items);
  let section = '';
  for (const { number, headings, text, done, byHand, tick: told } of options.json ? [] : items) {
    const title = headings.at(-1) ?? '';
    if (title !== section) await print(`${title}\n`);
    section = title;
    const by = told ? `  ${told.by} ${new Date(told.at).toISOString().slice(11, 16)}` : '';
    await print(
      `${String(number).padStart(4)} [${done ? 'x' : ' '}] ${text}${byHand ? ' (by hand)' : ''}${by}${told?.note ? ` (${told.note})` : ''}\n`,
    );
  }
  return exitStatus.done;
}

export async function tickItem(
  id: string,
  file: string,
  number: string,
  options: Common & { readonly note?: string; readonly undo?: boolean },
): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const item = checklistOf(runbook)[Number(number) - 1];
  if (!item) {
    throw new RunbookError({
      code: 'checklist-item',
      message: `${runbook.name} has no item ${JSON.stringify(number)}.`,
      mend: 'See `runbook incident checklist ID FILE`.',
    });
  }
  await joined(id, options, (incident) => tick(incident, item, !options.undo, options.note));
  return checklist(id, file, options);
}

export async function close(
  id: string,
  options: Common & { readonly summary?: string; readonly runbook?: string; readonly pack?: string },
): Promise<number> {
  const place = placeOf(options);
  const folder = path.join(evidenceRoot(place), id);
  await refuseClosed(folder);
  const closing = await checksOf(folder, options.runbook);
  const incident = await Incident.join(place, id, process.cwd());
  const sealed = await ended(incident, async () => {
    await noteFollowUps(incident, closing.followUps);
    return incident.close(options.summary);
  });
  const pack = options.pack && (await bundleOf(place, id, path.resolve(options.pack), process.cwd()));
  if (options.json) {
    await printJson({ id, folder: incident.folder, checkpoint: sealed.note, ...closing, pack: pack || null });
    return exitStatus.done;
  }
  for (const { text, met, why } of closing.checks)
    await print(`${met === true ? '✔' : met === false ? '✘' : '?'} ${text}: ${why}\n`);
  for (const line of closing.followUps) await printError(`follow up: ${line}\n`);
  if (pack) await print(`${pack.file}\n`);
  await print(`${id} is closed and sealed. Its checkpoint, for chat or git:\n\n${sealed.note}`);
  return exitStatus.done;
}

async function checksOf(folder: string, file: string | undefined): Promise<Closing> {
  const runbook = file ? loadRunbook(await readInput(file), path.resolve(file)) : undefined;
  // Without a kubeconfig a rollout can't be asked for, and the check says so.
  const target = await SessionTarget.pin(process.env, runbook?.document.settings ?? {}).catch(
    () => undefined,
  );
  try {
    return await closingOf(runbook, await readIncident(folder), target);
  } finally {
    await target?.dispose();
  }
}
