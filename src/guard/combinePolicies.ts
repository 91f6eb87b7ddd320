// One policy out of three: the built-in one, the user's above it, and the workspace's, which only tightens. A
// cloned repository must not be able to switch a question off.

import { createHash } from 'node:crypto';
import { compareRisk } from '../shell/risk.ts';
import { builtInTable, consents, type PolicyTable } from './decide.ts';
import {
  columns,
  emptyPolicy,
  type Policy,
  type Row,
  rows,
  type ScriptRule,
  type TargetRule,
  type ToolRule,
} from './policy.ts';

export interface EffectivePolicy {
  readonly table: PolicyTable;
  /** The user's first. */
  readonly targets: readonly TargetRule[];
  /** Those of them, the user's and the workspace's, that say production themselves. */
  readonly saidProduction: readonly TargetRule[];
  readonly tools: readonly ToolRule[];
  readonly scripts: readonly ScriptRule[];
  readonly allowedSigners: string | undefined;
  /** Of the workspace's policy, for the log; null without one. */
  readonly workspaceDigest: string | null;
  /** What the workspace's policy wanted to loosen, in words. */
  readonly ignored: readonly string[];
}

export interface WorkspacePolicy {
  readonly policy: Policy;
  /** The bytes that it was read from. */
  readonly text: string;
}

export function policyDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export function combinePolicies(user: Policy = emptyPolicy, workspace?: WorkspacePolicy): EffectivePolicy {
  const ignored: string[] = [];
  const own = tableWith(builtInTable, user.table, false, ignored);
  const table = workspace ? tableWith(own, workspace.policy.table, true, ignored) : own;
  const digest = workspace ? policyDigest(workspace.text) : null;
  const accepted =
    user.acceptWorkspaceTools === true ||
    (Array.isArray(user.acceptWorkspaceTools) &&
      digest !== null &&
      user.acceptWorkspaceTools.includes(digest));
  const theirs = workspace?.policy ?? emptyPolicy;
  if (!accepted && (theirs.tools.length > 0 || theirs.scripts.length > 0)) {
    ignored.push(
      'the workspace’s classes of its own tools below unknown: the user’s policy has not accepted them',
    );
  }
  for (const target of theirs.targets) {
    if (!target.production)
      ignored.push(`the workspace calls ${target.name} no production: only the user’s policy can`);
  }
  if (theirs.allowedSigners !== undefined)
    ignored.push('the workspace names signers: only the user’s policy can');
  if (theirs.acceptWorkspaceTools !== false)
    ignored.push('the workspace accepts its own tools: only the user’s policy can');
  return {
    table,
    targets: [...user.targets, ...theirs.targets.map((target) => ({ ...target, production: true }))],
    saidProduction: [...user.targets, ...theirs.targets].filter(({ production }) => production),
    tools: [...user.tools, ...(accepted ? theirs.tools : theirs.tools.map(onlyTightening))],
    scripts: [...user.scripts, ...(accepted ? theirs.scripts : [])],
    allowedSigners: user.allowedSigners,
    workspaceDigest: digest,
    ignored,
  };
}

function tableWith(
  base: PolicyTable,
  said: Policy['table'],
  onlyTighten: boolean,
  ignored: string[],
): PolicyTable {
  const out = Object.fromEntries(rows.map((row) => [row, [...base[row]]])) as Record<
    Row,
    [...PolicyTable[Row]]
  >;
  for (const row of rows) {
    columns.forEach((column, index) => {
      const wanted = said[row]?.[column];
      if (wanted === undefined) return;
      if (onlyTighten && consents.indexOf(wanted) < consents.indexOf(out[row][index]!)) {
        ignored.push(`the workspace wants ${wanted} for ${row} (${column}): ${out[row][index]} stays`);
      } else out[row][index] = wanted;
    });
  }
  return out;
}

function onlyTightening(tool: ToolRule): ToolRule {
  const subcommands = [...tool.subcommands].filter(([, risk]) => compareRisk(risk, 'unknown') > 0);
  return {
    ...tool,
    subcommands: new Map(subcommands),
    otherwise: compareRisk(tool.otherwise, 'unknown') > 0 ? tool.otherwise : 'unknown',
  };
}
