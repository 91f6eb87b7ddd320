// Evaluates PromQL over the series that the practice cluster keeps.

import type { Expression, LabelMatcher, Matching } from './promqlParse.ts';
import { PromqlError } from './promqlParse.ts';

export type Labels = Readonly<Record<string, string>>;
export interface Series {
  readonly labels: Labels;
  /** Time in milliseconds and value, oldest first. */
  readonly points: readonly (readonly [number, number])[];
}
export interface VectorElement {
  readonly labels: Labels;
  readonly value: number;
}
/** Where the series come from: those named `name` (all, when empty) with points in [from, to]. */
export type SeriesSource = (name: string, fromMs: number, toMs: number) => Iterable<Series>;

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly elements: readonly VectorElement[] }
  | { readonly type: 'matrix'; readonly series: readonly Series[]; readonly rangeMs: number };

const lookBackMs = 60_000;
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

function matchesLabels(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every(({ label, operator, value }) => {
    const own = labels[label] ?? '';
    if (operator === '=') return own === value;
    if (operator === '!=') return own !== value;
    return new RegExp(`^(?:${value})$`).test(own) === (operator === '=~');
  });
}

export function evaluate(expression: Expression, atMs: number, source: SeriesSource): Value {
  switch (expression.type) {
    case 'number':
      return { type: 'scalar', value: expression.value };
    case 'string':
      return expression;
    case 'selector':
      return select(expression, atMs, source);
    case 'negate': {
      const of = evaluate(expression.of, atMs, source);
      return of.type === 'scalar'
        ? { type: 'scalar', value: -of.value }
        : mapVector(vectorOf(of), (value) => -value);
    }
    case 'call':
      return call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, atMs, source)),
        atMs,
      );
    case 'aggregate':
      return aggregate(expression, atMs, source);
    case 'binary':
      return binary(
        expression,
        evaluate(expression.left, atMs, source),
        evaluate(expression.right, atMs, source),
      );
  }
}

function select(
  expression: Extract<Expression, { type: 'selector' }>,
  atMs: number,
  source: SeriesSource,
): Value {
  const { name, matchers, rangeMs, offsetMs } = expression;
  const to = atMs - offsetMs;
  const from = to - (rangeMs || lookBackMs);
  const found = [...source(name, from, to)].filter((one) => matchesLabels(one.labels, matchers));
  if (rangeMs > 0) return { type: 'matrix', series: found, rangeMs };
  const elements = found.flatMap(({ labels, points }) =>
    points.length ? [{ labels, value: points.at(-1)![1] }] : [],
  );
  return { type: 'vector', elements };
}

function vectorOf(value: Value): readonly VectorElement[] {
  if (value.type === 'vector') return value.elements;
  if (value.type === 'scalar') return [{ labels: {}, value: value.value }];
  throw new PromqlError(`expected an instant vector, got ${value.type}`);
}

function scalarOf(value: Value | undefined): number {
  if (value?.type === 'scalar') return value.value;
  throw new PromqlError('expected a scalar');
}

function withoutName(labels: Labels): Labels {
  const { __name__: _name, ...rest } = labels;
  return rest;
}

function mapVector(elements: readonly VectorElement[], of: (value: number) => number): Value {
  return {
    type: 'vector',
    elements: elements.map(({ labels, value }) => ({ labels: withoutName(labels), value: of(value) })),
  };
}

/** What a counter grew by, resets counted, stretched to the whole range as Prometheus does. */
function increase(points: Series['points'], rangeMs: number): number | undefined {
  if (points.length < 2) return undefined;
  let grown = 0;
  for (let index = 1; index < points.length; index += 1) {
    const step = points[index]![1] - points[index - 1]![1];
    grown += step >= 0 ? step : points[index]![1];
  }
  const covered = points.at(-1)![0] - points[0]![0];
  return covered > 0 ? (grown * rangeMs) / covered : undefined;
}

