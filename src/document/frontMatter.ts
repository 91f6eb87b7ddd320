// The block of settings at the head of a file: YAML between `---`, TOML between `+++`, or one JSON object. Only
// YAML and JSON are read; all three are kept to the byte and are never taken for Markdown.

import { isMap, LineCounter, parseDocument as parseYaml } from 'yaml';
import type { Problem } from '../base/problem.ts';
import { withoutEnding } from './sourceLines.ts';

export interface DocumentSettings {
  readonly alert?: readonly string[];
  readonly severity?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly shell?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Every other key, as the file's own format reads it. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

export interface FrontMatter {
  readonly format: 'yaml' | 'toml' | 'json';
  /** Lines that it takes, markers included. */
  readonly lineCount: number;
  readonly settings: DocumentSettings;
  readonly problems: readonly Problem[];
}

const noSettings: DocumentSettings = { unknown: {} };
export const noFrontMatter = { lineCount: 0, settings: noSettings, problems: [] as readonly Problem[] };

/** Front matter of a text given as its lines (with endings, no byte order mark); undefined when there is none. */
export function frontMatterOf(line: (index: number) => string | undefined): FrontMatter | undefined {
  const first = withoutEnding(line(0) ?? '').trimEnd();
  if (first === '---') return yamlFrontMatter(line);
  if (first === '+++') return tomlFrontMatter(line);
  return first.startsWith('{') ? jsonFrontMatter(line) : undefined;
}

function until(
  line: (index: number) => string | undefined,
  from: number,
  isEnd: (line: string) => boolean,
): number {
  for (let index = from; ; index++) {
    const text = line(index);
    if (text === undefined) return -1;
    if (isEnd(withoutEnding(text).trimEnd())) return index;
  }
}

function between(line: (index: number) => string | undefined, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index++) text += `${withoutEnding(line(index)!)}\n`;
  return text;
}

function yamlFrontMatter(line: (index: number) => string | undefined): FrontMatter | undefined {
  const end = until(line, 1, (text) => text === '---' || text === '...');
  if (end < 0) return undefined;
  const source = between(line, 1, end);
  const plain = plainScalars(source);
  if (plain) return { format: 'yaml', lineCount: end + 1, ...settingsOf(plain, end) };
  const lineCounter = new LineCounter();
  const yaml = parseYaml(source, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  // A rule across the page with prose up to the next one is Markdown, not front matter.
  const looksMeant = /^\s*(#.*\n\s*)*[\w"'-]+\s*:(\s|$)/.test(source);
  if (!isMap(yaml.contents) && !(yaml.contents === null && yaml.errors.length === 0) && !looksMeant)
    return undefined;
  if (yaml.contents === null && source.trim() !== '' && !/^\s*#/.test(source)) return undefined;
  const problems = yaml.errors.map((error): Problem => {
    const { line: row, col } = lineCounter.linePos(error.pos[0]);
    const range = { line: row, character: col - 1, endLine: row, endCharacter: col };
    return { code: 'front-matter-syntax', message: error.message, severity: 'error', range };
  });
  if (problems.length > 0 || !isMap(yaml.contents)) {
    return { format: 'yaml', lineCount: end + 1, settings: noSettings, problems };
  }
  return { format: 'yaml', lineCount: end + 1, ...settingsOf(plainValue(yaml), end) };
}

/** `key: word` lines need no YAML parser; undefined for anything that might mean more than it says. */
function plainScalars(source: string): Record<string, string | number> | undefined {
  const entries = new Map<string, string | number>();
  for (const text of source.split('\n')) {
    if (text === '') continue;
    const match = /^([A-Za-z][\w-]*): +([A-Za-z][\w ./()-]*|[1-9]\d{0,8}|0)$/.exec(text);
    if (!match || entries.has(match[1]!) || /^(?:true|false|null|yes|no|on|off|[yn])$/i.test(match[2]!))
      return undefined;
    entries.set(match[1]!, /^\d/.test(match[2]!) ? Number(match[2]) : match[2]!.trimEnd());
  }
  return entries.size > 0 ? Object.fromEntries(entries) : undefined;
}

function plainValue(yaml: ReturnType<typeof parseYaml>): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch {
    return {};
  }
}

function tomlFrontMatter(line: (index: number) => string | undefined): FrontMatter | undefined {
  const end = until(line, 1, (text) => text === '+++');
  return end < 0 ? undefined : { format: 'toml', lineCount: end + 1, settings: noSettings, problems: [] };
}

function jsonFrontMatter(line: (index: number) => string | undefined): FrontMatter | undefined {
  const first = withoutEnding(line(0)!).trim();
  const end = first.endsWith('}') && first.length > 1 ? 0 : until(line, 1, (text) => text === '}');
  if (end < 0) return undefined;
  try {
    const value: unknown = JSON.parse(between(line, 0, end + 1));
    return { format: 'json', lineCount: end + 1, ...settingsOf(value, end) };
  } catch {
    return undefined;
  }
}

function settingsOf(value: unknown, endLine: number): { settings: DocumentSettings; problems: Problem[] } {
  const problems: Problem[] = [];
  if (typeof value !== 'object' || value === null) return { settings: noSettings, problems };
  const settings: { -readonly [K in keyof DocumentSettings]: DocumentSettings[K] } = { unknown: {} };
  const unknown: [string, unknown][] = [];
  const range = { line: 0, character: 0, endLine, endCharacter: 0 };
  for (const [key, one] of Object.entries(value)) {
    const taken = takeSetting(settings, key, one);
    if (taken === undefined) unknown.push([key, one]);
    else if (!taken) {
      unknown.push([key, one]);
      const message = `front matter: \`${key}\` cannot be ${JSON.stringify(one)}`;
      problems.push({ code: 'front-matter-value', message, severity: 'warning', range });
    }
  }
  settings.unknown = Object.fromEntries(unknown);
  return { settings, problems };
}

/** True: taken; false: a known key with a value that it can't have; undefined: not a key of ours. */
function takeSetting(
  settings: { -readonly [K in keyof DocumentSettings]: DocumentSettings[K] },
  key: string,
  value: unknown,
): boolean | undefined {
  switch (key) {
    case 'alert':
    case 'alerts': {
      const names = Array.isArray(value) ? value.map(scalar) : [scalar(value)];
      if (names.some((name) => !name)) return false;
      settings.alert = [...(settings.alert ?? []), ...(names as string[])];
      return true;
    }
    case 'severity':
    case 'context':
    case 'namespace':
    case 'shell':
    case 'cwd': {
      const text = scalar(value);
      if (text === undefined) return false;
      settings[key] = text;
      return true;
    }
    case 'env': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const entries = Object.entries(value).map(([name, one]) => [name, scalar(one)] as const);
      if (entries.some(([, one]) => one === undefined)) return false;
      settings.env = Object.fromEntries(entries as [string, string][]);
      return true;
    }
    default:
      return undefined;
  }
}

function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
