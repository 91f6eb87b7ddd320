// A runbook as the product sees it: the document, and for each cell its alert, severity, steps and risk.

import { createHash } from 'node:crypto';
import path from 'node:path';
import { declarationsOf } from '../alerts/declarationsOf.ts';
import type { AlertLink, DocumentAlerts } from '../alerts/documentAlerts.ts';
import { RunbookError } from '../base/runbookError.ts';
import type { DocumentCell, RunbookDocument } from '../document/documentCell.ts';
import { parseDocument } from '../document/parseDocument.ts';
import { runnableText } from '../document/runnableText.ts';
import { type Assessment, type AssessOptions, assess } from '../shell/assess.ts';
import { assessPromql } from './assessPromql.ts';
import { shellParser } from './shellTools.ts';

export interface Runbook {
  /** Absolute; '' for text that came without a file. */
  readonly path: string;
  readonly name: string;
  /** Of the bytes, hexadecimal. */
  readonly sha256: string;
  readonly document: RunbookDocument;
  readonly declarations: DocumentAlerts;
  readonly cells: readonly RunbookCell[];
}

export interface RunbookCell {
  readonly index: number;
  readonly cell: DocumentCell;
  readonly alerts: readonly AlertLink[];
  readonly severity: DocumentAlerts['cells'][number]['severity'];
  /** What the kernel gets: prompts and recorded output lines removed; '' for what is no code. */
  readonly runnable: string;
}

/** Never throws for what the bytes hold: a bad document is a document with problems. */
export function loadRunbook(bytes: Uint8Array, file: string): Runbook {
  const document = parseDocument(bytes);
  const declarations = declarationsOf(document, path.basename(file));
  return {
    path: file,
    name: path.basename(file),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    document,
    declarations,
    cells: document.cells.map((cell, index) => ({
      index,
      cell,
      alerts: declarations.cells[index]!.alerts,
      severity: declarations.cells[index]!.severity,
      runnable: cell.kind === 'code' && cell.executable ? runnableText(cell).text : '',
    })),
  };
}

/** Languages whose text is bash to the risk room; the others are judged as unknown by their interpreter. */
const bashLanguages = new Set(['bash', 'sh', 'shell', 'console', 'shell-session', 'terminal', 'kubectl']);

export function isBash(language: string): boolean {
  return bashLanguages.has(language) || /^(shell-?session|sh-session|bash-session)$/.test(language);
}

/** Asked of Prometheus, and never handed to the session's bash. */
export function isPromql({ cell }: RunbookCell): boolean {
  return cell.language === 'promql';
}

/** A first line that hands the text to another interpreter than bash or sh. */
const foreignShebang = /^\s*#!(?!.*\b(?:ba)?sh\b)/;

/** What a code cell would do, read from its syntax; undefined for what can't run. */
export function assessCell(cell: RunbookCell): Promise<Assessment | undefined> {
  return assessText(cell, cell.runnable);
}

/** The same of a part of its text. */
export async function assessText(
  cell: RunbookCell,
  text: string,
  options?: AssessOptions,
): Promise<Assessment | undefined> {
  if (text !== '' && isPromql(cell)) return assessPromql(text);
  if (text === '' || !isBash(cell.cell.language) || foreignShebang.test(text)) return undefined;
  return assess(await shellParser(), text, options);
}

/** The session's folder: the runbook's own. @throws RunbookError for a runbook without a file. */
export function folderOf(runbook: Pick<Runbook, 'path' | 'name'>): string {
  if (path.isAbsolute(runbook.path)) return path.dirname(runbook.path);
  throw new RunbookError({
    code: 'runbook-without-file',
    message: `${runbook.name || 'The runbook'} has no file yet.`,
    mend: 'Save it first.',
  });
}
