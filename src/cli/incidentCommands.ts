// `runbook incident …`: open, join, note, status, handover and close, without an editor.

import path from 'node:path';
import type { Command } from 'commander';
import { formatDuration } from '../base/duration.ts';
import { RunbookError } from '../base/runbookError.ts';
import { declareIncident, handOver } from '../incident/declareIncident.ts';
import { evidenceRoot, Incident, type Place } from '../incident/incident.ts';
import { type IncidentStatus, incidentStatus, listIncidents } from '../incident/incidentStatus.ts';
import { exitStatus } from './exitStatus.ts';
import { addKeepingCommands } from './keepingCommands.ts';
import { print, printError, printJson } from './print.ts';
import { version } from './version.ts';

interface Common {
  readonly evidence?: string;
  readonly json?: boolean;
}

const placeOf = ({ evidence }: Common): Place => ({
  flag: evidence,
  env: process.env,
  tool: { name: 'runbook', version },
});

/** Adds the subcommands; `finish` takes their exit status. */
export function addIncidentCommands(
  program: Command,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  const incident = program
    .command('incident')
    .description('open, join, note, hand over and close incidents; keep their evidence');
  const common = (command: Command): Command =>
    command.option('--evidence <dir>', 'folder that evidence is written to').option('--json', 'as JSON');
  common(incident.command('open').description('open an incident and print its id'))
    .requiredOption('--title <text>', 'what is wrong, in a few words')
    .option('--id <id>', 'its id; made from date and title otherwise')
    .option('--severity <word>', 'on the scale of the runbook')
    .option('--alert <name>', 'the alert that it answers to')
    .option('--commander <name>', 'who leads it')
    .action((options) => finish(open(options)));
  common(
    incident.command('join').description('join an incident and tell where it stands').argument('<id>'),
  ).action((id, options) => finish(join(id, options)));
  common(
    incident.command('note').description('write a note into the log').argument('<id>').argument('<text...>'),
  ).action((id, text, options) => finish(note(id, text.join(' '), options)));
  common(
    incident
      .command('status')
      .description('tell where an incident stands; all of them without an id')
      .argument('[id]'),
  ).action((id, options) => finish(status(id, options)));
  common(
    incident.command('handover').description('hand the incident over').argument('<id>').argument('<text...>'),
  )
    .requiredOption('--to <name>', 'who takes over')
    .action((id, text, options) => finish(handover(id, text.join(' '), options)));
  common(incident.command('close').description('close the incident and seal its log').argument('<id>'))
    .option('--summary <text>', 'how it was resolved')
    .action((id, options) => finish(close(id, options)));
  addKeepingCommands(incident, finish);
}

async function open(
  options: Common & { title: string; id?: string; severity?: string; alert?: string; commander?: string },
): Promise<number> {
  const { title, id, severity, alert, commander } = options;
  const incident = await Incident.open(placeOf(options), {
    title,
    id,
    severity,
    alert,
    folder: process.cwd(),
  });
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  if (commander) await declareIncident(incident, { commander });
  const sealed = await incident.leave();
  if (options.json) await printJson({ id: incident.id, folder: incident.folder, checkpoint: sealed.note });
  else await print(`${incident.id}\n`);
  return exitStatus.done;
}

async function joined<T>(id: string, options: Common, use: (incident: Incident) => Promise<T>): Promise<T> {
  const incident = await Incident.join(placeOf(options), id, process.cwd());
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  try {
    return await use(incident);
  } finally {
    await incident.leave();
  }
}

async function join(id: string, options: Common): Promise<number> {
  await joined(id, options, async () => {});
  return status(id, options);
}

async function note(id: string, text: string, options: Common): Promise<number> {
  const { seq, writer } = await joined(id, options, (incident) =>
    incident.writer.append({ type: 'note', text }),
  );
  if (options.json) await printJson({ incident: id, writer, seq });
  return exitStatus.done;
}

async function handover(id: string, text: string, options: Common & { to: string }): Promise<number> {
  await joined(id, options, async (incident) => {
    const { people, commander } = await incidentStatus(incident.folder);
    const from = commander ?? people.at(-1) ?? 'unknown';
    await handOver(incident, from, options.to, text);
  });
  return status(id, options);
}

async function close(id: string, options: Common & { summary?: string }): Promise<number> {
  const before = await incidentStatus(path.join(evidenceRoot(placeOf(options)), id));
  if (before.closedAt) {
    throw new RunbookError({
      code: 'incident-closed',
      message: `${id} is closed already, since ${new Date(before.closedAt).toISOString()}.`,
      mend: 'What comes later is an addendum.',
    });
  }
  const incident = await Incident.join(placeOf(options), id, process.cwd());
  const sealed = await incident.close(options.summary);
  if (options.json) await printJson({ id, folder: incident.folder, checkpoint: sealed.note });
  else await print(`${id} is closed and sealed. Its checkpoint, for chat or git:\n\n${sealed.note}`);
  return exitStatus.done;
}

async function status(id: string | undefined, options: Common): Promise<number> {
  const root = evidenceRoot(placeOf(options));
  if (id === undefined) {
    const all = await listIncidents(root);
    if (options.json) await printJson(all);
    else if (all.length === 0) await print(`No incidents in ${root}\n`);
    else for (const one of all) await print(`${lineOf(one)}\n`);
    return exitStatus.done;
  }
  const one = await incidentStatus(path.join(root, id));
  if (options.json) {
    await printJson(one);
    return exitStatus.done;
  }
  const { done, failed, open: running } = one.runs;
  const facts = [
    lineOf(one),
    one.alert ? `alert     ${one.alert}` : '',
    one.commander ? `commander ${one.commander}` : '',
    `people    ${one.people.join(', ')}`,
    `cells     ${done} done, ${failed} failed, ${running} without a result`,
    one.summary ? `summary   ${one.summary}` : '',
    ...one.notes.map(({ at, by, text }) => `${new Date(at).toISOString().slice(11, 19)}  ${by}: ${text}`),
    ...one.unread,
    `evidence  ${one.folder}`,
  ];
  await print(`${facts.filter(Boolean).join('\n')}\n`);
  return exitStatus.done;
}

function lineOf(one: IncidentStatus): string {
  const until = one.closedAt ?? Date.now();
  const state = one.closedAt ? 'closed after' : 'open for';
  const took = formatDuration(until - (one.openedAt ?? until));
  return `${one.id}  ${one.severity ?? 'no severity'}  ${state} ${took}  ${one.title}${one.adHoc ? ' (ad hoc)' : ''}`;
}
