// `.runbook/redaction.yaml`: what a project cuts beside the built-in rules, and what it knows to be harmless. Looked
// for in the runbook's folder and above, up to the repository's top.
//
//   patterns:
//     - kind: shop-license          # what a reader is told was cut
//       needle: SHOP-               # stands in every match; 3 characters or more
//       pattern: 'SHOP-[0-9A-Z]{12}'
//   allow:
//     - 'EXAMPLE-[0-9]+'            # spares a find that it matches wholly

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { RunbookError, systemCode, toError } from '../base/runbookError.ts';
import type { RedactionSettings } from '../evidence/redact/lineCutter.ts';

const name = path.join('.runbook', 'redaction.yaml');
const mostBytes = 256 * 1024;
const mostEntries = 200;
const mostPattern = 500;
/** What no allow-list may spare: an entry that matches one of these would spare anything. */
const probes = [
  '',
  'kX7vPq92LmZt',
  'a9f3c1e77b20d4586e1f',
  'S3cr3t!pass-word/2026',
  'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA',
];

/** undefined where there is none. Throws `redaction-unusable`: half of a project's rules would be a leak. */
export async function redactionSettings(folder: string): Promise<RedactionSettings | undefined> {
  const file = find(folder);
  if (!file) return undefined;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unusable(file, `it can't be read (${systemCode(cause) ?? 'unknown error'})`);
  }
  if (text.length > mostBytes) throw unusable(file, 'it is larger than 256 KiB');
  return parseRedaction(text, file);
}

/** @param file for messages. */
export function parseRedaction(text: string, file: string): RedactionSettings {
  let read: unknown;
  try {
    read = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw unusable(file, toError(error).message.split('\n')[0]!);
  }
  if (typeof read !== 'object' || Array.isArray(read)) throw unusable(file, 'it is no mapping');
  const { patterns = [], allow = [], ...rest } = read as Record<string, unknown>;
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) throw unusable(file, `"${stranger}" is not known; "patterns" and "allow" are`);
  if (!Array.isArray(patterns) || !Array.isArray(allow)) throw unusable(file, 'patterns and allow are lists');
  if (patterns.length + allow.length > mostEntries)
    throw unusable(file, `it has more than ${mostEntries} entries`);
  return {
    patterns: patterns.map((one, index) => patternOf(one, `patterns[${index}]`, file)),
    allow: allow.map((one, index) => allowed(one, `allow[${index}]`, file)),
  };
}

function patternOf(
  one: unknown,
  at: string,
  file: string,
): { kind: string; pattern: RegExp; needle: string } {
  const { kind, pattern, needle } = (one ?? {}) as Record<string, unknown>;
  if (typeof kind !== 'string' || !/^[a-z][a-z0-9-]{0,30}$/.test(kind))
    throw unusable(file, `${at}.kind is no word of small letters, digits and dashes`);
  if (typeof needle !== 'string' || needle.length < 3)
    throw unusable(file, `${at}.needle has fewer than 3 characters`);
  const regex = expression(pattern, `${at}.pattern`, file);
  if (regex.test('')) throw unusable(file, `${at}.pattern matches nothing at all`);
  return { kind, needle, pattern: regex };
}

function allowed(one: unknown, at: string, file: string): RegExp {
  const regex = expression(one, at, file);
  const whole = new RegExp(`^(?:${regex.source})$`);
  if (probes.some((probe) => whole.test(probe)))
    throw unusable(file, `${at} is so wide that it would spare any credential`);
  return regex;
}

function expression(source: unknown, at: string, file: string): RegExp {
  if (typeof source !== 'string' || source === '' || source.length > mostPattern)
    throw unusable(file, `${at} is no pattern of 1 to ${mostPattern} characters`);
  try {
    return new RegExp(source);
  } catch (error) {
    throw unusable(file, `${at}: ${toError(error).message}`);
  }
}

function find(folder: string): string | undefined {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    const file = path.join(dir, name);
    if (existsSync(file)) return file;
    if (existsSync(path.join(dir, '.git')) || dir === path.dirname(dir)) return undefined;
  }
}

function unusable(file: string, why: string): RunbookError {
  return new RunbookError({
    code: 'redaction-unusable',
    message: `${file} can't be used: ${why}.`,
    mend: 'Mend it or take it away; nothing is recorded under half of its rules.',
  });
}
