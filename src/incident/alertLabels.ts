// Labels and annotations of alerts as values for what a runbook leaves open: suggested with their origin, never taken
// unasked.

import type { Suggestion } from './valueSources.ts';

/** One alert's own words, and whose they are: `PodCrashLooping, firing`. */
export interface AlertWords {
  readonly origin: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Words before a name that say nothing of which it is. */
const said = /^(?:your|the|my|target|affected|failing|broken|this|some)[\s_-]+/i;

/** The best first: the label of that very name, then one that the placeholder's words end in. */
export function suggestLabels(name: string, alerts: readonly AlertWords[]): Suggestion[] {
  const wanted = flat(name.replace(said, ''));
  const exact: Suggestion[] = [];
  const near: Suggestion[] = [];
  for (const { origin, labels, annotations } of alerts) {
    for (const [kind, texts] of [
      ['label', labels],
      ['annotation', annotations],
    ] as const) {
      for (const [key, value] of Object.entries(texts)) {
        const own = flat(key);
        if (own === '' || value === '') continue;
        const from = `${kind} ${key} of ${origin}`;
        if (wanted === own || wanted === `${own}name` || `${wanted}name` === own) exact.push({ value, from });
        else if (
          kind === 'label' &&
          own.length > 2 &&
          (wanted.endsWith(own) || wanted.endsWith(`${own}name`))
        )
          near.push({ value, from });
      }
    }
  }
  return [...exact, ...near];
}

const synonyms: Record<string, string> = { ns: 'namespace', po: 'pod', svc: 'service', deploy: 'deployment' };

function flat(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return synonyms[plain] ?? plain;
}
