// What a placeholder's value may be: each source (the cluster's live names, the labels of an alert) is asked for its
// suggestions, all at once and within seconds. A source that fails or is late suggests nothing: the operator types.

import type { Placeholder } from '../shell/placeholders.ts';

export interface Suggestion {
  readonly value: string;
  /** Where it comes from and in what state, in words: `pod, Running, 3 h old`. */
  readonly from: string;
}

/** A place in a cell's text that wants a value. */
export interface OpenValue {
  readonly placeholder: Placeholder;
  /** The cell's text, which the placeholder's offsets count in. */
  readonly text: string;
  /** What is known of other placeholders, by name. */
  readonly values: ReadonlyMap<string, string>;
}

export interface ValueSource {
  /** The best first. */
  suggest(open: OpenValue, signal: AbortSignal): Promise<readonly Suggestion[]>;
}

const usualBudgetMs = 2500;
const mostSuggestions = 40;

/** Of all sources in their order, each value once; of those that answer within `budgetMs`. Never rejects. */
export async function suggestionsFor(
  sources: readonly ValueSource[],
  open: OpenValue,
  signal?: AbortSignal,
  budgetMs = usualBudgetMs,
): Promise<Suggestion[]> {
  if (sources.length === 0) return [];
  const limit = AbortSignal.timeout(budgetMs);
  const both = signal ? AbortSignal.any([limit, signal]) : limit;
  const late = new Promise<readonly Suggestion[]>((resolve) =>
    both.addEventListener('abort', () => resolve([]), { once: true }),
  );
  const found = await Promise.all(
    sources.map((source) => Promise.race([source.suggest(open, both).catch(() => []), late])),
  );
  const once = new Map<string, Suggestion>();
  for (const one of found.flat()) if (!once.has(one.value)) once.set(one.value, one);
  return [...once.values()].slice(0, mostSuggestions);
}
