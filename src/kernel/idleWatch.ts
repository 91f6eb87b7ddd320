// Notices a bash that will never answer: it waits for the kernel's next command although it owes a report. That
// comes of `set -n`, of a restricted shell, of builtins taken away. Linux only; elsewhere the user has Restart.

import { readFileSync, readlinkSync } from 'node:fs';
import type { Disposable } from '../base/disposable.ts';

const intervalMs = 400;
/** Where bash keeps the script that it reads. */
const scriptDescriptor = 255;

function waitsForScript(pid: number, script: string): boolean {
  try {
    const [, descriptor] = readFileSync(`/proc/${pid}/syscall`, 'latin1').split(' ');
    return (
      Number(descriptor) === scriptDescriptor &&
      readlinkSync(`/proc/${pid}/fd/${scriptDescriptor}`) === script
    );
  } catch {
    return false;
  }
}

/** Calls `onIdle` once when bash was seen waiting twice in a row. */
export function watchIdle(pid: number, script: string, onIdle: () => void): Disposable {
  let seen = 0;
  const timer = setInterval(() => {
    seen = waitsForScript(pid, script) ? seen + 1 : 0;
    if (seen < 2) return;
    clearInterval(timer);
    onIdle();
  }, intervalMs);
  return { dispose: () => clearInterval(timer) };
}
