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
import { assessOnce } from '../shell/assessOnce.ts';
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

const told = new WeakMap<RunbookDocument, DocumentAlerts>();

/** Never throws for what the bytes hold: a bad document is a document with problems. */
export function loadRunbook(bytes: Uint8Array, file: string): Runbook {
  return runbookOfDocument(parseDocument(bytes), () => bytes, file);
}

/**
 * The same of a document that was read already. What it says of alerts is looked for when it is first asked for.
 * @param bytes what a file of it would hold
 * @param before an earlier version of the same file: where only commands changed since, it says the same of alerts
 */
export function runbookOfDocument(
  document: RunbookDocument,
  bytes: () => Uint8Array,
  file: string,
  before?: RunbookDocument,
): Runbook {
  const name = path.basename(file);
  const same = before && told.get(before);
  if (same && saysTheSame(before, document)) told.set(document, same);
  const declarations = (): DocumentAlerts => {
    const known = told.get(document) ?? declarationsOf(document, name);
    told.set(document, known);
    return known;
  };
  let sha256: string | undefined;
  return {
    path: file,
    name,
    get sha256() {
      sha256 ??= createHash('sha256').update(bytes()).digest('hex');
      return sha256;
    },
    document,
    get declarations() {
      return declarations();
    },
    cells: document.cells.map((cell, index) => {
      return {
        index,
        cell,
        get alerts() {
          return declarations().cells[index]!.alerts;
        },
        get severity() {
          return declarations().cells[index]!.severity;
        },
        get runnable() {
          return runnableOf(cell);
        },
      };
    }),
  };
}

const runnables = new WeakMap<Runnable, string>();

type Runnable = Pick<DocumentCell, 'kind' | 'language' | 'text' | 'executable'>;

/** What the kernel gets of a cell; '' for what does not run. */
export function runnableOf(cell: Runnable): string {
  const known = runnables.get(cell);
  if (known !== undefined) return known;
  const text = cell.kind === 'code' && cell.executable ? runnableText(cell).text : '';
  runnables.set(cell, text);
  return text;
}

/** Whether two documents differ only in commands, on the same lines, that look up no alert. */
function saysTheSame(one: RunbookDocument, other: RunbookDocument): boolean {
  return (
    one.preamble === other.preamble &&
    one.cells.length === other.cells.length &&
    one.cells.every(
      (cell, index) => cell === other.cells[index] || isSameButCommands(cell, other.cells[index]!),
    )
  );
}

function isSameButCommands(one: DocumentCell, other: DocumentCell): boolean {
  if (one.kind !== 'code' || other.kind !== 'code') return false;
  return (
    one.lines[0] === other.lines[0] &&
    one.lines[1] === other.lines[1] &&
    one.layout.closed &&
    other.layout.closed &&
    one.infoString === other.infoString &&
    one.layout.lead === other.layout.lead &&
    one.headings.join('\n') === other.headings.join('\n') &&
    !/alertname/.test(one.text + other.text)
  );
}

/** Languages whose text is bash to the risk room; the others are judged as unknown by their interpreter. */
const bashLanguages = new Set(['bash', 'sh', 'shell', 'console', 'shell-session', 'terminal', 'kubectl']);

export function isBash(language: string): boolean {
  return bashLanguages.has(language) || /^(shell-?session|sh-session|bash-session)$/.test(language);
}

/** Asked of Prometheus, and never handed to the session's bash. */
export function isPromql({ cell }: Assessable): boolean {
  return cell.language === 'promql';
}

/** A first line that hands the text to another interpreter than bash or sh. */
const foreignShebang = /^\s*#!(?!.*\b(?:ba)?sh\b)/;

/** What its commands are judged by. */
interface Assessable {
  readonly cell: Pick<DocumentCell, 'language'>;
}

/** What a code cell would do, read from its syntax, once a text; undefined for what can't run. */
export function assessCell(
  cell: Assessable & Pick<RunbookCell, 'runnable'>,
): Promise<Assessment | undefined> {
  return assessText(cell, cell.runnable);
}

/** The same of a part of its text. */
export async function assessText(
  cell: Assessable,
  text: string,
  options?: AssessOptions,
): Promise<Assessment | undefined> {
  if (text !== '' && isPromql(cell)) return assessPromql(text);
  if (text === '' || !isBash(cell.cell.language) || foreignShebang.test(text)) return undefined;
  const parser = await shellParser();
  return options ? assess(parser, text, options) : assessOnce(parser, text);
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
