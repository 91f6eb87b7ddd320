// Flag grammars: which words of a command are flags, which their values, which the operands.

import { unknownPart, type Word } from './word.ts';

/**
 * How a tool reads its flags.
 * `gnu`: flags and operands mixed, `-xvf value`, long names may be cut short. `posix`: flags end at the first operand.
 * `cobra`: as `gnu`, but no shortened names (kubectl, helm, docker). `go`: one dash for long names (terraform).
 */
export type FlagStyle = 'gnu' | 'posix' | 'cobra' | 'go';

type Arity = 'none' | 'value' | 'optional';
interface FlagKind {
  readonly name: string;
  readonly arity: Arity;
}
type FlagTable = ReadonlyMap<string, FlagKind>;

const tables = new Map<string, FlagTable>();

/** Reads `-o,--output= --dry-run? -v`: `=` takes a value, `?` one only after `=`; the last name is the flag's own. */
export function flagTable(spec: string): FlagTable {
  const cached = tables.get(spec);
  if (cached) return cached;
  const table = new Map<string, FlagKind>();
  for (const entry of spec.split(/\s+/)) {
    if (!entry) continue;
    const arity: Arity = entry.endsWith('=') ? 'value' : entry.endsWith('?') ? 'optional' : 'none';
    const names = entry.replace(/[=?]$/, '').split(',');
    const kind = { name: names.at(-1)!, arity };
    for (const name of names) table.set(name, kind);
  }
  tables.set(spec, table);
  return table;
}

export interface FlagUse {
  readonly name: string;
  /** Undefined for a switch. May hold `unknownPart`. */
  readonly value: string | undefined;
  /** The value as written, where it is not known: `$NAMESPACE`. */
  readonly text?: string;
}

export class ParsedArguments {
  readonly flags: FlagUse[] = [];
  readonly operands: Word[] = [];
  /** The words after `--`; null without one. They are among `operands` too. */
  rest: Word[] | null = null;
  /** Flags that the grammar does not list, as written. */
  readonly unlisted: string[] = [];

  /** Given and not switched off again: the last one counts. */
  on(name: string): boolean {
    const last = this.flags.findLast((flag) => flag.name === name);
    return last !== undefined && last.value !== 'false';
  }
  /** The value of the last one; undefined where it was not given or is a switch. */
  last(name: string): string | undefined {
    return this.flags.findLast((flag) => flag.name === name)?.value;
  }
  /** The last one for people: its value, or as written where that is not known. */
  lastShown(name: string): string | undefined {
    const last = this.flags.findLast((flag) => flag.name === name);
    return last?.value?.includes(unknownPart) ? (last.text ?? '…') : last?.value;
  }
  all(name: string): string[] {
    return this.flags.flatMap((flag) => (flag.name === name ? [flag.value ?? ''] : []));
  }
}

/** Never throws; what it can't place is in `unlisted`. */
export function parseFlags(words: readonly Word[], spec: string, style: FlagStyle): ParsedArguments {
  const table = flagTable(spec);
  const parsed = new ParsedArguments();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const value = word.value;
    if (value === '--') {
      parsed.rest = words.slice(at + 1);
      parsed.operands.push(...parsed.rest);
      break;
    }
    if (value.length < 2 || !value.startsWith('-')) {
      if (style === 'posix') {
        parsed.operands.push(...words.slice(at));
        break;
      }
      parsed.operands.push(word);
    } else if (value.startsWith('--') || style === 'go') {
      at += takeLong(parsed, table, words, at, style);
    } else {
      at += takeShort(parsed, table, words, at);
    }
  }
  return parsed;
}

/** Takes the flag at `at`; tells how many words more it used. */
function takeLong(
  parsed: ParsedArguments,
  table: FlagTable,
  words: readonly Word[],
  at: number,
  style: FlagStyle,
): number {
  const whole = words[at]!.value;
  const equals = whole.indexOf('=');
  const given = equals < 0 ? whole : whole.slice(0, equals);
  const inline = equals < 0 ? undefined : whole.slice(equals + 1);
  const kind = findLong(table, given, style);
  if (!kind) {
    parsed.unlisted.push(words[at]!.text);
    return 0;
  }
  if (inline !== undefined || kind.arity !== 'value') {
    const text = words[at]!.text.replace(/^[^=]*=/, '');
    parsed.flags.push({ name: kind.name, value: inline, text });
    return 0;
  }
  parsed.flags.push({ name: kind.name, value: words[at + 1]?.value ?? '', text: words[at + 1]?.text });
  return 1;
}

function findLong(table: FlagTable, given: string, style: FlagStyle): FlagKind | undefined {
  const exact = table.get(given) ?? (style === 'go' ? table.get(given.replace(/^--/, '-')) : undefined);
  if (exact || style === 'cobra' || style === 'go' || given.length < 4) return exact;
  const longer = new Set<FlagKind>();
  for (const [name, kind] of table) if (name.startsWith(given)) longer.add(kind);
  return longer.size === 1 ? [...longer][0] : undefined;
}

function takeShort(parsed: ParsedArguments, table: FlagTable, words: readonly Word[], at: number): number {
  const cluster = words[at]!.value.slice(1);
  for (let index = 0; index < cluster.length; index++) {
    const letter = cluster[index]!;
    const kind = table.get(`-${letter}`);
    if (!kind) {
      // head -20, kill -9: some tools take a bare number.
      const number = index === 0 && /^\d+$/.test(cluster) ? table.get('-NUM') : undefined;
      if (number) parsed.flags.push({ name: '-NUM', value: cluster });
      else parsed.unlisted.push(letter === unknownPart ? words[at]!.text : `-${letter}`);
      if (number || letter === unknownPart) return 0;
      continue;
    }
    if (kind.arity === 'none') {
      const off = cluster.slice(index + 1);
      if (off.startsWith('=')) {
        parsed.flags.push({ name: kind.name, value: off.slice(1) });
        return 0;
      }
      parsed.flags.push({ name: kind.name, value: undefined });
      continue;
    }
    const attached = cluster.slice(index + 1).replace(/^=/, '');
    if (attached || kind.arity === 'optional') {
      parsed.flags.push({ name: kind.name, value: attached || undefined, text: words[at]!.text.slice(2) });
      return 0;
    }
    parsed.flags.push({ name: kind.name, value: words[at + 1]?.value ?? '', text: words[at + 1]?.text });
    return 1;
  }
  return 0;
}
