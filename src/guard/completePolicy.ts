// What may stand at a place of a policy file, read from its schema: keys by their owner, values by their key. The
// place is told by indentation, so that a half-written file, which no parser takes, gets its answers too.

import { policySchema } from './policySchema.ts';

export interface PolicyCompletion {
  readonly kind: 'key' | 'value';
  readonly label: string;
  readonly insert: string;
  readonly detail: string | undefined;
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** `line` and `character` from 0. Never throws. */
export function completePolicy(
  text: string,
  { line, character }: { readonly line: number; readonly character: number },
): PolicyCompletion[] {
  const lines = text.split('\n');
  const before = (lines[line] ?? '').slice(0, character);
  const [, indent = '', dash = '', rest = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(before) ?? [];
  const column = indent.length + dash.length;
  const owners = schemasAt(lines.slice(0, line), column, dash !== '');
  const key = /^([^\s:#][^:#]*):\s+\S*$/.exec(rest)?.[1]?.trim();
  if (key !== undefined) return valuesOf(owners.flatMap((owner) => memberOf(owner, key)));
  if (/[:\s]/.test(rest)) return [];
  const taken = new Set(siblings(lines, line, column));
  const keys = owners.flatMap((owner) => Object.entries(owner.properties ?? {}));
  const found = keys
    .filter(([name]) => !taken.has(name))
    .map(([name, schema]) => ({
      kind: 'key' as const,
      label: name,
      insert: `${name}: `,
      detail: schema.description,
    }));
  return found.length > 0 ? found : valuesOf(owners);
}

/** The schemas of what a line at this column belongs to: each alternative is one. */
function schemasAt(above: readonly string[], column: number, isItem: boolean): Schema[] {
  const path: (string | null)[] = [];
  let limit = column;
  if (isItem) path.push(null);
  for (const text of [...above].reverse()) {
    const [, indent = '', dash = '', key] = /^(\s*)((?:- +)*)(?:([^\s:#-][^:#]*):)?/.exec(text) ?? [];
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const own = indent.length + dash.length;
    if (dash !== '' && own === limit && !isItem && path.at(-1) !== null) {
      path.push(null);
      limit = indent.length + 1;
    } else if (key !== undefined && own < limit) {
      path.push(key.trim());
      limit = dash === '' ? own : indent.length + 1;
      if (dash !== '') path.push(null);
    }
    if (limit === 0) break;
  }
  return path
    .reverse()
    .reduce<Schema[]>(
      (schemas, name) =>
        schemas.flatMap((schema) => (name === null ? alternatives(schema.items) : memberOf(schema, name))),
      alternatives(policySchema as Schema),
    );
}

function memberOf(schema: Schema, name: string): Schema[] {
  const own = schema.properties?.[name];
  if (own) return alternatives(own);
  return typeof schema.additionalProperties === 'object' ? alternatives(schema.additionalProperties) : [];
}

/** Alternatives that only demand keys say nothing of what may stand there. */
function alternatives(schema: Schema | undefined): Schema[] {
  if (!schema) return [];
  const others = (schema.anyOf ?? []).filter((one) => one.type ?? one.enum);
  return others.length > 0 ? others.flatMap(alternatives) : [schema];
}

function valuesOf(schemas: readonly Schema[]): PolicyCompletion[] {
  return schemas.flatMap((schema) => {
    const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
    const all = schema.type === 'boolean' ? [true, false] : values;
    return all.map((value) => ({
      kind: 'value' as const,
      label: String(value),
      insert: String(value),
      detail: schema.description,
    }));
  });
}

/** Keys that stand beside the line already. */
function siblings(lines: readonly string[], line: number, column: number): string[] {
  const found: string[] = [];
  const keyAt = (text: string): string | undefined => {
    const [, indent = '', dash = '', key] = /^(\s*)((?:- +)*)(?:([^\s:#-][^:#]*):)?/.exec(text) ?? [];
    return key !== undefined && indent.length + dash.length === column ? key.trim() : undefined;
  };
  const walk = (from: number, step: number): void => {
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const text = lines[at]!;
      if (text.trim() === '') continue;
      const indent = /^\s*/.exec(text)![0].length;
      if (indent + /^\s*((?:- +)*)/.exec(text)![1]!.length < column) break;
      if (step > 0 && /^\s*- /.test(text)) break;
      const key = keyAt(text);
      if (key !== undefined) found.push(key);
      if (step < 0 && /^\s*- /.test(text)) break;
    }
  };
  walk(line - 1, -1);
  walk(line + 1, 1);
  return found;
}
