// The exit statuses of `runbook`, and how anything thrown becomes one line on stderr and a status.

import { RunbookError, systemCode, toError } from '../base/runbookError.ts';

export const exitStatus = {
  done: 0,
  /** The thing itself failed: a cell, a verification, a lint error. */
  failed: 1,
  /** Unusable arguments or input. */
  unusable: 2,
  /** Refused by the guard. */
  refused: 3,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Codes of RunbookErrors that mean something else than unusable input. */
const statusByCode: Record<string, ExitStatus> = {
  refused: exitStatus.refused,
  interrupted: exitStatus.interrupted,
};

export function statusOf(thrown: unknown): ExitStatus {
  if (thrown instanceof RunbookError) return statusByCode[thrown.code] ?? exitStatus.unusable;
  if (systemCode(thrown)) return exitStatus.unusable;
  return exitStatus.failed;
}

/** One line, that says what and the mend. */
export function lineOf(thrown: unknown): string {
  const error = toError(thrown);
  const text = error instanceof RunbookError ? error.toLine() : fileLine(thrown) || error.message;
  return `runbook: ${text.replace(/\s*\n\s*/g, ' ')}`;
}

function fileLine(thrown: unknown): string | undefined {
  const file = (thrown as { path?: unknown }).path;
  if (typeof file !== 'string') return undefined;
  switch (systemCode(thrown)) {
    case 'ENOENT':
      return `${file} does not exist. Check the path.`;
    case 'EACCES':
    case 'EPERM':
      return `${file} can't be accessed. Check its permissions.`;
    case 'EISDIR':
      return `${file} is a folder. Name a file.`;
    case 'ENOSPC':
      return `The disk is full: ${file} could not be written. Free some space.`;
    default:
      return undefined;
  }
}
