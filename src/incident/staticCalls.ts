// Which gated calls a cell will make, as far as its text tells: those that a yes to its question covers. What only
// the run can tell is left to the gate, which sees the final arguments.

import path from 'node:path';
import { escapeRegExp } from '../base/escapeRegExp.ts';
import { inputDigest } from '../guard/allowances.ts';
import { defaultGatedCommands } from '../kernel/gate/gate.ts';
import type { AssessedCommand } from '../shell/assess.ts';

export interface StaticCall {
  readonly tool: string;
  /** With a date in them, as they would be now. */
  readonly args: readonly string[];
  /** Of such: the source of a regular expression for each, which the call will meet. */
  readonly shapes?: readonly string[];
  readonly cwd: string;
  /** What it reads as a file on standard input: the text of its here-document. */
  readonly stdin?: string;
  /** Of that, as the gate will see it. */
  readonly input?: string;
}

export interface StaticCalls {
  /** Every call that it makes, where all of them are known. */
  readonly calls: readonly StaticCall[];
  /** The gate asks for it when it comes, with what it will really do: asking before would be asking twice. */
  readonly atTheGate: boolean;
}

/** They add words of their own to the command that they run. */
const adding = /(^|\/)(g?xargs|parallel|find|watch)$/;

/** One for each command, in their order; `cwd` is where the first one runs. */
export function staticCalls(commands: readonly AssessedCommand[], cwd: string): StaticCalls[] {
  let at: string | null = cwd;
  const found = commands.map((command) => {
    const here = at;
    if (/^(cd|pushd|popd)$/.test(command.tool) && command.parent === null) at = after(command, at);
    const past = command.parent !== null && commands[command.parent]!.ungated.length > 0;
    return past ? { calls: [], atTheGate: false } : callsOf(command, here);
  });
  return found.map((one, index) => ({
    calls: one.calls,
    atTheGate: one.atTheGate || throughTheGate(index, commands, found),
  }));
}

/** It runs inside of a call that the gate sees, or everything in it that matters does. */
function throughTheGate(
  index: number,
  commands: readonly AssessedCommand[],
  found: readonly StaticCalls[],
): boolean {
  const { parent, ownRisk, risk, ungated } = commands[index]!;
  if (parent !== null && found[parent]!.atTheGate) return ungated.length === 0;
  const inside = commands.flatMap((one, at) => (one.parent === index && one.risk !== 'read' ? [at] : []));
  return (
    risk !== 'read' &&
    ownRisk === 'read' &&
    ungated.length === 0 &&
    inside.length > 0 &&
    inside.every((at) => found[at]!.atTheGate)
  );
}

function after({ argv, tool }: AssessedCommand, at: string | null): string | null {
  const to = argv?.filter((word, index) => index > 0 && !word.startsWith('-')) ?? [];
  return at === null || tool !== 'cd' || to.length !== 1 ? null : path.resolve(at, to[0]!);
}

function callsOf(command: AssessedCommand, cwd: string | null): StaticCalls {
  const { tool, stdin, ungated, where } = command;
  const isGated = (defaultGatedCommands as readonly string[]).includes(tool);
  if (!isGated || ungated.length > 0 || where !== 'here') return { calls: [], atTheGate: false };
  const found: StaticCall[] = [];
  const { ways, shapes } = waysOf(command);
  for (const words of ways ?? []) {
    const index = words.findIndex((word) => path.basename(word) === tool);
    const args = words.slice(index + 1);
    const reads = readsInput(args);
    if (index < 0 || words.slice(0, index).some((word) => adding.test(word)) || (reads && stdin === null)) {
      return { calls: [], atTheGate: true };
    }
    found.push({
      tool,
      args,
      cwd: cwd ?? '',
      ...(shapes ? { shapes: shapes.slice(index + 1) } : {}),
      ...(reads ? { stdin: stdin!, input: inputDigest(new Map([['/dev/fd/0', Buffer.from(stdin!)]])) } : {}),
    });
  }
  return {
    calls: found,
    atTheGate: ways === null || (cwd === null && found.some(({ args }) => readsFiles(args))),
  };
}

/** Every list of words that it may have: known, or known but for the dates in them. */
function waysOf({ calls, dated }: AssessedCommand): {
  readonly ways: readonly (readonly string[])[] | null;
  readonly shapes?: readonly string[];
} {
  if (calls) return { ways: calls };
  if (!dated) return { ways: null };
  const example = dated.map((word) => (typeof word === 'string' ? word : word.example));
  const shapes = dated.map((word) => (typeof word === 'string' ? escapeRegExp(word) : word.shape));
  return { ways: [example], shapes };
}

/** `-f -`: the shim puts it aside for these, see there. */
function readsInput(args: readonly string[]): boolean {
  return args.some((word) => /^(-|-f-|.*=-|(.*=|-f)?\/dev\/(stdin|fd\/\d+))$/.test(word));
}

export function readsFiles(args: readonly string[]): boolean {
  return args.some((word) =>
    /^(-f|-k|--filename|--kustomize|--from-|--patch-file|--cert|--key|cp$)/.test(word),
  );
}
