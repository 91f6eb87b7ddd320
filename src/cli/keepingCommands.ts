// `runbook incident list | archive | hold | release | prune | erase | addendum | checkpoint`: keeping evidence and
// letting it go. Nothing goes without a reason, an event and a word.

import path from 'node:path';
import type { Command } from 'commander';
import { RunbookError } from '../base/runbookError.ts';
import { addAddendum } from '../evidence/keep/addAddendum.ts';
import { lacksText, type Outdated } from '../evidence/keep/archiveAge.ts';
import { archiveIncident } from '../evidence/keep/archiveIncident.ts';
import {
  eraseBlob,
  holdIncident,
  prunable,
  prunedIncidents,
  pruneIncident,
} from '../evidence/keep/keeping.ts';
import { bytesOnDisk } from '../evidence/read/incidentFolders.ts';
import type { EvidenceOptions } from '../evidence/write/openIncident.ts';
import { commitCheckpoint } from '../incident/commitCheckpoint.ts';
import { evidenceOptions, evidenceRoot, Incident, type Place } from '../incident/incident.ts';
import { listIncidents } from '../incident/incidentStatus.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError, printJson } from './print.ts';
import { version } from './version.ts';

interface Common {
  readonly evidence?: string;
  readonly json?: boolean;
}
interface Because extends Common {
  readonly reason: string;
}

const placeOf = ({ evidence }: Common): Place => ({
  flag: evidence,
  env: process.env,
  tool: { name: 'runbook', version },
});

async function at(options: Common): Promise<{ root: string; evidence: EvidenceOptions }> {
  const place = placeOf(options);
  return { root: evidenceRoot(place), evidence: await evidenceOptions(place, process.cwd()) };
}

/** Adds the subcommands to `runbook incident`; `finish` takes their exit status. */
export function addKeepingCommands(
  incident: Command,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  const add = (name: string, description: string): Command =>
    incident
      .command(name)
      .description(description)
      .option('--evidence <dir>', 'folder that evidence is in')
      .option('--json', 'as JSON');
  const because = (command: Command): Command =>
    command.requiredOption('--reason <text>', 'why (must be given); it is written into the log');
  add('list', 'list the incidents, their size, who holds them, and those that were pruned').action(
    (options) => finish(list(options)),
  );
  add('archive', 'pack an incident into a folder and record where it went')
    .argument('<id>')
    .requiredOption('--to <dir>', 'where the archive is kept')
    .action((id, options) => finish(archive(id, options)));
  because(add('hold', 'put an incident under legal hold: nothing of it can be pruned or erased'))
    .argument('<id>')
    .action((id, options) => finish(hold(id, true, options)));
  because(add('release', 'lift the legal hold'))
    .argument('<id>')
    .action((id, options) => finish(hold(id, false, options)));
  because(add('prune', 'remove closed incidents that nobody holds; tells which, and removes only with --yes'))
    .requiredOption('--older-than <days>', 'days since anything was recorded')
    .option('--yes', 'do it')
    .option('--outdated-archives', 'also those whose archive lacks what was recorded since')
    .action((options) => finish(prune(options)));
  because(add('erase', 'erase one blob for cause; the log says so and still verifies'))
    .argument('<id>')
    .argument('<sha256>', 'the name of the blob')
    .action((id, sha256, options) => finish(erase(id, sha256, options)));
  add('addendum', 'add what was written after the close: the RCA, a correction')
    .argument('<id>')
    .argument('[file...]', 'text files')
    .option('--title <text>', "what it is; the first file's name otherwise, or how the text begins")
    .option('--text <text>', 'the text itself, where it is short')
    .action((id, files, options) => finish(addendum(id, files, options)));
  add('checkpoint', 'seal the log as it stands and print the checkpoint, for chat or git')
    .argument('<id>')
    .option('--commit [repository]', 'commit the checkpoint, and nothing else, to this git repository')
    .action((id, options) => finish(checkpoint(id, options)));
}

async function list(options: Common): Promise<number> {
  const root = evidenceRoot(placeOf(options));
  const all = await listIncidents(root);
  const pruned = await prunedIncidents(root);
  const sized = await Promise.all(all.map(async (one) => ({ ...one, bytes: await bytesOnDisk(one.folder) })));
  if (options.json) {
    await printJson({ incidents: sized, pruned });
    return exitStatus.done;
  }
  for (const { id, title, closedAt, held, archived, bytes } of sized) {
    const state = [
      closedAt ? 'closed' : 'open',
      held ? 'held' : '',
      archived ? `archived to ${archived}` : '',
    ];
    await print(`${id}  ${state.filter(Boolean).join(', ')}  ${megabytes(bytes)}  ${title}\n`);
  }
  for (const { pruned: id, time, reason } of pruned) await print(`${id}  pruned ${time}: ${reason}\n`);
  if (sized.length + pruned.length === 0) await print(`No incidents in ${root}\n`);
  return exitStatus.done;
}

