// Canonical JSON (RFC 8785): the one spelling that every line of a log has, so that a reader can demand it to
// the byte and no two spellings of one event exist.

import canonicalize from 'canonicalize';
import { RunbookError } from '../../base/runbookError.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** RFC 8785 text of `value`, without a line feed. Throws `evidence-not-json` for what JSON can't hold. */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw notJson(cause);
  }
  if (text === undefined) throw notJson(undefined);
  return text;
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * A copy that JSON can hold and that every language reads alike: `undefined` members dropped, lone surrogates
 * replaced by U+FFFD, numbers that JSON lacks written as text, -0 as 0.
 */
export function toJson(value: unknown, depth = 0): Json {
  if (depth > 64) return '(too deep)';
  switch (typeof value) {
    case 'string':
      return value.replace(loneSurrogate, '\uFFFD');
    case 'number':
      if (!Number.isFinite(value)) return String(value);
      return value === 0 ? 0 : value;
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => toJson(one, depth + 1));
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && typeof one !== 'function');
  return Object.fromEntries(
    entries.map(([key, one]) => [key.replace(loneSurrogate, '\uFFFD'), toJson(one, depth + 1)]),
  );
}

function notJson(cause: unknown): RunbookError {
  return new RunbookError({
    code: 'evidence-not-json',
    message: 'A value that JSON can not hold was to be recorded.',
    audience: 'developer',
    cause,
  });
}
