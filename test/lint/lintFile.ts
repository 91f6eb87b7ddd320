// Lints a file or a text as the tests do: real folders.

import path from 'node:path';
import type { Problem } from '../../src/base/problem.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { filesBeside } from '../../src/lint/filesBeside.ts';
import { type LintOptions, lintDocument } from '../../src/lint/lintDocument.ts';
import type { LintFiles } from '../../src/lint/lintRule.ts';
import { shellParser } from '../shell/shellParser.ts';

export function filesIn(folder: string): LintFiles {
  return filesBeside(path.join(folder, 'notes.md'));
}

export async function lintText(text: string, options: Partial<LintOptions> = {}): Promise<Problem[]> {
  const doc = parseDocument(new TextEncoder().encode(text));
  return lintDocument(doc, { fileName: 'notes.md', parser: await shellParser(), ...options });
}

/** The text with every fix of `code` made, the last first. */
export function fixed(text: string, problems: readonly Problem[], code: string): string {
  const lines = text.split('\n');
  const offset = (line: number, character: number): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  let out = text;
  for (const { fix } of [...problems].reverse().filter((problem) => problem.code === code)) {
    if (!fix) continue;
    const { line, character, endLine, endCharacter } = fix.range;
    out = out.slice(0, offset(line, character)) + fix.text + out.slice(offset(endLine, endCharacter));
  }
  return out;
}
