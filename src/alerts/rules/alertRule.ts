// One alerting rule, from a file, a fence, a Prometheus server or a PrometheusRule object.

export interface AlertRule {
  readonly name: string;
  readonly expr: string;
  /** As written: `10m`; empty where the rule fires at once. */
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly group: string | null;
  /** Line of the `alert` key, from 0, within its text. */
  readonly line: number;
}

/** A rule with the place that it comes from: a path, or the URL of a server. */
export interface PlacedRule extends AlertRule {
  readonly file: string;
}
