// What a policy file says: the consents by class and situation, the known targets, the project's own tools.

import type { Risk } from '../shell/risk.ts';
import type { Consent } from './decide.ts';

export const rows = [
  'read',
  'write',
  'secret',
  'change',
  'unknown',
  'destroy',
  'approval',
  'outside',
] as const;
export type Row = (typeof rows)[number];

/** The columns of the table, in its order. */
export const columns = ['notProduction', 'production', 'incident', 'severeIncident'] as const;
export type Column = (typeof columns)[number];

export interface TargetRule {
  readonly name: string;
  /** A colour for its label: `red`, `#c00`. */
  readonly color: string | undefined;
  readonly production: boolean;
  /** All that are given have to hold. `*` stands for any text. */
  readonly server: string | undefined;
  /** `sha256:` and the hex digest of the CA in DER form. */
  readonly ca: string | undefined;
  readonly context: string | undefined;
  readonly namespaces: readonly string[];
}

export interface ToolRule {
  /** As the runbooks call it: `./pfctl`, `deployctl`. */
  readonly command: string;
  /** `config update` → its class; the longest that matches counts. */
  readonly subcommands: ReadonlyMap<string, Risk>;
  /** The class of everything else; unknown if not given. */
  readonly otherwise: Risk;
}

export interface ScriptRule {
  readonly path: string;
  /** Hex, 64 digits: the trust ends with the first changed byte. */
  readonly sha256: string;
  readonly risk: Risk;
}

export interface Policy {
  readonly table: Partial<Record<Row, Partial<Record<Column, Consent>>>>;
  readonly targets: readonly TargetRule[];
  readonly tools: readonly ToolRule[];
  readonly scripts: readonly ScriptRule[];
  /** Digests of workspace policies whose tools and scripts are taken as they say, or true for all. Users only. */
  readonly acceptWorkspaceTools: boolean | readonly string[];
  /** Of `ssh-keygen`'s form; a relative path is relative to the policy's file. Users only. */
  readonly allowedSigners: string | undefined;
}

export const emptyPolicy: Policy = {
  table: {},
  targets: [],
  tools: [],
  scripts: [],
  acceptWorkspaceTools: false,
  allowedSigners: undefined,
};
