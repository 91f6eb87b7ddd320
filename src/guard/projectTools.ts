// The project's own commands as the policy classes them, and scripts that are trusted by digest.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ProjectTools } from '../shell/resolve.ts';
import { compareRisk, type Risk } from '../shell/risk.ts';
import type { ScriptRule, ToolRule } from './policy.ts';

export interface ProjectToolsOptions {
  readonly tools: readonly ToolRule[];
  readonly scripts: readonly ScriptRule[];
  /** Where scripts' paths begin, and where the commands run. */
  readonly folder: string;
}

const shells = new Set(['bash', 'sh', 'dash', 'zsh', 'ksh']);

/** For `assess`: undefined where the policy says nothing of the call. */
export function projectTools({ tools, scripts, folder }: ProjectToolsOptions): ProjectTools {
  return (argv) => {
    const [command = '', ...args] = argv;
    const script = trusted(argv, scripts, folder);
    if (script) return { risk: script.risk, why: `${script.path} is trusted with this content` };
    const rule = tools.find((tool) => tool.command === command);
    return rule && classed(rule, args);
  };
}

function classed(rule: ToolRule, args: readonly string[]): { risk: Risk; why: string } {
  const words: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('-') || arg.includes('\0')) break;
    words.push(arg);
  }
  for (let length = words.length; length > 0; length--) {
    const verb = words.slice(0, length).join(' ');
    const risk = rule.subcommands.get(verb);
    if (risk) return { risk, why: `the policy classes ${rule.command} ${verb} as ${risk}` };
  }
  return {
    risk: rule.otherwise,
    why: `the policy does not list ${[rule.command, ...words.slice(0, 2)].join(' ')}`,
  };
}

/** `./x.sh a` and `bash x.sh a`; anything between shell and script (`-x`) ends the trust. */
function trusted(
  argv: readonly string[],
  scripts: readonly ScriptRule[],
  folder: string,
): ScriptRule | undefined {
  const called = shells.has(argv[0] ?? '') ? argv[1] : argv[0];
  if (!called || called.includes('\0') || (!called.includes('/') && called === argv[0])) return undefined;
  const file = path.resolve(folder, called);
  const matching = scripts.filter(
    (one) => path.resolve(folder, one.path) === file && fileDigest(file) === one.sha256,
  );
  return matching.sort((one, other) => compareRisk(other.risk, one.risk))[0];
}

function fileDigest(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return null;
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return null;
  }
}
