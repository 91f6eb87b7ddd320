// Ctrl-C while cells run: the first interrupts the cell, the second ends the program.

import type { Disposable } from '../base/disposable.ts';
import { exitStatus } from './exitStatus.ts';

export interface Interrupts extends Disposable {
  wasInterrupted(): boolean;
}

export function watchInterrupts(interrupt: () => void): Interrupts {
  let count = 0;
  const onSignal = (): void => {
    count++;
    // The supervisor ends what the cells started once this process is gone.
    if (count > 1) process.exit(exitStatus.interrupted);
    interrupt();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    wasInterrupted: () => count > 0,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
