// Puts values in the place of placeholders. A value never becomes code: it is quoted for where it stands, and where
// no quoting is safe (text that another interpreter reads) only plain values are taken.

import { type Context, type ContextMap, scanContexts } from './lexicalContext.ts';
import { findPlaceholders, type Placeholder } from './placeholders.ts';
import { isPlainValue, quoteWord } from './quote.ts';

export interface Substitution {
  /** The text with every value that could be put in safely. */
  readonly text: string;
  readonly resolved: readonly Placeholder[];
  /** Without a value. */
  readonly missing: readonly Placeholder[];
  /** With a value that can't be put there, and why. */
  readonly refused: readonly { readonly placeholder: Placeholder; readonly why: string }[];
}

/** They read their argument as a program: quotes of bash do not keep a value from being code in it. */
const interpreters =
  /(^|[\s/;|&(])(ba|da|z|k|a)?sh(\s|$)|\b(eval|ssh|su|sudo|env|xargs|find|watch|trap|python\d?|perl|ruby|node|php|awk|gawk|sed|jq|yq|psql|mysql|mariadb|sqlite3|cqlsh|mongo|mongosh|redis-cli|parallel|source|exec|nsenter|chroot|expect|osascript|Rscript|lua|vim|ex|ed|bq|athena|clickhouse-client|etcdctl|tmux|screen|timeout|at|batch|crontab)\b/;

/** Values by the placeholder's name or by its text as written. */
export function substitute(text: string, values: ReadonlyMap<string, string>): Substitution {
  const contexts = scanContexts(text);
  const resolved: Placeholder[] = [];
  const missing: Placeholder[] = [];
  const refused: { placeholder: Placeholder; why: string }[] = [];
  let out = '';
  let at = 0;
  for (const placeholder of findPlaceholders(text, contexts)) {
    const value = values.get(placeholder.text) ?? values.get(placeholder.name);
    out += text.slice(at, placeholder.start);
    at = placeholder.end;
    if (value === undefined || value === '') {
      missing.push(placeholder);
      out += placeholder.text;
      continue;
    }
    const put = putIn(text, placeholder, value, contexts);
    if ('why' in put) {
      refused.push({ placeholder, why: put.why });
      out += placeholder.text;
    } else {
      resolved.push(placeholder);
      out += put.text;
    }
  }
  return { text: out + text.slice(at), resolved, missing, refused };
}

function putIn(
  text: string,
  { start, end }: Placeholder,
  value: string,
  contexts: ContextMap,
): { text: string } | { why: string } {
  if (value.includes('\0')) return { why: 'a value can’t hold a NUL' };
  const context = contexts.at(start);
  const first = wordStart(text, start, context);
  if (first && value.startsWith('-')) return { why: 'a value that begins with - would be read as a flag' };
  if (isPlainValue(value) || (!first && /^[A-Za-z0-9_./:@%+,=-]+$/.test(value))) return { text: value };
  if (context !== contexts.at(end - 1)) return { why: 'quotes begin or end inside the placeholder' };
  const command = commandAround(text, start, contexts);
  if (interpreters.test(command)) {
    return {
      why: 'the command reads its text as a program: only letters, digits and _ . / : @ % + , = - are safe',
    };
  }
  if (command.slice(0, start - contexts.commandStart(start)).trim() === '') {
    return { why: 'the name of a command has to be plain' };
  }
  return quoted(context, value);
}

function quoted(context: Context, value: string): { text: string } | { why: string } {
  switch (context) {
    case 'bare':
      return { text: quoteWord(value) };
    case 'single':
      return { text: value.replaceAll("'", "'\\''") };
    case 'double':
      return { text: value.replace(/[\\$`"]/g, '\\$&') };
    case 'ansi':
      return { text: value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n') };
    case 'heredoc':
      if (/[\n\r]/.test(value)) return { why: 'a line break could end the heredoc' };
      return { text: value.replace(/[\\$`]/g, '\\$&') };
    case 'rawHeredoc':
      return /[\n\r]/.test(value) ? { why: 'a line break could end the heredoc' } : { text: value };
    default:
      return { why: 'only letters, digits and _ . / : @ % + , = - are safe here' };
  }
}

/** Whether the placeholder begins a word. */
function wordStart(text: string, start: number, context: Context): boolean {
  const before = text[start - 1] ?? ' ';
  if (context === 'bare') return /[\s;&|(]/.test(before);
  return context !== 'comment' && /["'\s]/.test(before);
}

/** The command that the placeholder is in, both sides of it, back to its start of line for pipes. */
function commandAround(text: string, start: number, contexts: ContextMap): string {
  const from = contexts.commandStart(start);
  let to = start;
  while (
    to < text.length &&
    contexts.commandStart(to) === from &&
    !(contexts.at(to) === 'bare' && text[to] === '\n')
  )
    to++;
  // What a pipe leads to may read it as a program: the rest of the line counts, and what stands around `$(…)`.
  const lineEnd = text.indexOf('\n', to);
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const outer = text.slice(lineStart, from).match(/["'`$]\(?\s*$/) ? text.slice(lineStart, from) : '';
  return text.slice(from, lineEnd < 0 ? text.length : lineEnd) + (outer ? `\n${outer}` : '');
}
