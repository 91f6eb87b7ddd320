// The verifier: works offline, trusts nothing it reads, and has its trust handed in.

import { stat } from 'node:fs/promises';
import { RunbookError, systemCode } from '../../base/runbookError.ts';
import { openFolder } from './source.ts';
import type { Trust, Verification } from './verification.ts';
import { verifyIncident } from './verifyIncident.ts';
import { verifyPack } from './verifyPack.ts';

/**
 * Verifies an incident's folder or a pack. Throws `evidence-unreadable` for what is neither; what is wrong with
 * the evidence itself is in the result.
 */
export async function verifyEvidence(folderOrPack: string, trust: Trust = {}): Promise<Verification> {
  const entry = await stat(folderOrPack).catch((cause: unknown) => {
    throw new RunbookError({
      code: 'evidence-unreadable',
      message:
        systemCode(cause) === 'ENOENT'
          ? `${folderOrPack} does not exist.`
          : `${folderOrPack} can not be read: ${systemCode(cause) ?? 'unknown error'}.`,
      mend: "Give an incident's folder or a pack.",
      cause,
    });
  });
  if (!entry.isDirectory()) return verifyPack(folderOrPack, trust);
  const source = await openFolder(folderOrPack);
  try {
    return await verifyIncident(source, trust);
  } finally {
    source.close();
  }
}
