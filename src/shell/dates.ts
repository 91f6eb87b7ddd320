// Dates that a script puts into its words (`backup-$(date +%F).log`): what they will look like is known before they are.

import type { Node } from 'web-tree-sitter';
import { escapeRegExp } from '../base/escapeRegExp.ts';

/** By the directive of strftime: what it prints, and what it would print now. */
const directives: Readonly<Record<string, readonly [shape: string, now: (at: Date) => string]>> = {
  Y: ['\\d{4}', (at) => String(at.getFullYear())],
  y: ['\\d{2}', (at) => two(at.getFullYear() % 100)],
  m: ['\\d{2}', (at) => two(at.getMonth() + 1)],
  d: ['\\d{2}', (at) => two(at.getDate())],
  H: ['\\d{2}', (at) => two(at.getHours())],
  M: ['\\d{2}', (at) => two(at.getMinutes())],
  S: ['\\d{2}', (at) => two(at.getSeconds())],
  F: ['\\d{4}-\\d{2}-\\d{2}', (at) => printed('%Y-%m-%d', at)],
  T: ['\\d{2}:\\d{2}:\\d{2}', (at) => printed('%H:%M:%S', at)],
  R: ['\\d{2}:\\d{2}', (at) => printed('%H:%M', at)],
  s: ['\\d{9,11}', (at) => String(Math.floor(at.getTime() / 1000))],
  N: ['\\d{9}', () => '000000000'],
};

const two = (value: number): string => String(value).padStart(2, '0');

/** The format of `$(date +FORMAT)`, where all of it can be foretold; undefined for any other substitution. */
export function dateFormat(node: Node): string | undefined {
  const [command, ...more] = node.namedChildren;
  if (node.type !== 'command_substitution' || command?.type !== 'command' || more.length > 0)
    return undefined;
  const found = /^date(?: -u| --utc)? \+(["']?)([\w%:./+-]+)\1$/.exec(command.text);
  const format = found?.[2];
  return format !== undefined && shapeOf(format) !== undefined ? format : undefined;
}

/** The source of a regular expression for what it prints, whatever `date` is by then; undefined for odd directives. */
export function shapeOf(format: string): string | undefined {
  let shape = '';
  for (const [part] of format.matchAll(/%?[\s\S]/g)) {
    if (!part.startsWith('%')) shape += escapeRegExp(part);
    else if (Object.hasOwn(directives, part[1] ?? '')) shape += directives[part[1]!]![0];
    else return undefined;
  }
  return shape;
}

export function printed(format: string, at: Date): string {
  return format.replace(/%([\s\S])/g, (whole, letter: string) =>
    Object.hasOwn(directives, letter) ? directives[letter]![1](at) : whole,
  );
}