type OverRange = (points: Series['points'], rangeMs: number) => number | undefined;
const values = (points: Series['points']): number[] => points.map(([, value]) => value);
const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
const overRange: Record<string, OverRange> = {
  rate: (points, rangeMs) => scaled(increase(points, rangeMs), 1000 / rangeMs),
  irate: (points, rangeMs) => scaled(increase(points.slice(-2), rangeMs), 1000 / rangeMs),
  increase,
  delta: (points) => points.at(-1)![1] - points[0]![1],
  changes: (points) =>
    points.filter((point, index) => index > 0 && point[1] !== points[index - 1]![1]).length,
  avg_over_time: (points) => total(values(points)) / points.length,
  sum_over_time: (points) => total(values(points)),
  min_over_time: (points) => Math.min(...values(points)),
  max_over_time: (points) => Math.max(...values(points)),
  count_over_time: (points) => points.length,
  last_over_time: (points) => points.at(-1)![1],
};
const scaled = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value * by;
const simple: Record<string, (value: number, ...more: number[]) => number> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  ln: Math.log,
  exp: Math.exp,
  round: (value, to = 1) => Math.round(value / to) * to,
  clamp_min: (value, least = 0) => Math.max(value, least),
  clamp_max: (value, most = 0) => Math.min(value, most),
};

function call(name: string, args: readonly Value[], atMs: number): Value {
  const [first, second] = args;
  if (name === 'time') return { type: 'scalar', value: atMs / 1000 };
  const range = overRange[name];
  if (range) {
    if (first?.type !== 'matrix')
      throw new PromqlError(`expected type range vector in call to function "${name}"`);
    const elements = first.series.flatMap(({ labels, points }) => {
      const value = points.length ? range(points, first.rangeMs) : undefined;
      return value === undefined ? [] : [{ labels: withoutName(labels), value }];
    });
    return { type: 'vector', elements };
  }
  if (!first) throw new PromqlError(`expected at least 1 argument in call to "${name}"`);
  if (simple[name])
    return mapVector(vectorOf(first), (value) => simple[name]!(value, ...args.slice(1).map(scalarOf)));
  switch (name) {
    case 'vector':
      return { type: 'vector', elements: vectorOf(first) };
    case 'scalar': {
      const elements = vectorOf(first);
      return { type: 'scalar', value: elements.length === 1 ? elements[0]!.value : Number.NaN };
    }
    case 'absent':
      return { type: 'vector', elements: vectorOf(first).length ? [] : [{ labels: {}, value: 1 }] };
    case 'sort':
    case 'sort_desc':
      return {
        type: 'vector',
        elements: [...vectorOf(first)].sort((a, b) => (name === 'sort' ? 1 : -1) * (a.value - b.value)),
      };
    case 'timestamp':
      return mapVector(vectorOf(first), () => atMs / 1000);
    case 'histogram_quantile':
      return histogramQuantile(scalarOf(first), second ? vectorOf(second) : []);
    default:
      throw new PromqlError(`unknown function with name "${name}"`);
  }
}

function histogramQuantile(quantile: number, buckets: readonly VectorElement[]): Value {
  const groups = new Map<string, { labels: Labels; bounds: [number, number][] }>();
  for (const { labels, value } of buckets) {
    const { le, ...rest } = withoutName(labels);
    if (le === undefined) continue;
    const key = JSON.stringify(Object.entries(rest).sort());
    const group = groups.get(key) ?? { labels: rest, bounds: [] };
    group.bounds.push([le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value]);
    groups.set(key, group);
  }
  const elements = [...groups.values()].map(({ labels, bounds }) => {
    bounds.sort((a, b) => a[0] - b[0]);
    const rank = quantile * (bounds.at(-1)?.[1] ?? 0);
    const index = bounds.findIndex(([, count]) => count >= rank);
    const [upper, count] = bounds[index] ?? [Number.NaN, 0];
    const [lower, before] = bounds[index - 1] ?? [0, 0];
    if (upper === Number.POSITIVE_INFINITY) return { labels, value: lower };
    const share = count === before ? 0 : (rank - before) / (count - before);
    return { labels, value: lower + (upper - lower) * share };
  });
  return { type: 'vector', elements };
}

