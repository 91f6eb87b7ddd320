// What stands behind a fence's opening marker: the language tag, then attributes. Three spellings occur and all
// are read: `bash {name=x timeout=5m}`, `bash name=x timeout=5m`, and `bash {"name": "x"}`. Writing changes one
// attribute where it stands and leaves everything else as it was typed.

export interface InfoParts {
  /** The tag as typed. */
  readonly tag: string;
  /** Where the tag stands in the info string. */
  readonly tagStart: number;
  readonly attributes: readonly AttributeText[];
  readonly form: 'braces' | 'bare' | 'json';
  /** Where a further attribute goes in. */
  readonly insertAt: number;
}

export interface AttributeText {
  readonly name: string;
  /** `true` for a bare word. */
  readonly value: string | true;
  readonly start: number;
  readonly end: number;
}

export function parseInfo(info: string): InfoParts {
  const pandoc = /^[ \t]*\{[ \t]*\.?([A-Za-z][\w+-]*)(?=[\s,}])/.exec(info);
  const plain = /^[ \t]*([^\s{,]*)/.exec(info)!;
  const tag = (pandoc ?? plain)[1]!;
  const matched = (pandoc ?? plain)[0];
  const tagStart = matched.length - tag.length;
  const rest = matched.length;
  if (pandoc) {
    const close = info.indexOf('}', rest);
    const end = close < 0 ? info.trimEnd().length : close;
    return { tag, tagStart, attributes: words(info, rest, end), form: 'braces', insertAt: end };
  }
  const brace = info.indexOf('{', rest);
  if (brace < 0) {
    const end = info.trimEnd().length;
    return { tag, tagStart, attributes: words(info, rest, end), form: 'bare', insertAt: end };
  }
  const close = info.lastIndexOf('}');
  const end = close > brace ? close : info.trimEnd().length;
  const json = jsonAttributes(info.slice(brace, close + 1));
  if (json) return { tag, tagStart, attributes: json, form: 'json', insertAt: brace };
  const attributes = [...words(info, rest, brace), ...words(info, brace + 1, end)];
  return { tag, tagStart, attributes, form: 'braces', insertAt: end };
}

/** The attributes between braces, in a comment or anywhere: `name=x cwd="a b" background`. */
export function words(text: string, start: number, end: number): AttributeText[] {
  const found: AttributeText[] = [];
  const word = /([^\s,={}"']+)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}"']*))?/gy;
  const skip = /[\s,;]+|./gy;
  let at = start;
  while (at < end) {
    word.lastIndex = at;
    const match = word.exec(text);
    if (match && match.index + match[0].length <= end) {
      const [all, name, value] = match;
      found.push({
        name: name!,
        value: value === undefined ? true : unquoted(value),
        start: at,
        end: at + all.length,
      });
      at += all.length;
    } else {
      skip.lastIndex = at;
      at += skip.exec(text)?.[0].length ?? 1;
    }
  }
  return found;
}

function unquoted(value: string): string {
  if (value.startsWith('"')) return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return value.startsWith("'") ? value.slice(1, -1) : value;
}

function jsonAttributes(text: string): AttributeText[] | undefined {
  if (!/^\{\s*"/.test(text)) return undefined;
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return entries.map(([name, value]) => ({
      name,
      value: value === true ? true : typeof value === 'string' ? value : JSON.stringify(value),
      start: 0,
      end: 0,
    }));
  } catch {
    return undefined;
  }
}

/** The info string with another tag, all else as it was. */
export function withTag(info: string, tag: string): string {
  const { tag: old, tagStart } = parseInfo(info);
  return info.slice(0, tagStart) + tag + info.slice(tagStart + old.length);
}

/**
 * The info string with one attribute set (`true`: as a bare word), or gone where `value` is undefined. A
 * backtick cannot stand in the info string of a backtick fence and is dropped, as are line breaks.
 */
export function withAttribute(info: string, name: string, value: string | true | undefined): string {
  const parts = parseInfo(info);
  if (parts.form === 'json') return withJsonAttribute(info, parts, name, value);
  const present = parts.attributes.find((attribute) => attribute.name === name);
  const typed = value === undefined ? '' : value === true ? name : `${name}=${quoted(value)}`;
  if (present) {
    let start = present.start;
    if (!typed) while (start > 0 && /[\s,]/.test(info[start - 1]!)) start--;
    const without = info.slice(0, start) + typed + info.slice(present.end);
    return typed ? without : without.replace(/[ \t]*\{\s*\}/, '').replace(/\{\s+/, '{');
  }
  if (!typed) return info;
  const before = info.slice(0, parts.insertAt);
  const after = info.slice(parts.insertAt);
  if (parts.form === 'bare' && parts.attributes.length === 0)
    return `${before}${before ? ' ' : ''}{${typed}}${after}`;
  return `${before.trimEnd()}${/\{\s*$/.test(before) ? '' : ' '}${typed}${after}`;
}

function withJsonAttribute(
  info: string,
  parts: InfoParts,
  name: string,
  value: string | true | undefined,
): string {
  const close = info.lastIndexOf('}');
  const entries = JSON.parse(info.slice(parts.insertAt, close + 1)) as Record<string, unknown>;
  if (value === undefined) delete entries[name];
  else entries[name] = value === true ? true : clean(value);
  return info.slice(0, parts.insertAt) + JSON.stringify(entries) + info.slice(close + 1);
}

function quoted(value: string): string {
  const safe = clean(value);
  return /^[^\s,={}"'\\]+$/.test(safe) ? safe : `"${safe.replace(/["\\]/g, '\\$&')}"`;
}

function clean(value: string): string {
  return value.replace(/[`\r\n]/g, '');
}
