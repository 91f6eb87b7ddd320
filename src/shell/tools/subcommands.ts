// Tools that are `tool [flags] verb [verb] [flags] operands`: the table form, and the reading of it.

import { type Call, type Target, type Tool, type Verdict, verdict } from '../call.ts';
import { type FlagStyle, flagTable, type ParsedArguments, parseFlags } from '../flags.ts';
import { compareRisk, type Risk } from '../risk.ts';
import { isKnown, type Word } from '../word.ts';

export interface FlagRule {
  /** The flag's own (last) name in the table. */
  readonly flag: string;
  /** Holds only where the value matches; an unknown value counts as matching. */
  readonly is?: RegExp;
  /** Raises the verb to this class; with `instead`, sets it. */
  readonly risk: Risk;
  readonly why: string;
  readonly instead?: boolean;
  /** The value is a file that is written (or read). */
  readonly file?: 'writes' | 'reads';
}

export interface VerbRule {
  readonly risk: Risk;
  readonly why: string;
  /** Where the verb's words end its flags (`docker exec web ls -l`). */
  readonly style?: FlagStyle;
  /** The verb's own flags; with `looseFlags` of the table they only need listing where they matter. */
  readonly flags?: string;
  /** Flags that it is often given and does not have: it ends without doing anything. */
  readonly lacks?: string;
  readonly when?: readonly FlagRule[];
  readonly judge?: (parsed: ParsedArguments, call: Call, verb: string) => Partial<Verdict> | undefined;
}

export interface SubcommandTable {
  readonly names: readonly string[];
  readonly style: FlagStyle;
  /** Flags before the verb; they stay valid after it. */
  readonly globals: string;
  /** Verbs of one class, comma-separated, `create secret` for verbs of two words. */
  readonly classes?: Partial<Record<Risk, string>>;
  readonly verbs?: Readonly<Record<string, VerbRule>>;
  /** Rules for flags of any verb. */
  readonly when?: readonly FlagRule[];
  /** Other names of a verb: `ls` → `list`. */
  readonly alias?: Readonly<Record<string, string>>;
  /** The verbs' own flags are too many to list: an unlisted one after the verb is accepted. A decision a tool. */
  readonly looseFlags?: boolean;
  /** With no verb at all, or only `--version`. */
  readonly bare?: VerbRule;
  readonly target?: (globals: ParsedArguments) => Target;
  /** What is not in the table by name but by form. */
  readonly otherwise?: (verb: string, words: readonly Word[]) => VerbRule | undefined;
}

const reasonOf: Record<Risk, string> = {
  read: 'only reads',
  write: 'writes local files',
  secret: 'shows credentials',
  change: 'changes something shared or installed',
  unknown: 'may do anything',
  destroy: 'removes or ends something',
};

/** The table as a tool. */
export function subcommands(table: SubcommandTable): Tool {
  const rules = new Map<string, VerbRule>(Object.entries(table.verbs ?? {}));
  for (const [risk, list] of Object.entries(table.classes ?? {}) as [Risk, string][]) {
    for (const verb of list.split(',').map((one) => one.trim())) {
      if (verb && !rules.has(verb)) rules.set(verb, { risk, why: `${verb}: ${reasonOf[risk]}` });
    }
  }
  const groups = new Set<string>();
  for (const verb of rules.keys()) {
    const parts = verb.split(' ');
    for (let length = 1; length < parts.length; length++) groups.add(parts.slice(0, length).join(' '));
  }
  return { names: table.names, classify: (call) => classify(table, rules, groups, call) };
}

function classify(
  table: SubcommandTable,
  rules: ReadonlyMap<string, VerbRule>,
  groups: ReadonlySet<string>,
  call: Call,
): Verdict {
  const { before, verb, after, rule: named } = findVerb(table, rules, groups, call.args);
  const globals = parseFlags(before, table.globals, table.style);
  const rule = named ?? table.otherwise?.(verb, after);
  if (!verb) {
    if (globals.unlisted.length) return unlisted(call.name, '', globals.unlisted);
    return table.bare ? verdict(table.bare.risk, table.bare.why) : verdict('read', 'shows its usage');
  }
  if (verb.includes('\0')) return verdict('unknown', `what ${call.name} does is held in a variable`);
  if (!rule) return verdict('unknown', `${call.name} ${verb} is not in the table`, { verb });
  const loose = table.looseFlags === true && rule.flags === undefined;
  const spec = `${table.globals} ${rule.flags ?? ''} ${rule.lacks ?? ''} -h,--help`;
  const parsed = parseFlags([...before, ...after], spec, rule.style ?? table.style);
  if (parsed.on('--help')) return verdict('read', 'shows its usage', { verb });
  const found = withLacking(judge(table, rule, parsed, call, verb), rule, parsed, `${call.name} ${verb}`);
  if (!loose && parsed.unlisted.length) {
    const odd = unlisted(call.name, verb, parsed.unlisted);
    return {
      ...found,
      risk: compareRisk(found.risk, odd.risk) > 0 ? found.risk : odd.risk,
      reasons: [...found.reasons, ...odd.reasons],
    };
  }
  return found;
}

