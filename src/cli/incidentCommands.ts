// `runbook incident …`: open, join, note, status, handover and close, without an editor.

import path from 'node:path';
import type { Command } from 'commander';
import { formatDuration } from '../base/duration.ts';
import { isUnseen } from '../evidence/read/brokenGlass.ts';
import { glassesOf } from '../incident/countersign.ts';
import { declareIncident } from '../incident/declareIncident.ts';
import { evidenceRoot, Incident, type Place } from '../incident/incident.ts';
import {
  commanderText,
  type Declaration,
  type IncidentStatus,
  incidentStatus,
  listIncidents,
} from '../incident/incidentStatus.ts';
import { joinOpen } from '../incident/joinOpen.ts';
import { openReverts } from '../incident/reverts.ts';
import { exitStatus } from './exitStatus.ts';
import { addKeepingCommands } from './keepingCommands.ts';
import { print, printError, printJson } from './print.ts';
import { valuesOf } from './varOptions.ts';
import { version } from './version.ts';

export interface Common {
  readonly evidence?: string;
  readonly json?: boolean;
}

export const placeOf = ({ evidence }: Common): Place => ({
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
    .option('--label <name=value...>', 'a label of the alert: suggested for what runbooks leave open')
    .option('--commander <name>', 'who leads it')
    .action((options) => finish(open(options)));
  common(
    incident
      .command('join')
      .description('join an incident and tell where it stands')
      .argument('<id-or-bundle>', 'an id, a bundle of another machine, or a folder of it'),
  )
    .option('--take-over', 'sign that you take over what was handed to you')
    .option('--as <name>', 'who you are in the log; your user name otherwise')
    .action(async (id, options) => finish((await import('./incidentHandover.ts')).join(id, options)));
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
    .option('--out <file>', 'write a bundle for a machine that does not share the folder')
    .action(async (id, text, options) =>
      finish((await import('./incidentHandover.ts')).handover(id, text.join(' '), options)),
    );
  common(
    incident
      .command('checklist')
      .description('the boxes and the steps by hand of a runbook, as they stand in the incident')
      .argument('<id>')
      .argument('<file>', 'the runbook'),
  ).action(async (id, file, options) =>
    finish((await import('./incidentChecks.ts')).checklist(id, file, options)),
  );
  common(
    incident
      .command('tick')
      .description('tick one of them; the file stays as it is')
      .argument('<id>')
      .argument('<file>', 'the runbook')
      .argument('<number>', 'as `checklist` counts them'),
  )
    .option('--note <text>', 'how it was done')
    .option('--undo', 'take the tick back')
    .action(async (id, file, number, options) =>
      finish((await import('./incidentChecks.ts')).tickItem(id, file, number, options)),
    );
  common(
    incident
      .command('severity')
      .description('change the severity')
      .argument('<id>')
      .argument('<word>', 'on the scale of the runbook'),
  ).action((id, severity, options) => finish(declare(id, { severity }, options)));
  common(incident.command('close').description('close the incident and seal its log').argument('<id>'))
    .option('--summary <text>', 'how it was resolved')
    .option('--runbook <file>', 'tell which of its checks are not met, and keep them as follow-ups')
    .option('--pack <file>', 'and pack it')
    .action(async (id, options) => finish((await import('./incidentChecks.ts')).close(id, options)));
  common(
    incident
      .command('countersign')
      .description(
        'what went ahead with a broken glass; with an answer, record that a second person has seen it',
      )
      .argument('<id>')
      .argument('[answer]', 'what `runbook approve --countersign` printed, or its file'),
  )
    .option('--policy <file>', 'your own policy: it names who may sign')
    .action(async (id, answer, options) =>
      finish((await import('./incidentCountersign.ts')).incidentCountersign(id, answer, options)),
    );
  addKeepingCommands(incident, finish);
}

async function open(
  options: Common & {
    title: string;
    id?: string;
    severity?: string;
    alert?: string;
    label?: readonly string[];
    commander?: string;
  },
): Promise<number> {
  const { title, id, severity, alert, commander } = options;
  const labels = Object.fromEntries(valuesOf(options.label ?? []));
  const incident = await Incident.open(placeOf(options), {
    title,
    id,
    severity,
    alert,
    folder: process.cwd(),
  });
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  const sealed = await ended(incident, async () => {
    if (commander || options.label)
      await declareIncident(incident, {
        ...(commander ? { commander } : {}),
        ...(options.label ? { labels } : {}),
      });
    return incident.leave();
  });
  if (options.json) await printJson({ id: incident.id, folder: incident.folder, checkpoint: sealed.note });
  else await print(`${incident.id}\n`);
  return exitStatus.done;
}

/** Whatever fails on the way, the log is sealed. */
export async function ended<T>(incident: Incident, end: () => Promise<T>): Promise<T> {
  try {
    return await end();
  } catch (error) {
    await incident.leave().catch(() => {});
    throw error;
  }
}

export async function joined<T>(
  id: string,
  options: Common,
  use: (incident: Incident) => Promise<T>,
): Promise<T> {
  const incident = await joinOpen(placeOf(options), id, process.cwd());
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  try {
    return await use(incident);
  } finally {
    await incident.leave();
  }
}

async function declare(id: string, declaration: Declaration, options: Common): Promise<number> {
  await joined(id, options, (incident) => declareIncident(incident, declaration));
  return status(id, options);
}

async function note(id: string, text: string, options: Common): Promise<number> {
  const { seq, writer } = await joined(id, options, (incident) =>
    incident.writer.append({ type: 'note', text }),
  );
  if (options.json) await printJson({ incident: id, writer, seq });
  return exitStatus.done;
}

export async function status(id: string | undefined, options: Common): Promise<number> {
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
  const reverts = (await openReverts(one.folder)).map(({ title, dueMs, steps }) => {
    const when = dueMs > Date.now() ? `within ${formatDuration(dueMs - Date.now())}` : 'OVERDUE';
    return `take back ${when}: ${title}${steps.map(({ command }) => `\n          ${command}`).join('')}`;
  });
  const glasses = (await glassesOf(one.folder)).filter(isUnseen);
  const facts = [
    lineOf(one),
    ...glasses.map(({ reason, by }) => `the glass was broken by ${by}, NOT COUNTERSIGNED: ${reason}`),
    ...reverts,
    one.alert ? `alert     ${one.alert}` : '',
    one.commander ? `commander ${commanderText(one)}` : '',
    one.handedTo ? `handed    over to ${one.handedTo}, who has not taken over yet` : '',
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
