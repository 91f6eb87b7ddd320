// What an author says about a cell in its info string, or in a comment right before the fence.

import { parseDuration } from '../base/duration.ts';
import { type AttributeText, parseInfo, words } from './infoString.ts';

export interface CellAttributes {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly background?: boolean;
  readonly interactive?: boolean;
  /** The author demands approval whatever the policy says. */
  readonly approval?: boolean;
  readonly cwd?: string;
  /** The option (as "Option A") that the cell belongs to. */
  readonly option?: string;
  /** Everything else as typed, and known names whose value cannot be read; `true` for a bare word. */
  readonly unknown: Readonly<Record<string, string | true>>;
}

export const noAttributes: CellAttributes = Object.freeze({ unknown: Object.freeze({}) });

/** Attributes of the info string win over those of the comment. */
export function attributesOf(info: string, comment = ''): CellAttributes {
  const rest = info.trim();
  if (!comment && !/[\s{,]/.test(rest)) return noAttributes;
  const found = [...commentAttributes(comment), ...parseInfo(info).attributes];
  return found.length === 0 ? noAttributes : collect(found);
}

/** `<!-- {name=x timeout=5m} -->`, also over several lines, with `cell` or `runbook` before the brace if you like. */
const attributeComment = /^[ \t]*<!--\s*(?:(?:runbook|cell):?\s*)?\{([^{}]*)\}\s*-->[ \t]*$/;

export function isAttributeComment(text: string): boolean {
  return attributeComment.test(text);
}

function commentAttributes(comment: string): AttributeText[] {
  const inner = attributeComment.exec(comment.trim())?.[1];
  return inner ? words(inner, 0, inner.length) : [];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function collect(found: readonly AttributeText[]): CellAttributes {
  const unknown: [string, string | true][] = [];
  const attributes: Mutable<CellAttributes> = { unknown: {} };
  for (const { name, value } of found) {
    if (!take(attributes, name, value)) unknown.push([name, value]);
  }
  attributes.unknown = Object.fromEntries(unknown);
  return attributes;
}

function take(attributes: Mutable<CellAttributes>, name: string, value: string | true): boolean {
  switch (name.toLowerCase()) {
    case 'name':
    case 'cwd':
    case 'option': {
      if (value === true || value === '') return false;
      attributes[name.toLowerCase() as 'name' | 'cwd' | 'option'] = value;
      return true;
    }
    case 'timeout': {
      const durationMs = value === true ? undefined : parseDuration(value);
      if (durationMs === undefined) return false;
      attributes.timeoutMs = durationMs;
      return true;
    }
    case 'background':
    case 'interactive':
    case 'approval': {
      const flag = value === true ? true : flagOf(value);
      if (flag === undefined) return false;
      attributes[name.toLowerCase() as 'background' | 'interactive' | 'approval'] = flag;
      return true;
    }
    default:
      return false;
  }
}

function flagOf(value: string): boolean | undefined {
  if (/^(true|yes|on|1|required)$/i.test(value)) return true;
  return /^(false|no|off|0)$/i.test(value) ? false : undefined;
}
