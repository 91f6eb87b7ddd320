// Reads a policy file. What is wrong in it is a Problem with its place, and the rest of the file is not used: a
// policy that is half understood would be half a guard.

import { default as ajvModule, type ErrorObject } from 'ajv';
import { isCollection, isNode, LineCounter, parseDocument } from 'yaml';
import type { Problem, SourceRange } from '../base/problem.ts';
import type { Risk } from '../shell/risk.ts';
import type { Consent } from './decide.ts';
import { type Column, columns, emptyPolicy, type Policy, type Row } from './policy.ts';
import { policySchema } from './policySchema.ts';

export interface LoadedPolicy {
  /** Null where the file has a problem. */
  readonly policy: Policy | null;
  readonly problems: readonly Problem[];
}

interface PolicyFile {
  readonly consent?: Partial<Record<Row, Consent | Partial<Record<Column, Consent>>>>;
  readonly targets?: readonly {
    name: string;
    color?: string;
    production?: boolean;
    server?: string;
    ca?: string;
    context?: string;
    namespaces?: string[];
  }[];
  readonly tools?: readonly { command: string; subcommands?: Record<string, Risk>; otherwise?: Risk }[];
  readonly scripts?: readonly { path: string; sha256: string; risk: Risk }[];
  readonly acceptWorkspaceTools?: boolean | readonly string[];
  readonly allowedSigners?: string;
}

// The package is CommonJS: its class is one `default` deeper where it is loaded as a module.
const Ajv = (ajvModule as unknown as { default?: typeof ajvModule }).default ?? ajvModule;
let compiled: ReturnType<InstanceType<typeof Ajv>['compile']> | undefined;

export function loadPolicy(text: string): LoadedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false });
  const rangeOf = (from: number, to: number): SourceRange => {
    const start = lines.linePos(from);
    const end = lines.linePos(Math.max(to, from));
    return {
      line: start.line - 1,
      character: start.col - 1,
      endLine: end.line - 1,
      endCharacter: end.col - 1,
    };
  };
  const problem = (code: string, message: string, [from, to]: readonly [number, number]): Problem => ({
    code,
    message,
    severity: 'error',
    range: rangeOf(from, to),
  });
  if (document.errors.length > 0) {
    return {
      policy: null,
      problems: document.errors.map((error) =>
        problem('policy-syntax', error.message.split('\n')[0]!, error.pos),
      ),
    };
  }
  let value: unknown;
  try {
    // Aliases are counted: a small file must not become a large one.
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return { policy: null, problems: [problem('policy-syntax', String((error as Error).message), [0, 0])] };
  }
  if (value === null || value === undefined) return { policy: emptyPolicy, problems: [] };
  compiled ??= new Ajv({ allErrors: true, strict: false }).compile(policySchema);
  if (compiled(value)) return { policy: toPolicy(value as PolicyFile), problems: [] };
  const found = once(compiled.errors ?? []);
  const problems = found.map((error) => {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    return problem('policy-form', messageOf(error, path), placeOf(path, error, document));
  });
  return { policy: null, problems };
}

/** Where one of several forms may stand, each that does not fit is told, and that none does: the first says enough. */
function once(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map((error) => error.instancePath),
  );
  const told = new Set<string>();
  return errors.filter(({ instancePath, keyword }) => {
    if (!choices.has(instancePath)) return true;
    if (told.has(instancePath) || (keyword === 'anyOf' && errors.some(isInside(instancePath)))) return false;
    told.add(instancePath);
    return true;
  });
}

const isInside =
  (path: string) =>
  ({ instancePath }: ErrorObject): boolean =>
    instancePath.startsWith(`${path}/`);

function placeOf(
  path: readonly string[],
  error: ErrorObject,
  document: ReturnType<typeof parseDocument>,
): [number, number] {
  const extra = (error.params as { additionalProperty?: string }).additionalProperty;
  const at =
    document.getIn(extra === undefined ? path : [...path, extra], true) ??
    document.getIn(path, true) ??
    document.contents;
  if (extra !== undefined) {
    const owner = path.length ? document.getIn(path, true) : document.contents;
    const pair = isCollection(owner)
      ? owner.items.find((item) => String((item as { key?: unknown }).key) === extra)
      : undefined;
    const key = (pair as { key?: unknown } | undefined)?.key;
    if (isNode(key) && key.range) return [key.range[0], key.range[1]];
  }
  return isNode(at) && at.range ? [at.range[0], at.range[1]] : [0, 0];
}

function messageOf(error: ErrorObject, path: readonly string[]): string {
  const where = path.length ? `\`${path.join('.')}\`` : 'the policy';
  const params = error.params as {
    additionalProperty?: string;
    allowedValues?: string[];
    missingProperty?: string;
  };
  if (params.additionalProperty !== undefined) return `${where} has no \`${params.additionalProperty}\``;
  if (params.allowedValues) return `${where} is one of ${params.allowedValues.join(', ')}`;
  if (params.missingProperty) return `${where} needs \`${params.missingProperty}\``;
  return `${where} ${error.message ?? 'is wrong'}`;
}

function toPolicy(file: PolicyFile): Policy {
  const table: Record<string, Partial<Record<Column, Consent>>> = {};
  for (const [row, said] of Object.entries(file.consent ?? {})) {
    table[row] =
      typeof said === 'string' ? Object.fromEntries(columns.map((column) => [column, said])) : said;
  }
  return {
    table,
    targets: (file.targets ?? []).map(({ name, color, production, server, ca, context, namespaces }) => ({
      name,
      color,
      production: production ?? true,
      server,
      ca,
      context,
      namespaces: namespaces ?? [],
    })),
    tools: (file.tools ?? []).map(({ command, subcommands, otherwise }) => ({
      command,
      subcommands: new Map(Object.entries(subcommands ?? {})),
      otherwise: otherwise ?? 'unknown',
    })),
    scripts: file.scripts ?? [],
    acceptWorkspaceTools: file.acceptWorkspaceTools ?? false,
    allowedSigners: file.allowedSigners,
  };
}
