// What a metric query answered, as plain data: kept in the evidence as it is, drawn by the editor's renderer, told
// in text on the command line. Samples that are no finite numbers stand as the words that Prometheus has for them.

export type Sample = number | 'NaN' | '+Inf' | '-Inf';

export interface QuerySeries {
  readonly labels: Readonly<Record<string, string>>;
  /** `[epoch milliseconds, sample]`, in time's order. */
  readonly points: readonly (readonly [number, Sample])[];
}

/** A line across the chart. */
export interface QueryThreshold {
  readonly value: number;
  readonly comparison: '>' | '>=' | '<' | '<=' | '==' | '!=';
  /** Who says so: `the query`, `the runbook: > 5% over 10 minutes`, `threshold= of the cell`. */
  readonly from: string;
}

export interface QueryChart {
  /** What was asked for over time; not the query itself where that ends in a comparison, which would cut the line. */
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  /** null for the samples as they were scraped. */
  readonly stepMs: number | null;
  readonly series: readonly QuerySeries[];
  /** How many more there are that are not here. */
  readonly omitted: number;
  readonly threshold: QueryThreshold | null;
}

export interface QueryAnswer {
  readonly query: string;
  readonly type: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly atMs: number;
  /** The value now, one a series; of a `matrix` its last. */
  readonly rows: readonly { readonly labels: QuerySeries['labels']; readonly value: Sample }[];
  readonly omitted: number;
  /** Of a `string`. */
  readonly text: string | null;
  readonly chart: QueryChart | null;
  /** Warnings of the server, and why there is no chart where there is none. */
  readonly notes: readonly string[];
}

export interface QueryPicture {
  readonly format: 'runbook-query-1';
  /** Address of the server, without credentials. */
  readonly source: string;
  readonly answers: readonly QueryAnswer[];
}

/** Under which the editor and its renderer know it. */
export const queryPictureMime = 'application/vnd.runbook.query+json';
