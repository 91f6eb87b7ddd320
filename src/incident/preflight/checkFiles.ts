// Files and scripts that the cells call or read: whether they are there, and may be run.

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isProgram } from './checkTools.ts';
import { type Needs, plainPath } from './neededCalls.ts';
import type { Check, Where } from './preflightReport.ts';

/** @param folder the runbook's, which the session starts in. */
export async function checkFiles(needs: Needs, folder: string): Promise<Check[]> {
  const scripts = new Map<string, Where[]>();
  const files = new Map<string, Where[]>();
  for (const { command, where } of needs.commands) {
    if (command.place.kind !== 'here') continue;
    if (isScript(command.tool)) add(scripts, command.tool, where);
    for (const file of command.reads) if (isPlain(file)) add(files, file, where);
  }
  const checks: Check[] = [];
  for (const [script, where] of scripts) {
    if (needs.written.has(plainPath(script))) continue;
    checks.push(await scriptCheck(script, where, folder));
  }
  for (const [file, where] of files) {
    if (scripts.has(file) || writtenBy(needs.written, file)) continue;
    checks.push(await fileCheck(file, where, folder));
  }
  return checks;
}

function add(map: Map<string, Where[]>, key: string, where: Where): void {
  map.set(key, [...(map.get(key) ?? []), where]);
}

const isScript = (tool: string): boolean => tool.includes('/') && isPlain(tool);

/** A path whose every part is known, and that is not one of the machine's own devices. */
function isPlain(file: string): boolean {
  return file !== '' && file !== '-' && !/[$<>{}*?[\]…]|^\/(dev|proc|sys)\/|^[a-z]+:\/\//.test(file);
}

function writtenBy(written: ReadonlySet<string>, file: string): boolean {
  const own = plainPath(file);
  return written.has(own) || [...written].some((one) => own.startsWith(`${one.replace(/\/$/, '')}/`));
}

const absolute = (file: string, folder: string): string =>
  path.resolve(folder, file.replace(/^~(?=\/|$)/, process.env.HOME ?? '~'));

async function scriptCheck(script: string, where: readonly Where[], folder: string): Promise<Check> {
  const file = absolute(script, folder);
  const base = { area: 'files' as const, what: script, where };
  if (await isProgram(file)) return { ...base, state: 'ok', says: 'is there and may be run' };
  const there = await stat(file).catch(() => undefined);
  if (!there) {
    return {
      ...base,
      state: 'problem',
      says: 'is not there',
      mend: `It is looked for in ${path.dirname(file)}.`,
      stops: true,
    };
  }
  return {
    ...base,
    state: 'problem',
    says: there.isFile() ? 'may not be run' : 'is no file',
    ...(there.isFile() ? { mend: `chmod +x ${script}` } : {}),
    stops: true,
  };
}

async function fileCheck(name: string, where: readonly Where[], folder: string): Promise<Check> {
  const base = { area: 'files' as const, what: name, where };
  const there = await stat(absolute(name, folder)).catch(() => undefined);
  if (there) return { ...base, state: 'ok', says: there.isDirectory() ? 'a folder' : `${there.size} bytes` };
  // A log or a configuration of another host may be meant; only what lies beside the runbook is sure.
  const sure = !path.isAbsolute(name) && !name.startsWith('~');
  return {
    ...base,
    state: sure ? 'problem' : 'note',
    says: 'is not there',
    ...(sure ? { stops: true } : {}),
  };
}
