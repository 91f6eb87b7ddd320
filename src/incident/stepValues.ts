// What is known for the placeholders of an incident's runbooks: values that were given, each with where it came
// from, and suggestions for those that are still open. A remembered pod is looked up again before each use, and
// what came from the severity is asked again when that changes.

import os from 'node:os';
import { readIncident } from '../evidence/read/readIncident.ts';
import { callsOf } from '../lint/callSite.ts';
import { findPlaceholders, type Placeholder } from '../shell/placeholders.ts';
import { type AlertWords, suggestLabels } from './alertLabels.ts';
import { type IncidentStatus, incidentStatus } from './incidentStatus.ts';
import { liveNames, wantedOf } from './liveNames.ts';
import type { ValueRequest } from './question.ts';
import type { SessionTarget } from './sessionTarget.ts';
import { shellParser } from './shellTools.ts';
import { type OpenValue, type Suggestion, suggestionsFor, type ValueSource } from './valueSources.ts';

interface Known {
  readonly value: string;
  /** The incident's severity when it was given, for a value that goes by it. */
  readonly severity?: string | null;
  /** Said on the command line, for this run: nothing of it is looked up. */
  readonly fixed?: boolean;
}

const lookupMs = 1500;

export class StepValues {
  readonly #folder: string;
  readonly #target: () => SessionTarget | undefined;
  readonly #alertWords: () => readonly AlertWords[];
  readonly #known = new Map<string, Known>();
  /** Of other people in this incident, and of the session's own variables: never taken unasked. */
  readonly #offered = new Map<string, Suggestion[]>();
  #recalled: Promise<void> | undefined;

