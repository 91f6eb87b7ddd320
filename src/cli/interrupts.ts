// Ctrl-C while cells run: the first interrupts the cell, the second ends the program. Where the terminal hangs up or
// nobody reads the output any more, the cell is interrupted too: nothing goes on unseen.

import type { Disposable } from '../base/disposable.ts';
import { exitStatus } from './exitStatus.ts';
import { onReaderGone } from './print.ts';

export interface Interrupts extends Disposable {
  wasInterrupted(): boolean;
}

export function watchInterrupts(interrupt: () => void): Interrupts {
  let count = 0;
  let isAlone = false;
  const onAlone = (): void => {
    if (!isAlone) interrupt();
    isAlone = true;
  };
  const onSignal = (): void => {
    count++;
    // The supervisor ends what the cells started once this process is gone.
    if (count > 1) process.exit(exitStatus.interrupted);
    interrupt();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onAlone);
  const reader = onReaderGone(onAlone);
  return {
    wasInterrupted: () => count > 0 || isAlone,
    dispose() {
      reader.dispose();
      process.off('SIGHUP', onAlone);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
