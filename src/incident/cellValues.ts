// Values for what a runbook's author left open. They are asked for once, kept for the session, and put in so
// that a value can never become code.

import type { Assessment } from '../shell/assess.ts';
import type { Placeholder } from '../shell/placeholders.ts';
import { substitute } from '../shell/substitute.ts';
import type { Questioner, ValueRequest } from './question.ts';
import { suggestionsFor, type ValueSource } from './valueSources.ts';

export type Filled =
  | {
      readonly ok: true;
      readonly text: string;
      /** Unset variables that the text takes as given, to be set in the session. */
      readonly variables: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly reason: string };

/** Fills in what is known, asks for the rest at once, and remembers the answers in `values`. */
export async function fillIn(
  text: string,
  assessment: Assessment,
  values: Map<string, string>,
  {
    questioner,
    sources,
    signal,
  }: {
    readonly questioner: Questioner;
    readonly sources: readonly ValueSource[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Filled> {
  const open = assessment.placeholders.filter(({ name }) => !values.has(name));
  if (open.length > 0) {
    const answers = await questioner.askValues(
      await requestsFor(text, open, { values, sources, signal }),
      signal,
    );
    for (const [name, value] of answers ?? []) if (value !== '') values.set(name, value);
  }
  const missing = assessment.placeholders.filter(({ name }) => !values.has(name));
  if (missing.length > 0) {
    const names = [...new Set(missing.map((one) => one.text))].join(', ');
    return { ok: false, reason: `${names} has no value yet (--var NAME=VALUE, or answer when asked)` };
  }
  const put = substitute(text, values);
  const [refused] = put.refused;
  if (refused) {
    values.delete(refused.placeholder.name);
    return {
      ok: false,
      reason: `the value of ${refused.placeholder.text} can't stand there: ${refused.why}`,
    };
  }
  const variables = assessment.placeholders.filter(({ form }) => form === 'variable');
  return {
    ok: true,
    text: put.text,
    variables: Object.fromEntries(variables.map(({ name }) => [name, values.get(name)!])),
  };
}

/** Each name once, with what the sources suggest for the first place where it stands. */
function requestsFor(
  text: string,
  open: readonly Placeholder[],
  {
    values,
    sources,
    signal,
  }: {
    readonly values: ReadonlyMap<string, string>;
    readonly sources: readonly ValueSource[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ValueRequest[]> {
  const first = new Map<string, Placeholder>();
  for (const placeholder of open) if (!first.has(placeholder.name)) first.set(placeholder.name, placeholder);
  return Promise.all(
    [...first.values()].map(async (placeholder) => ({
      name: placeholder.name,
      text: placeholder.text,
      suggestions: await suggestionsFor(sources, { placeholder, text, values }, signal),
    })),
  );
}
