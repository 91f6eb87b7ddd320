// Shapes of JSON: one description gives the TypeScript type, the writer's check and the verifier's.

/** What is wrong, as `path: what`, or undefined. */
export type Check = (value: unknown, path: string) => string | undefined;

export interface Shape<T> {
  readonly check: Check;
  /** In the words of docs/evidence-format.md: `text`, `[text]`, `{name text, blob? …}`. */
  readonly says: string;
  readonly optional?: boolean;
  /** Never set: carries the type. */
  readonly type?: T;
}

export type TypeOf<S> = S extends Shape<infer T> ? T : never;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
export type Fields = Readonly<Record<string, Shape<unknown>>>;
export type ObjectOf<F> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: TypeOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: TypeOf<F[K]>;
};

export function shape<T>(
  expected: string,
  test: (value: unknown) => boolean,
  says: string = expected,
): Shape<T> {
  return {
    check: (value, path) => (test(value) ? undefined : `${path}: expected ${expected}`),
    says,
  };
}

export function optional<T>(inner: Shape<T>): Shape<T> & { readonly optional: true } {
  return { check: inner.check, says: inner.says, optional: true };
}

export function oneOf<const T extends readonly string[]>(...words: T): Shape<T[number]> {
  const isOne = (value: unknown): boolean => typeof value === 'string' && words.includes(value);
  return shape(words.join(' | '), isOne, `one of (${words.join(', ')})`);
}

export function matching(pattern: RegExp, expected: string): Shape<string> {
  return shape(expected, (value) => typeof value === 'string' && pattern.test(value));
}

export function list<T>(inner: Shape<T>): Shape<readonly T[]> {
  return {
    says: `[${inner.says}]`,
    check(value, path) {
      if (!Array.isArray(value)) return `${path}: expected a list`;
      for (let index = 0; index < value.length; index += 1) {
        const wrong = inner.check(value[index], `${path}[${index}]`);
        if (wrong) return wrong;
      }
      return undefined;
    },
  };
}

export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  return {
    says: `{${saysOf(fields)}}`,
    check(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return `${path}: expected an object`;
      const given = value as Record<string, unknown>;
      for (const key of Object.keys(given)) {
        if (!Object.hasOwn(fields, key)) return `${path}.${key}: no such member`;
      }
      for (const key of Object.keys(fields)) {
        const field = fields[key]!;
        if (!Object.hasOwn(given, key)) {
          if (!field.optional) return `${path}.${key}: missing`;
          continue;
        }
        const wrong = field.check(given[key], `${path}.${key}`);
        if (wrong) return wrong;
      }
      return undefined;
    },
  };
}

/** `name text, blob? …` */
export function saysOf(fields: Fields): string {
  const all = Object.entries(fields);
  return all
    .map(([name, { says, optional: isOptional }]) => `${name}${isOptional ? '?' : ''} ${says}`)
    .join(', ');
}

export const text: Shape<string> = shape('text', (value) => typeof value === 'string');
export const flag: Shape<boolean> = shape('true or false', (value) => typeof value === 'boolean');
export const integer: Shape<number> = shape('a whole number', Number.isSafeInteger);
export const count: Shape<number> = shape(
  'a whole number from 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const anyJson: Shape<unknown> = shape('JSON', (value) => value !== undefined);
