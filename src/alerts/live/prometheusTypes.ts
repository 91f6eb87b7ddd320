// What Prometheus's HTTP API v1 gives, as we hand it on: times in milliseconds, values as numbers.

export type Labels = Readonly<Record<string, string>>;

export interface PrometheusAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'firing' | 'pending';
  /** When its condition became true, which is before it fires where the rule has a `for`. */
  readonly activeAtMs: number | null;
  readonly value: number;
}

export interface PrometheusRule {
  readonly name: string;
  readonly query: string;
  /** The rule's `for`. */
  readonly forMs: number;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'firing' | 'pending' | 'inactive' | 'unknown';
  readonly health: string;
  readonly lastError: string | null;
  readonly alerts: readonly PrometheusAlert[];
  readonly group: string;
  readonly file: string;
}

export interface PrometheusSeries {
  readonly labels: Labels;
  /** Time in milliseconds, value; `NaN` and infinities as they are. */
  readonly points: readonly (readonly [number, number])[];
}

export interface PrometheusResult {
  readonly type: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly series: readonly PrometheusSeries[];
  /** Of a `string` result. */
  readonly text: string | null;
}
