// Where evidence lies. Pure of the process: environment and home come as arguments.

import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

export interface RootQuestion {
  /** `--evidence DIR`. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The editor's setting. */
  readonly setting?: string | undefined;
  readonly home: string;
  readonly platform?: NodeJS.Platform;
  /** What relative paths are of. */
  readonly cwd?: string;
}

export interface EvidenceRoot {
  /** Absolute. Need not exist yet. */
  readonly dir: string;
  readonly from: 'flag' | 'environment' | 'setting' | 'state';
}

/** The user's own state directory on this machine; the keys live there too, never below an evidence root. */
export function stateDirectory({ env, home, platform = process.platform }: RootQuestion): string {
  const name = 'runbook-notebooks';
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(home, 'AppData/Local'), name);
  if (platform === 'darwin') return path.join(home, 'Library/Application Support', name);
  const state = env.XDG_STATE_HOME;
  return path.join(state && path.isAbsolute(state) ? state : path.join(home, '.local/state'), name);
}

/** The first that is given: flag, RUNBOOK_EVIDENCE, setting, state directory. */
export function resolveEvidenceRoot(question: RootQuestion): EvidenceRoot {
  const { flag, env, setting, cwd = process.cwd() } = question;
  const at = (dir: string): string =>
    path.resolve(cwd, dir.startsWith('~/') ? path.join(question.home, dir.slice(2)) : dir);
  if (flag) return { dir: at(flag), from: 'flag' };
  if (env.RUNBOOK_EVIDENCE) return { dir: at(env.RUNBOOK_EVIDENCE), from: 'environment' };
  if (setting) return { dir: at(setting), from: 'setting' };
  return { dir: path.join(stateDirectory(question), 'evidence'), from: 'state' };
}

/** Linux's magic numbers of file systems that end with the machine or the container. */
const passing = new Map([
  [0x01021994, 'a disk in memory (tmpfs)'],
  [0x858458f6, 'a disk in memory (ramfs)'],
  [0x794c7630, "a container's own layer (overlayfs)"],
]);

/** Why what is written to `dir` may not last or may be given away, a sentence each. Empty where nothing is wrong. */
export async function rootWarnings(dir: string): Promise<string[]> {
  const warnings: string[] = [];
  const existing = firstExisting(dir);
  const kind = process.platform === 'linux' ? passing.get((await statfs(existing)).type) : undefined;
  if (kind)
    warnings.push(`The evidence lies on ${kind} at ${dir} and is lost with it: choose a lasting folder.`);
  for (let at = existing; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) {
      warnings.push(`The evidence at ${dir} lies inside the git repository ${at}: it could be committed.`);
      break;
    }
    if (at === path.dirname(at)) break;
  }
  return warnings;
}

function firstExisting(dir: string): string {
  let at = path.resolve(dir);
  while (!existsSync(at) && at !== path.dirname(at)) at = path.dirname(at);
  return at;
}
