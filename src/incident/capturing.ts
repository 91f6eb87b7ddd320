// The evidence of all calls of one question: taken while it is read, told beside it as far as it is there by then, and
// what was not got by the time the change runs told after it.

import type { BeforeChange, Captured, ClusterCall } from './beforeChange.ts';

export interface Capturing {
  /** Lines for the question as it stands now. */
  soFar(): string[];
  /** Ends within three seconds, a session's first within five; lines that `soFar` has not told. */
  rest(): Promise<string[]>;
}

export function captureAll(
  calls: readonly ClusterCall[],
  run: string,
  beforeChange: BeforeChange | undefined,
): Capturing {
  const begun = calls.flatMap((call) => beforeChange?.capture(call, run) ?? []);
  let ended: readonly Captured[] | undefined = begun.length === 0 ? [] : undefined;
  const all = Promise.all(begun).then((captured) => {
    ended = captured;
    return captured;
  });
  let isTold = false;
  return {
    soFar() {
      if (begun.length === 0) return [];
      if (!ended) return ['Logs, events and manifests of what this touches are being kept while you read.'];
      isTold = true;
      const kept = ended.reduce((sum, one) => sum + one.kept, 0);
      const lines = ended.flatMap(({ missed }) => missed);
      return [[`Kept as evidence before the change: ${kept} files.`, ...lines].join('\n')];
    },
    async rest() {
      const lines = (await all).flatMap(({ missed }) => missed);
      return isTold ? [] : lines;
    },
  };
}
