// Numbers, times and names as a person reads them beside a chart.

import type { Sample } from '../base/queryPicture.ts';

/** `name{label="value"}`, as Prometheus writes a series. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels;
  const inner = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return inner.length > 0 || name === '' ? `${name}{${inner.join(', ')}}` : name;
}

/** Six digits at most; large and small ones with an exponent. */
export function numberText(value: Sample | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return value;
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) return value.toExponential(3);
  return String(Number(value.toPrecision(6)));
}

/** `14:05:09`, in UTC as everywhere in the evidence. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

export function duration(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const [unit, size] = units.find(([, one]) => ms >= one) ?? units[3];
  return `${Number((ms / size).toFixed(1))} ${unit}`;
}
