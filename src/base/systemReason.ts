// Why the system would not write, for people who do not know its codes by heart.

import { systemCode, toError } from './runbookError.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOENT: 'the folder is not there',
  ENOTDIR: 'a file stands where the folder should be',
  EIO: 'the disk does not answer as it should',
};

/** `the disk is full (ENOSPC)`; the error's own message where its code is none of those. */
export function systemReason(thrown: unknown): string {
  const code = systemCode(thrown) ?? '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return reason ? `${reason} (${code})` : toError(thrown).message;
}
