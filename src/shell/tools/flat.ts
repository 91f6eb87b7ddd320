// Tools without verbs: one class for the tool, raised by some of its flags or by its operands.

import { type Call, type Tool, type Verdict, verdict } from '../call.ts';
import { type FlagStyle, type ParsedArguments, parseFlags } from '../flags.ts';
import { compareRisk, type Risk } from '../risk.ts';
import type { FlagRule } from './subcommands.ts';

export interface FlatTable {
  readonly names: readonly string[];
  readonly flags: string;
  readonly risk: Risk;
  readonly why: string;
  readonly style?: FlagStyle;
  readonly when?: readonly FlagRule[];
  /** No flag of the tool changes its effect beyond those of `when`: unlisted ones are accepted. A decision a tool. */
  readonly looseFlags?: boolean;
  readonly judge?: (parsed: ParsedArguments, call: Call) => Partial<Verdict> | undefined;
}

export function flat(table: FlatTable): Tool {
  return { names: table.names, classify: (call) => classify(table, call) };
}

function classify(table: FlatTable, call: Call): Verdict {
  const parsed = parseFlags(call.args, `${table.flags} --help --version`, table.style ?? 'gnu');
  if (parsed.operands.length === 0 && (parsed.on('--help') || parsed.on('--version'))) {
    return verdict('read', 'shows its usage');
  }
  let risk = table.risk;
  let reasons: readonly string[] = [table.why];
  const writes: string[] = [];
  const reads: string[] = [];
  for (const one of table.when ?? []) {
    const use = parsed.flags.findLast((flag) => flag.name === one.flag);
    if (!use || (one.is && use.value !== undefined && !use.value.includes('\0') && !one.is.test(use.value)))
      continue;
    if (one.file && use.value) (one.file === 'writes' ? writes : reads).push(use.value);
    if (one.instead) {
      risk = one.risk;
      reasons = [one.why];
    } else {
      if (compareRisk(one.risk, risk) > 0) risk = one.risk;
      reasons = [...reasons, one.why];
    }
  }
  const more = table.judge?.(parsed, call);
  risk = more?.risk ?? risk;
  reasons = more?.reasons ?? reasons;
  if (!table.looseFlags && parsed.unlisted.length) {
    if (compareRisk('unknown', risk) > 0) risk = 'unknown';
    reasons = [...reasons, `${call.name} has no flag ${parsed.unlisted.join(', ')} that we know`];
  }
  return {
    ...more,
    risk,
    reasons,
    writes: [...writes, ...(more?.writes ?? [])],
    reads: [...reads, ...(more?.reads ?? [])],
  };
}