async function archive(id: string, options: Common & { to: string }): Promise<number> {
  const { root, evidence } = await at(options);
  const pack = await archiveIncident(root, id, path.resolve(options.to), evidence);
  if (options.json) await printJson(pack);
  else await print(`${id} is archived as ${pack.file}; the incident stays here until it is pruned.\n`);
  return exitStatus.done;
}

async function hold(id: string, on: boolean, options: Because): Promise<number> {
  const { root, evidence } = await at(options);
  await holdIncident(root, id, on, options.reason, evidence);
  if (options.json) await printJson({ id, held: on });
  else await print(`${id} is ${on ? 'under legal hold' : 'under no hold any more'}.\n`);
  return exitStatus.done;
}

async function prune(
  options: Because & { olderThan: string; yes?: boolean; outdatedArchives?: boolean },
): Promise<number> {
  const days = Number(options.olderThan);
  if (options.olderThan.trim() === '' || !Number.isFinite(days) || days < 0) {
    throw new RunbookError({
      code: 'days-unusable',
      message: `${JSON.stringify(options.olderThan)} is no number of days.`,
      mend: 'Use --older-than 90, for example.',
    });
  }
  const { root, evidence } = await at(options);
  const old = await prunable(root, days);
  const withOutdatedArchive = options.outdatedArchives === true;
  const due = old.filter(({ outdated }) => !outdated || withOutdatedArchive);
  const kept = old.filter((one) => !due.includes(one));
  const gone: string[] = [];
  for (const { id } of options.yes ? due : []) {
    await pruneIncident(root, id, options.reason, { ...evidence, withOutdatedArchive });
    gone.push(id);
  }
  if (options.json) {
    const outdated = old.flatMap((one) => (one.outdated ? [outdatedJson(one.id, one.outdated)] : []));
    await printJson({ due: due.map(({ id }) => id), pruned: gone, outdated });
  } else {
    for (const { id, title, closed, outdated } of due) {
      const lost = outdated ? `  LOST: ${lacksText(outdated)} that its archive lacks` : '';
      await print(`${options.yes ? 'pruned' : 'would prune'}  ${id}  closed ${closed}  ${title}${lost}\n`);
    }
    for (const { id, outdated } of kept)
      await printError(
        `runbook: kept ${id}: its archive ${outdated!.archive} lacks ${lacksText(outdated!)} recorded since. Archive it again, or add --outdated-archives.\n`,
      );
    if (old.length === 0) await print(`Nothing closed is older than ${days} days and free of holds.\n`);
    else if (!options.yes) await printError('Nothing was removed. Add --yes to do it.\n');
  }
  return options.yes && kept.length > 0 ? exitStatus.failed : exitStatus.done;
}

const outdatedJson = (id: string, { archive, lacks }: Outdated) => ({
  id,
  archive,
  lacks: lacks.map(({ writer, event: { seq, type, time } }) => ({ event: `${writer}#${seq}`, type, time })),
});

async function erase(id: string, sha256: string, options: Because): Promise<number> {
  const { root, evidence } = await at(options);
  await eraseBlob(root, id, sha256, options.reason, evidence);
  if (options.json) await printJson({ id, erased: sha256 });
  else await print(`The blob ${sha256} of ${id} is erased. The log says so, and still verifies.\n`);
  return exitStatus.done;
}

async function addendum(
  id: string,
  files: string[],
  options: Common & { title?: string; text?: string },
): Promise<number> {
  if (files.length === 0 && !options.text) {
    throw new RunbookError({
      code: 'addendum-empty',
      message: 'An addendum needs a file or --text.',
      mend: 'Give the finished rca.md, for example.',
    });
  }
  const { root, evidence } = await at(options);
  const title = options.title ?? (files[0] ? path.basename(files[0]) : options.text!.slice(0, 60));
  const sealed = await addAddendum(root, id, { title, text: options.text, files }, evidence);
  if (options.json) await printJson({ id, checkpoint: sealed.note });
  else await print(`“${title}” is added to ${id} and sealed (key ${sealed.fingerprint}).\n`);
  return exitStatus.done;
}

async function checkpoint(id: string, options: Common & { commit?: string | boolean }): Promise<number> {
  const incident = await Incident.join(placeOf(options), id, process.cwd());
  const sealed = await incident.leave();
  const repository = options.commit === true ? process.cwd() : options.commit || undefined;
  const commit =
    repository === undefined
      ? undefined
      : await commitCheckpoint(path.resolve(repository), {
          incident: id,
          writer: incident.writer.writer,
          note: sealed.note,
        });
  if (options.json)
    await printJson({ id, checkpoint: sealed.note, fingerprint: sealed.fingerprint, ...commit });
  else {
    await print(sealed.note);
    await printError(
      `Key ${sealed.fingerprint}${commit ? `; committed as ${commit.commit} (${commit.file})` : ''}\n`,
    );
  }
  return exitStatus.done;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