function aggregate(
  expression: Extract<Expression, { type: 'aggregate' }>,
  atMs: number,
  source: SeriesSource,
): Value {
  const { name, args, by, without } = expression;
  const evaluated = args.map((arg) => evaluate(arg, atMs, source));
  const ranked = name === 'topk' || name === 'bottomk';
  const elements = vectorOf(evaluated[ranked ? 1 : 0] ?? { type: 'vector', elements: [] });
  if (ranked) {
    const sorted = [...elements].sort((a, b) => (name === 'topk' ? b.value - a.value : a.value - b.value));
    return { type: 'vector', elements: sorted.slice(0, scalarOf(evaluated[0])) };
  }
  const groups = new Map<string, { labels: Labels; values: number[] }>();
  for (const { labels, value } of elements) {
    const own = withoutName(labels);
    const kept = Object.entries(own).filter(([label]) =>
      without ? !without.includes(label) : (by?.includes(label) ?? false),
    );
    const key = JSON.stringify(kept.sort());
    const group = groups.get(key) ?? { labels: Object.fromEntries(kept), values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  const reduce: Record<string, (list: number[]) => number> = {
    sum: total,
    avg: (list) => total(list) / list.length,
    min: (list) => Math.min(...list),
    max: (list) => Math.max(...list),
    count: (list) => list.length,
    group: () => 1,
  };
  return {
    type: 'vector',
    elements: [...groups.values()].map(({ labels, values: list }) => ({
      labels,
      value: reduce[name]!(list),
    })),
  };
}

function compute(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    default:
      return Number(left >= right);
  }
}

function matchKey(labels: Labels, { on, ignoring }: Matching): string {
  const entries = Object.entries(withoutName(labels)).filter(([label]) =>
    on ? on.includes(label) : !ignoring?.includes(label),
  );
  return JSON.stringify(entries.sort());
}

function binary(expression: Extract<Expression, { type: 'binary' }>, left: Value, right: Value): Value {
  const { operator, bool, matching } = expression;
  const filters = comparisons.has(operator) && !bool;
  if (left.type === 'scalar' && right.type === 'scalar')
    return { type: 'scalar', value: compute(operator, left.value, right.value) };
  const lefts = vectorOf(left);
  const rights = vectorOf(right);
  if (operator === 'and' || operator === 'unless' || operator === 'or') {
    const keys = new Set(rights.map((one) => matchKey(one.labels, matching)));
    if (operator === 'or') {
      const own = new Set(lefts.map((one) => matchKey(one.labels, matching)));
      return {
        type: 'vector',
        elements: [...lefts, ...rights.filter((one) => !own.has(matchKey(one.labels, matching)))],
      };
    }
    const wanted = operator === 'and';
    return {
      type: 'vector',
      elements: lefts.filter((one) => keys.has(matchKey(one.labels, matching)) === wanted),
    };
  }
  const combine = (labels: Labels, a: number, b: number, kept: number): VectorElement[] => {
    const value = compute(operator, a, b);
    if (!filters) return [{ labels: withoutName(labels), value }];
    return value === 1 ? [{ labels, value: kept }] : [];
  };
  if (right.type === 'scalar')
    return {
      type: 'vector',
      elements: lefts.flatMap((one) => combine(one.labels, one.value, right.value, one.value)),
    };
  if (left.type === 'scalar')
    return {
      type: 'vector',
      elements: rights.flatMap((one) => combine(one.labels, left.value, one.value, one.value)),
    };
  const many = matching.many === 'right' ? rights : lefts;
  const one = matching.many === 'right' ? lefts : rights;
  const partners = new Map(one.map((element) => [matchKey(element.labels, matching), element]));
  const elements = many.flatMap((element) => {
    const partner = partners.get(matchKey(element.labels, matching));
    if (!partner) return [];
    const [a, b] =
      matching.many === 'right' ? [partner.value, element.value] : [element.value, partner.value];
    const labels =
      matching.many || filters
        ? element.labels
        : Object.fromEntries(JSON.parse(matchKey(element.labels, matching)));
    return combine(labels, a, b, a);
  });
  return { type: 'vector', elements };
}
