// That a request is used once: by whoever is the first to write its nonce down on this machine.

import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Made exclusively, so that of two uses at once one fails; what can't be recorded is not allowed. */
export async function takeNonce(folder: string, nonce: string): Promise<boolean> {
  if (!/^[0-9a-f]{32}$/.test(nonce)) return false;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(path.join(folder, nonce), 'wx', 0o600);
    await handle.sync();
    await handle.close();
    return true;
  } catch {
    return false;
  }
}
