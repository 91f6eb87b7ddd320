// Cells that are not bash: python, zsh and whatever a shebang names run as a child of the session, with its
// exported variables and its directory.

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { quote } from './driver.ts';
import { splitCommands } from './splitCommands.ts';
import type { Piece } from './statuses.ts';
import type { RunRequest } from './types.ts';

export interface Plan {
  readonly pieces: readonly Piece[];
  /** Written to the private directory for the interpreter to read. */
  readonly script: string | undefined;
}

/** Candidates, the first that is installed wins; arguments after the program's name. */
interface Interpreter {
  readonly programs: readonly string[];
  readonly args: readonly string[];
}

const languages: Record<string, Interpreter> = {
  python: { programs: ['python3', 'python'], args: [] },
  python3: { programs: ['python3'], args: [] },
  py: { programs: ['python3', 'python'], args: [] },
  zsh: { programs: ['zsh'], args: [] },
};

const shells = new Set(['bash', 'sh', 'dash', 'ash']);

/** `#!/usr/bin/env -S python3 -u` and the like; undefined for none, and for bash and sh. */
function interpreterOf(request: Pick<RunRequest, 'text' | 'language'>): Interpreter | undefined {
  const shebang = /^#![ \t]*(\S[^\n]*)/.exec(request.text)?.[1]?.trim();
  if (!shebang) return languages[request.language.toLowerCase()];
  const words = shebang.split(/\s+/);
  if (path.basename(words[0]!) === 'env') {
    words.shift();
    while (words[0]?.startsWith('-') || words[0]?.includes('=')) words.shift();
  }
  const [program, ...args] = words;
  if (!program || shells.has(path.basename(program))) return undefined;
  return { programs: [program], args };
}

function isExecutable(file: string): boolean {
  try {
    // Most directories of a path don't hold the program: to throw for each would cost more than all else here.
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of `program` on `searchPath`, which is the session's and not this process's. */
export function findProgram(program: string, searchPath: string, cwd: string): string | undefined {
  if (program.includes('/')) {
    const file = path.resolve(cwd, program);
    return isExecutable(file) ? file : undefined;
  }
  return searchPath
    .split(':')
    .map((directory) => path.resolve(cwd, directory, program))
    .find(isExecutable);
}

/** How the request is run, or which program is missing for it. */
export function planRun(
  request: RunRequest,
  where: { readonly searchPath: string; readonly cwd: string; readonly scriptFile: string },
): Plan | { readonly missing: string } {
  const interpreter = interpreterOf(request);
  if (!interpreter) return { pieces: splitCommands(request.text), script: undefined };
  const program = interpreter.programs.find((name) => findProgram(name, where.searchPath, where.cwd));
  if (!program) return { missing: interpreter.programs[0]! };
  const words = [program, ...interpreter.args].map(quote).join(' ');
  // Python reads its program from standard input: the directory of the session is then its import path.
  const isPython = /^python[\d.]*$/.test(path.basename(program));
  const command = isPython ? `${words} - <${quote(where.scriptFile)}` : `${words} ${quote(where.scriptFile)}`;
  const script = `${'\n'.repeat(request.firstLine ?? 0)}${request.text}\n`;
  return { pieces: [{ text: command, start: 0, end: 1, complete: true }], script };
}
