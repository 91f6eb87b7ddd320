// The values of a run's queries: how its evidence points at them, how they are read back, how much an editor gets.

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { QueryAnswer, QueryPicture, Sample } from '../base/queryPicture.ts';
import type { RecordedRun } from './recordedRuns.ts';

/** What an editor is given; the evidence has all. */
const shownSeries = 20;
const shownRows = 200;
const readLimit = 64 * 1024 * 1024;

/** `about` of the event that points at a run's values. */
export const queryValues = 'values of its queries';

/** As much of it as an editor can hold. */
export function shownPart(picture: QueryPicture): QueryPicture {
  return {
    ...picture,
    answers: picture.answers.map((answer) => ({
      ...answer,
      rows: [...answer.rows].sort(worstFirst(answer, ({ value }) => value)).slice(0, shownRows),
      omitted: answer.omitted + Math.max(0, answer.rows.length - shownRows),
      chart: answer.chart && {
        ...answer.chart,
        series: [...answer.chart.series]
          .sort(worstFirst(answer, ({ points }) => points.at(-1)?.[1]))
          .slice(0, shownSeries),
        omitted: answer.chart.omitted + Math.max(0, answer.chart.series.length - shownSeries),
      },
    })),
  };
}

/** The highest value first; the lowest where the threshold is a floor. What is no number comes last. */
function worstFirst<T>(
  { chart }: QueryAnswer,
  sampleOf: (one: T) => Sample | undefined,
): (one: T, other: T) => number {
  const isFloor = chart?.threshold?.comparison.startsWith('<') ?? false;
  const rank = (one: T): number => {
    const value = sampleOf(one);
    if (typeof value !== 'number') return value === '+Inf' && !isFloor ? Number.MAX_VALUE : -Number.MAX_VALUE;
    return isFloor ? -value : value;
  };
  return (one, other) => rank(other) - rank(one);
}

/** undefined where a run has none, and where what is on disk is none. */
export async function readQueryValues({ dir, values }: RecordedRun): Promise<QueryPicture | undefined> {
  if (!values || !/^[0-9a-f]{64}$/.test(values.sha256)) return undefined;
  try {
    const file = path.join(dir, 'blobs', values.sha256);
    if ((await stat(file)).size > readLimit) return undefined;
    const picture = JSON.parse(await readFile(file, 'utf8')) as QueryPicture;
    return picture.format === 'runbook-query-1' ? shownPart(picture) : undefined;
  } catch {
    return undefined;
  }
}
