// What the command line takes: commands, arguments, options. Each command is a file of its own, loaded when it is called,
// so that `runbook --help` costs nothing.

import { Command } from 'commander';
import { addHelpTexts } from './helpTexts.ts';
import { addIncidentCommands } from './incidentCommands.ts';
import { version } from './version.ts';

/** Throws a CommanderError for arguments that it can't use. */
export function makeProgram(): Command {
  const program = new Command('runbook')
    .description('Run an incident from a runbook, under guard, with every output kept as evidence.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);

  program
    .command('cells')
    .description('list what the notebook would show')
    .argument('<file>', 'a runbook')
    .option('--json', 'as JSON')
    .action(async (file: string, options) => finish((await import('./cells.ts')).cells(file, options)));

  program
    .command('cat')
    .description('pass runbooks through the serializer and back; the bytes come out as they went in')
    .argument('<file...>', 'runbooks')
    .option('--out <dir>', 'write the files there, their paths kept below their common folder')
    .action(async (files: string[], options) => finish((await import('./cat.ts')).cat(files, options)));

  program
    .command('explain')
    .description('tell every command, its risk and why; - reads bash from standard input')
    .argument('[file]', 'a runbook, or - for bash text', '-')
    .option('--json', 'as JSON')
    .action(async (file: string, options) =>
      finish((await import('./explain.ts')).explainInput(file, options)),
    );

  program
    .command('lint')
    .description('tell what is wrong with runbooks before anybody runs them')
    .argument('<file...>', 'runbooks')
    .option('--json', 'as JSON')
    .option('--since <rev>', 'only what came since this git revision, and cells whose risk it raised')
    .option('--rules <path...>', 'alerting rules, for unknown alerts')
    .option('--baseline <file>', 'tell only what this file does not know')
    .option('--update-baseline', 'write the baseline instead')
    .action(async (files: string[], options) => finish((await import('./lint.ts')).lint(files, options)));

  program
    .command('links')
    .description('tell which alerting rule leads to which runbook')
    .argument('<file...>', 'runbooks, or folders of them')
    .option('--rules <path...>', 'rule files, or folders of them')
    .option('--json', 'as JSON')
    .action(async (files: string[], options) => finish((await import('./links.ts')).links(files, options)));

  program
    .command('run')
    .description('run the cells of a runbook; without --incident it opens one, seals and closes it')
    .argument('<file>', 'a runbook')
    .option('--cells <list>', 'only these, by index: 3,5-7')
    .option('--section <title>', 'only those under this heading')
    .option('--plan', 'tell what would run, with its risk; run nothing')
    .option('--policy <file>', 'your own policy')
    .option('--var <name=value...>', 'a value for a placeholder')
    .option('--approval <file...>', "a second person's signed answer, from `runbook approve`")
    .option('--copy-kib <n>', 'size up to which text files that cells write are kept; 1024 otherwise')
    .option('--prometheus <url>', 'where promql cells ask; the service of the pinned cluster otherwise')
    .option('--incident <id>', 'join this incident')
    .option('--evidence <dir>', 'folder that evidence is written to')
    .option('--json', 'a JSON line an event')
    .action(async (file: string, options) => finish((await import('./run.ts')).run(file, options)));

  program
    .command('preflight')
    .description('tell whether a runbook would work here: tools, files, values, cluster, permissions, alerts')
    .argument('<file>', 'a runbook')
    .option('--all', 'also what is well')
    .option('--var <name=value...>', 'a value for a placeholder')
    .option('--rules <path...>', 'alerting rules, for alerts that no Prometheus tells')
    .option('--prometheus <url>', "where alerts are asked; the cluster's service otherwise")
    .option('--json', 'as JSON')
    .action(async (file: string, options) =>
      finish((await import('./preflight.ts')).runPreflight(file, options)),
    );

  program
    .command('drill')
    .description(
      'practise an incident: a fault starts on the practice cluster, and the end says whether it is cured',
    )
    .argument('<file>', 'a runbook')
    .option('--fault <id>', 'which one; otherwise one that the runbook answers')
    .option('--list', 'tell the faults that there are')
    .option('--var <name=value...>', 'a value for a placeholder')
    .option('--evidence <dir>', 'folder that evidence is written to')
    .option('--json', 'the verdict as JSON')
    .action(async (file: string, options) => finish((await import('./drill.ts')).runDrill(file, options)));

  program
    .command('approve')
    .description("show what a colleague's request asks for, and sign it with your own SSH key")
    .argument('<request>', "the request's file, or its line from the chat")
    .option('--key <file>', 'your SSH key; the one that git signs with otherwise, or ~/.ssh/id_*')
    .option('--out <file>', 'write the answer there, too')
    .option('--countersign', 'it was done without a second person: sign that you have seen it')
    .action(async (given: string, options) => finish((await import('./approve.ts')).approve(given, options)));

  program
    .command('verify')
    .description("verify an incident's folder or a pack, offline")
    .argument('<dir-or-pack>')
    .option('--checkpoint <file...>', 'signed notes that were handed out earlier')
    .option('--key <file...>', 'verifier keys that are known, one a line')
    .option('--json', 'as JSON')
    .action(async (target: string, options) => finish((await import('./verify.ts')).verify(target, options)));

  program
    .command('pack')
    .description('pack an incident for somebody who was not there')
    .argument('<id>')
    .option('--out <file>', 'the zip; ID.zip otherwise')
    .option('--evidence <dir>', 'folder that evidence is in')
    .option('--force', 'pack it even where the evidence does not verify; the pack says so')
    .option('--json', 'as JSON')
    .action(async (id: string, options) => finish((await import('./pack.ts')).pack(id, options)));

  program
    .command('report')
    .description("write an incident's report")
    .argument('<dir-or-pack>')
    .option('--format <html|md>', 'html: one self-contained file; md: the timeline', 'html')
    .option('--out <file>', 'write it there')
    .action(async (target: string, options) => finish((await import('./pack.ts')).report(target, options)));

  addPracticeCommands(program);
  addIncidentCommands(program, finish);
  addHelpTexts(program);
  return program;
}

function addPracticeCommands(program: Command): void {
  const practice = program
    .command('practice')
    .description('a practice cluster on this machine, for drills and tests');
  const room = () => import('./practice.ts');
  practice
    .command('start')
    .description('start it; ends with Ctrl-C, or with `practice stop` where it is detached')
    .option('--detach', 'return when it answers and its pods are ready')
    .option('--port <n>', 'a port; a free one otherwise')
    .action(async (options) => finish((await room()).practiceStart(options)));
  practice
    .command('stop')
    .description('end it')
    .action(async () => finish((await room()).practiceStop()));
  practice
    .command('status')
    .description('tell whether it runs, and its faults')
    .option('--json', 'as JSON')
    .action(async (options) => finish((await room()).practiceTell(options)));
  practice
    .command('kubeconfig')
    .description("print its kubeconfig's path")
    .action(async () => finish((await room()).practiceKubeconfig()));
  practice
    .command('fault')
    .description('start one of its faults')
    .argument('<id>', 'as `practice status` names it')
    .option('--json', 'as JSON')
    .action(async (id: string, options) => finish((await room()).practiceFault(id, options)));
}

async function finish(status: Promise<number> | number): Promise<void> {
  process.exitCode = await status;
}
