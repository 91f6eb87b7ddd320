// Values that the runbook leaves open: which are given, which will be asked for, and how many live names fit each.

import { suggestionsFor, type ValueSource } from '../valueSources.ts';
import type { NeededValue, Needs } from './neededCalls.ts';
import type { Check } from './preflightReport.ts';

export interface ValuesPlace {
  /** By the placeholder's name: `--var`. */
  readonly values: ReadonlyMap<string, string>;
  readonly sources: readonly ValueSource[];
  readonly signal?: AbortSignal | undefined;
}

const shownNames = 3;

export async function checkValues({ values: needed }: Needs, place: ValuesPlace): Promise<Check[]> {
  const byName = new Map<string, NeededValue[]>();
  for (const one of needed) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return Promise.all([...byName].map(([name, uses]) => check(name, uses, place)));
}

async function check(name: string, uses: readonly NeededValue[], place: ValuesPlace): Promise<Check> {
  const first = uses[0]!;
  const base = { area: 'values' as const, what: first.text, where: uses.map(({ where }) => where) };
  const given = place.values.get(name);
  if (given !== undefined) return { ...base, state: 'ok', says: `is ${given}` };
  const asked = first.isVariable ? 'nothing sets it before its cell: it is asked for' : 'is asked for';
  const fits = await suggestionsFor(
    place.sources,
    {
      placeholder: {
        text: first.text,
        name,
        start: first.start,
        end: first.end,
        line: 0,
        form: formOf(first),
      },
      text: first.cellText,
      values: place.values,
    },
    place.signal,
  );
  if (fits.length === 0) return { ...base, state: 'note', says: asked };
  const shown = fits.slice(0, shownNames).map(({ value }) => value);
  const more = fits.length > shown.length ? `, and ${fits.length - shown.length} more` : '';
  return { ...base, state: 'ok', says: `${asked}; live names that fit: ${shown.join(', ')}${more}` };
}

const formOf = ({ isVariable, text }: NeededValue): 'variable' | 'xxx' | 'angle' =>
  isVariable ? 'variable' : /-x{3,}$/i.test(text) ? 'xxx' : 'angle';