/** What it would do if it had them is judged all the same. */
function withLacking(found: Verdict, { lacks }: VerbRule, parsed: ParsedArguments, tool: string): Verdict {
  if (!lacks) return found;
  const table = flagTable(lacks);
  if (!parsed.flags.some(({ name }) => table.has(name))) return found;
  const fails = `${tool} has no ${[...table.keys()].join(', ')} and refuses this`;
  return { ...found, reasons: [fails, ...found.reasons], fails };
}

function unlisted(tool: string, verb: string, flags: readonly string[]): Verdict {
  return verdict('unknown', `${`${tool} ${verb}`.trim()} has no flag ${flags.join(', ')} that we know`, {
    verb,
  });
}

function judge(
  table: SubcommandTable,
  rule: VerbRule,
  parsed: ParsedArguments,
  call: Call,
  verb: string,
): Verdict {
  let risk = rule.risk;
  let reasons = [rule.why];
  const reads: string[] = [];
  const writes: string[] = [];
  for (const one of [...(table.when ?? []), ...(rule.when ?? [])]) {
    const use = parsed.flags.findLast((flag) => flag.name === one.flag);
    if (!use || use.value === 'false') continue;
    if (one.is && use.value !== undefined && !use.value.includes('\0') && !one.is.test(use.value)) continue;
    if (one.is && use.value === undefined) continue;
    if (one.file && use.value) (one.file === 'writes' ? writes : reads).push(use.value);
    if (one.instead) {
      risk = one.risk;
      reasons = [one.why];
    } else {
      if (compareRisk(one.risk, risk) > 0) risk = one.risk;
      if (one.why) reasons.push(one.why);
    }
  }
  const more = rule.judge?.(parsed, call, verb);
  if (more?.risk) risk = more.risk;
  return {
    verb,
    target: table.target?.(parsed),
    ...more,
    risk,
    reasons: more?.reasons ?? reasons,
    reads: [...reads, ...(more?.reads ?? [])],
    writes: [...writes, ...(more?.writes ?? [])],
  };
}

interface FoundVerb {
  readonly before: readonly Word[];
  readonly verb: string;
  readonly after: readonly Word[];
  readonly rule: VerbRule | undefined;
}

/** The verb is found past the global flags and their values; between its words flags may stand, too. */
function findVerb(
  table: SubcommandTable,
  rules: ReadonlyMap<string, VerbRule>,
  groups: ReadonlySet<string>,
  args: readonly Word[],
): FoundVerb {
  const before: Word[] = [];
  let at = 0;
  let verb = '';
  for (;;) {
    const skipped = flagsBefore(args, at, table);
    before.push(...args.slice(at, skipped));
    at = skipped;
    const word = args[at];
    if (!word) break;
    const part = isKnown(word) ? (verb ? word.value : (table.alias?.[word.value] ?? word.value)) : '\0';
    const longer = verb ? `${verb} ${part}` : part;
    const full = table.alias?.[longer] ?? longer;
    if (groups.has(full)) {
      verb = full;
      at++;
      continue;
    }
    if (rules.has(full) || !verb) {
      return { before, verb: full, after: args.slice(at + 1), rule: rules.get(full) };
    }
    if (!rules.has(verb)) return { before, verb: full, after: args.slice(at + 1), rule: undefined };
    break;
  }
  return { before, verb, after: args.slice(at), rule: verb ? rules.get(verb) : undefined };
}

/** Index of the first word from `at` that is no flag or flag's value. */
function flagsBefore(args: readonly Word[], at: number, table: SubcommandTable): number {
  let index = at;
  while (index < args.length) {
    const word = args[index]!;
    if (!word.value.startsWith('-') || word.value === '-' || word.value === '--') return index;
    const next = args[index + 1];
    const probe = parseFlags(next ? [word, next] : [word], table.globals, table.style);
    const takesNext =
      next !== undefined &&
      probe.operands.length === 0 &&
      probe.flags.length === 1 &&
      probe.unlisted.length === 0 &&
      probe.flags[0]!.value === next.value &&
      !word.value.includes('=');
    index += takesNext ? 2 : 1;
  }
  return index;
}
