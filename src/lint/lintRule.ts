// What a lint rule is, and what it is given.

import type { DocumentAlerts } from '../alerts/documentAlerts.ts';
import type { DocumentOutline } from '../alerts/outline/documentOutline.ts';
import type { Problem, SourceRange } from '../base/problem.ts';
import type { RunbookDocument } from '../document/documentCell.ts';
import type { LintCell } from './lintCell.ts';

/** The files around the runbook, as a port. Paths are relative to the runbook's folder, with `/`. */
export interface LintFiles {
  kind(path: string): Promise<'file' | 'folder' | 'none'>;
  /** Anchors of a Markdown file; null where it can't be read. */
  anchors(path: string): Promise<ReadonlySet<string> | null>;
}

/** The programs of this machine, as a port. */
export interface LintTools {
  has(name: string): Promise<boolean>;
}

export interface LintInput {
  readonly doc: RunbookDocument;
  readonly outline: DocumentOutline;
  /** The file's lines without their endings, front matter blanked. */
  readonly lines: readonly string[];
  readonly told: DocumentAlerts;
  readonly cells: readonly LintCell[];
  /** Names of known rules; empty where none are known, and then nothing is said of alerts. */
  readonly knownAlerts: readonly string[];
  readonly files: LintFiles | null;
  readonly tools: LintTools | null;
}

export interface LintRule {
  /** Codes of the problems that it makes. */
  readonly codes: readonly string[];
  check(input: LintInput): readonly Problem[] | Promise<readonly Problem[]>;
}

export function lineRange(lines: readonly string[], line: number): SourceRange {
  const text = lines[line] ?? '';
  const character = text.length - text.trimStart().length;
  return { line, character, endLine: line, endCharacter: Math.max(text.trimEnd().length, character) };
}

/** One line, not too long: what a message quotes. */
export function quoted(text: string, maxLength = 80): string {
  const line = text.replace(/\\\n\s*|\s+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
