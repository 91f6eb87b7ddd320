// `runbook lint`: what is wrong with runbooks before anybody runs them; with `--since` only what a change brought.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { loadRules } from '../alerts/rules/loadRules.ts';
import type { Problem } from '../base/problem.ts';
import { RunbookError, systemCode } from '../base/runbookError.ts';
import { parseDocument } from '../document/parseDocument.ts';
import { shellParser } from '../incident/shellTools.ts';
import { baselineOf, beyondBaseline, type LintBaseline, readBaseline } from '../lint/baseline.ts';
import { filesBeside } from '../lint/filesBeside.ts';
import { type LintOptions, lintDocument } from '../lint/lintDocument.ts';
import { lintSince } from '../lint/lintSince.ts';
import { toolsOnPath } from '../lint/toolsOnPath.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printJson } from './print.ts';
import { readInput } from './readInput.ts';

export interface LintCommand {
  readonly json?: boolean;
  readonly since?: string;
  readonly rules?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

/** Exit status 1 where a problem is an error. */
export async function lint(files: readonly string[], options: LintCommand): Promise<number> {
  const knownAlerts = options.rules ? (await loadRules(options.rules)).rules.map((rule) => rule.name) : [];
  const tools = toolsOnPath();
  const parser = await shellParser();
  const found = new Map<string, readonly Problem[]>();
  for (const file of files) {
    const lintOptions: LintOptions = {
      fileName: path.basename(file),
      parser,
      knownAlerts,
      tools,
      files: filesBeside(file),
    };
    const now = parseDocument(await readInput(file));
    const problems =
      options.since === undefined
        ? await lintDocument(now, lintOptions)
        : await lintSince(await atRevision(file, options.since), now, lintOptions);
    found.set(file, problems);
  }
  if (options.baseline && options.updateBaseline) {
    await writeFile(options.baseline, `${JSON.stringify(baselineOf(found), null, 2)}\n`);
    return exitStatus.done;
  }
  const told = options.baseline ? notIn(await baselineFrom(options.baseline), found) : found;
  if (options.json) {
    const all = [...told].flatMap(([file, problems]) => problems.map((problem) => ({ file, ...problem })));
    await printJson({ problems: all });
  } else await printProblems(told);
  const failed = [...told.values()].some((problems) => problems.some(({ severity }) => severity === 'error'));
  return failed ? exitStatus.failed : exitStatus.done;
}

function notIn(
  baseline: LintBaseline,
  found: ReadonlyMap<string, readonly Problem[]>,
): ReadonlyMap<string, readonly Problem[]> {
  return new Map([...found].map(([file, problems]) => [file, beyondBaseline(file, problems, baseline)]));
}

async function printProblems(told: ReadonlyMap<string, readonly Problem[]>): Promise<void> {
  let count = 0;
  for (const [file, problems] of told) {
    for (const { range, severity, message, code } of problems) {
      await print(`${file}:${range.line + 1}:${range.character + 1}: ${severity}: ${message} [${code}]\n`);
      count++;
    }
  }
  await print(count === 0 ? 'No problems.\n' : `${count} problem${count === 1 ? '' : 's'}.\n`);
}

async function baselineFrom(file: string): Promise<LintBaseline> {
  const baseline = readBaseline(await readFile(file, 'utf8'));
  if (baseline) return baseline;
  throw new RunbookError({
    code: 'baseline-unreadable',
    message: `${file} is no baseline.`,
    mend: 'Write one with --baseline FILE --update-baseline.',
  });
}

/** The file as it was at a revision; null where it was not there yet. */
async function atRevision(file: string, revision: string): Promise<ReturnType<typeof parseDocument> | null> {
  const cwd = path.dirname(path.resolve(file));
  const name = `./${path.basename(file)}`;
  const known = await execa('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], {
    cwd,
    reject: false,
  });
  if (known.exitCode !== 0) {
    throw new RunbookError({
      code: 'revision-unknown',
      message: `git knows no revision ${JSON.stringify(revision)} in ${cwd}${systemCode(known) ? ' (git did not run)' : ''}.`,
      mend: 'Name a branch, tag or commit.',
    });
  }
  const shown = await execa('git', ['show', `${revision}:${name}`], {
    cwd,
    reject: false,
    encoding: 'buffer',
  });
  return shown.exitCode === 0 ? parseDocument(shown.stdout) : null;
}