  /**
   * @param folder the incident's.
   * @param given `--var`: known from the start.
   * @param alertWords labels and annotations of the alerts at hand.
   */
  constructor(
    folder: string,
    target: () => SessionTarget | undefined,
    given: ReadonlyMap<string, string> = new Map(),
    alertWords: () => readonly AlertWords[] = () => [],
  ) {
    this.#alertWords = alertWords;
    this.#folder = folder;
    this.#target = target;
    for (const [name, value] of given) this.#known.set(name, { value, fixed: true });
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  /** Those of the placeholders that are known now, by name. */
  of(placeholders: readonly Placeholder[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const { name } of placeholders) {
      const known = this.#known.get(name);
      if (known) found.set(name, known.value);
    }
    return found;
  }

  async keep(name: string, value: string): Promise<void> {
    const severity = isOfSeverity(name) ? { severity: (await this.#status()).severity } : {};
    this.#known.set(name, { value, ...severity });
  }

  forget(name: string): void {
    this.#known.delete(name);
  }

  /** Drops what no longer holds: a pod that is gone, a word of another severity. Resolves to why, by name. */
  async check(placeholders: readonly Placeholder[], text: string): Promise<Map<string, string>> {
    this.#recalled ??= this.#recall();
    await this.#recalled;
    const dropped = new Map<string, string>();
    for (const placeholder of distinct(placeholders)) {
      const known = this.#known.get(placeholder.name);
      if (!known || known.fixed) continue;
      const why = (await this.#otherSeverity(known)) ?? (await this.#gonePod(placeholder, known, text));
      if (why) {
        this.#known.delete(placeholder.name);
        dropped.set(placeholder.name, why);
      }
    }
    return dropped;
  }

  /** One request a name, with what could be meant and where that comes from. */
  async requests(
    placeholders: readonly Placeholder[],
    text: string,
    notes: ReadonlyMap<string, string>,
    signal?: AbortSignal,
  ): Promise<Omit<ValueRequest, 'steps'>[]> {
    const status = await this.#status();
    return Promise.all(
      distinct(placeholders).map(async (placeholder) => {
        const { name } = placeholder;
        const note = notes.get(name);
        const suggestions = [
          ...(this.#offered.get(name) ?? []),
          ...suggestLabels(name, [...wordsOf(status), ...this.#alertWords()]),
          ...this.#ofIncident(name, status),
          ...(await suggestionsFor(this.#sources, { placeholder, text, values: this.#all() }, signal)),
        ];
        return { name, text: placeholder.text, suggestions: once(suggestions), ...(note ? { note } : {}) };
      }),
    );
  }

  async #otherSeverity(known: Known): Promise<string | undefined> {
    if (known.severity === undefined) return undefined;
    const { severity } = await this.#status();
    return severity === known.severity
      ? undefined
      : `${known.value} was given when the severity was ${known.severity ?? 'not set'}`;
  }

  async #gonePod(placeholder: Placeholder, { value }: Known, text: string): Promise<string | undefined> {
    const target = this.#target();
    if (!target) return undefined;
    const open: OpenValue = { placeholder, text, values: this.#all() };
    const wanted = wantedOf(open, callsOf(await shellParser(), text, findPlaceholders(text)));
    if (wanted?.resource !== 'pods' && wanted?.resource !== 'pod') return undefined;
    // A cluster that can't be asked is no reason to forget.
    const live = await liveNames(target)
      .suggest(open, AbortSignal.timeout(lookupMs))
      .catch(() => undefined);
    return live && !live.some((one) => one.value === value) ? `${value} is gone` : undefined;
  }

  #ofIncident(name: string, status: IncidentStatus): Suggestion[] {
    const target = this.#target()?.pin;
    const plain = name
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim();
    const found: Suggestion[] = [];
    const add = (value: string | null | undefined, from: string): void => {
      if (value) found.push({ value, from });
    };
    if (isOfSeverity(name)) add(status.severity, 'the severity of the incident');
    if (/\bincident( (id|number|no|key))?$|^(id|ticket)$/.test(plain)) add(status.id, 'this incident');
    if (/\balert( ?name)?$/.test(plain)) add(status.alert, 'the alert of the incident');
    if (/\b(namespace|ns)$/.test(plain)) add(target?.namespace, 'the pinned namespace');
    if (/\b(context|cluster)( name)?$/.test(plain)) add(target?.context, 'the pinned context');
    if (/\b(date|day)$/.test(plain)) add(new Date().toISOString().slice(0, 10), 'today, UTC');
    if (/\b(timestamp|time|now)$/.test(plain)) add(new Date().toISOString(), 'now, UTC');
    if (/\b(commander( name)?|ic|approver)$/.test(plain))
      add(status.commander ?? userName(), status.commander ? 'the commander of the incident' : 'you');
    if (/\b(operator|engineer|user|username|your name|who)$/.test(plain)) add(userName(), 'you');
    return found;
  }

  #all(): Map<string, string> {
    return new Map([...this.#known].map(([name, { value }]) => [name, value]));
  }

  /** What the operator may mean: the cluster's live names. */
  get #sources(): ValueSource[] {
    const target = this.#target();
    return target ? [liveNames(target)] : [];
  }

  #status(): Promise<IncidentStatus> {
    return incidentStatus(this.#folder);
  }

  /** What was given earlier in this incident: the last of one's own is kept, another's is suggested. */
  async #recall(): Promise<void> {
    const recalled = new Map<string, Known>();
    const { events } = await readIncident(this.#folder);
    const people = new Map<string, string>();
    const own = `${userName()}@${os.hostname()}`;
    for (const { writer, event } of events) {
      if (event.type === 'incident.opened' || event.type === 'incident.joined') {
        people.set(writer, `${event.actor.user}@${event.actor.host}`);
      }
      if (event.type !== 'cell.intent') continue;
      const { values, severity } = (event.extra ?? {}) as ValuesTold;
      const by = people.get(writer) ?? writer;
      for (const [name, value] of Object.entries(values ?? {})) {
        // A credential was cut out of it: what is left is no value.
        if (typeof value !== 'string' || value.includes('[cut ')) continue;
        if (by !== own) {
          const from = `${by} used it at ${event.time.slice(11, 16)}`;
          this.#offered.set(name, [{ value, from }, ...(this.#offered.get(name) ?? [])]);
        } else recalled.set(name, { value, ...(isOfSeverity(name) ? { severity: severity ?? null } : {}) });
      }
    }
    for (const [name, known] of recalled) if (!this.#known.has(name)) this.#known.set(name, known);
  }

  /** For the intent of a run: what was put in, so that it is remembered for the incident. */
  async told(placeholders: readonly Placeholder[]): Promise<ValuesTold> {
    const values = Object.fromEntries(this.of(placeholders));
    if (Object.keys(values).length === 0) return {};
    const severity = placeholders.some(({ name }) => isOfSeverity(name))
      ? (await this.#status()).severity
      : null;
    return { values, ...(severity === null ? {} : { severity }) };
  }
}

function wordsOf({ alert, labels, annotations }: IncidentStatus): AlertWords[] {
  return [{ origin: `${alert ?? 'the alert'}, as the incident began`, labels, annotations }];
}

/** In the `extra` of an intent. */
export interface ValuesTold {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly severity?: string;
}

/** Whether the value came from how bad the incident is: it is asked again when that changes. */
function isOfSeverity(name: string): boolean {
  return /(^|[^a-z])(sev|severity|level|priority|prio)([^a-z]|$)/i.test(name);
}

function distinct(placeholders: readonly Placeholder[]): Placeholder[] {
  return [...new Map(placeholders.map((one) => [one.name, one])).values()];
}

function once(suggestions: readonly Suggestion[]): Suggestion[] {
  return suggestions.filter(({ value }, at) => suggestions.findIndex((one) => one.value === value) === at);
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return '';
  }
}
