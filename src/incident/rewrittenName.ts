// A name that is made anew from the clock: `backup-$(date +%H%M).tgz` is another file in every cell. Where an
// earlier cell of the session wrote such a file, it is offered in its place.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { escapeRegExp } from '../base/escapeRegExp.ts';
import type { WrittenFile } from './cellArtifacts.ts';
import type { Questioner } from './question.ts';

export interface RecomputedName {
  /** As it stands in the text, quotes included. */
  readonly text: string;
  readonly start: number;
  /** `[head, what stands behind date, tail]` */
  readonly parts: readonly [string, string, string];
  /** Files that fit it, the latest first; relative to the folder where they lie below it. */
  readonly files: readonly string[];
}

const word = /("?)([\w./${}~-]*)\$\(\s*date\b([^()]*)\)([\w./-]*)\1/g;

/** Words of the text that only read: what a redirection or `-o` writes, and what is assigned, is meant to be new. */
export function recomputedNames(
  text: string,
  written: readonly WrittenFile[],
  folder: string,
): RecomputedName[] {
  const found: RecomputedName[] = [];
  for (const match of text.matchAll(word)) {
    const [whole, , head = '', format = '', tail = ''] = match;
    if (head + tail === '' || /[${}]/.test(head)) continue;
    const before = text.slice(0, match.index);
    if (/(?:>>?\|?|(?:^|\s)(?:-o|--output|--out|-O)[= ]?|\w=)\s*$/.test(before)) continue;
    const pattern = new RegExp(
      `^${escapeRegExp(path.resolve(folder, `${head}\u0001`)).replace('\u0001', '[^/]+')}${escapeRegExp(tail)}$`,
    );
    const files = written
      .filter(({ file }) => pattern.test(file))
      .map(({ file }) => {
        const near = path.relative(folder, file);
        return near.startsWith('..') ? file : near;
      })
      .reverse();
    if (files.length > 0) found.push({ text: whole, start: match.index, parts: [head, format, tail], files });
  }
  return found;
}

const anew = 'Make the name anew, as the cell says';

/**
 * The text with the files that were chosen. A name that leads to a file as it is (the same day) asks nothing, and an
 * offer that nobody takes leaves the text alone.
 */
export async function offerWritten(
  text: string,
  { written, folder }: { readonly written: readonly WrittenFile[]; readonly folder: string },
  questioner: Questioner,
  signal?: AbortSignal,
): Promise<string> {
  let out = '';
  let at = 0;
  for (const name of recomputedNames(text, written, folder)) {
    if (await leadsToFile(name, folder)) continue;
    const title = `${name.text} makes another name now than when the file was written. Which file?`;
    const chosen = await questioner.chooseOption(title, [...name.files, anew], signal);
    if (!chosen || !name.files.includes(chosen.option)) continue;
    out += text.slice(at, name.start) + quoted(chosen.option);
    at = name.start + name.text.length;
  }
  return out + text.slice(at);
}

/** Asks `date` itself, where what stands behind it is nothing but a format. */
async function leadsToFile(
  { parts: [head, format, tail] }: RecomputedName,
  folder: string,
): Promise<boolean> {
  const [, utc, , plain] = /^\s*(-u\s+)?(["']?)(\+[\w%:./ -]*)\2\s*$/.exec(format) ?? [];
  if (plain === undefined) return false;
  const { stdout, exitCode } = await execa('date', [...(utc ? ['-u'] : []), plain], {
    reject: false,
    timeout: 2000,
  });
  return exitCode === 0 && existsSync(path.resolve(folder, `${head}${stdout}${tail}`));
}

const quoted = (file: string): string =>
  /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
