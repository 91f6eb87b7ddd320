// The commands of a text in their order, each tied to its place in it.

import type { Node } from 'web-tree-sitter';
import { merged } from './mergeResolved.ts';
import type { Resolved } from './resolve.ts';

/** A command of the text, with every way it may resolve (a loop's values, a variable's alternatives). */
export interface FoundCommand {
  readonly start: number;
  readonly end: number;
  /** From 0. */
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  readonly background: boolean;
  readonly resolved: Resolved;
}

/** The second pass of a loop, or a function's definition and its call, come by the same place again: they are one. */
export function addCommand(
  commands: FoundCommand[],
  node: Node,
  source: string,
  resolved: Resolved,
  background: boolean,
): void {
  const start = node.startIndex;
  const end = node.endIndex;
  const same = commands.findIndex((one) => one.start === start && one.end === end);
  const before = commands[same];
  const entry: FoundCommand = {
    start,
    end,
    line: node.startPosition.row,
    endLine: node.endPosition.row,
    text: source.slice(start, end).trim(),
    background,
    resolved: before ? merged([before.resolved, resolved]) : resolved,
  };
  if (before) commands[same] = entry;
  else commands.push(entry);
}

/** `kubectl exec p -- touch /tmp/a && rm /tmp/a`: the second command is not in the pod, and says so. */
export function noteReturn(commands: FoundCommand[], from: number, remote: string): void {
  for (let at = from; at < commands.length; at++) {
    const one = commands[at]!;
    const { place, verdict, inner } = one.resolved;
    if (
      place.kind !== 'here' ||
      verdict.risk === 'read' ||
      inner.some((other) => other.place.kind !== 'here')
    ) {
      continue;
    }
    const reasons = [...new Set([...verdict.reasons, `runs here, not in ${remote}`])];
    commands[at] = { ...one, resolved: { ...one.resolved, verdict: { ...verdict, reasons } } };
  }
}

/** Where else the command reaches, if anywhere. */
export function remoteOf(found: Resolved): string | undefined {
  return found.inner.find((one) => one.place.kind !== 'here')?.place.label;
}
