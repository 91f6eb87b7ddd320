// Files that a command names are read only where they are files: a pipe would wait for ever or lose what it held, and
// `/dev/fd/63` is another thing in this process than in the call's.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

const ofAProcess = /^\/(?:dev\/(?:fd\/|std(?:in|out|err)$)|proc\/)/;

/** @throws Error for what is no regular file, or can't be read. */
export async function readRegularFile(file: string): Promise<string> {
  if (ofAProcess.test(path.resolve(file))) throw new Error('it can be read by the call alone');
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is no regular file');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
