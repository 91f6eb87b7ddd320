// What a runbook's author left for the operator to fill in: `<pod>`, `auth-xxx`, `your-registry`, `[INCIDENT_ID]`,
// `POD_NAME`, `{id}`, `...`. The forms and how often they occur are measured on real runbooks; go-templates, JSON,
// patterns and HTML are none.

import { type Context, type ContextMap, scanContexts } from './lexicalContext.ts';

export interface Placeholder {
  /** As written. */
  readonly text: string;
  /** Without brackets or `$`. */
  readonly name: string;
  /** Offsets in the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** From 0. */
  readonly line: number;
  readonly form: 'angle' | 'square' | 'brace' | 'xxx' | 'your' | 'upper' | 'ellipsis' | 'variable';
}

interface Candidate {
  readonly text: string;
  readonly name: string;
  readonly start: number;
}
interface Rule {
  readonly form: Placeholder['form'];
  readonly pattern: RegExp;
  readonly accepts: (found: Candidate, text: string, context: Context, command: string) => boolean;
}

/** Their arguments are patterns or programs, in which brackets and capitals mean something else. */
const patternTools = /^\s*(sudo\s+)?(e|f|z)?grep\b|^\s*(sed|awk|gawk|jq|yq|rg|ag|perl|tr|cut)\b/;
const saying = /^\s*(echo|printf|logger|say)\b/;
const html =
  /^\/?(a|b|i|p|br|hr|em|div|pre|code|span|html|head|body|title|table|t[rdh]|ul|ol|li|h[1-6]|img|strong|script|style|details|summary|EOF|none|nil|null|pending|unknown|invalid|no value|missing)$/i;
const levels =
  /^(INFO|WARN|WARNING|ERROR|DEBUG|FATAL|TRACE|NOTICE|CRITICAL|CRIT|OK|FAIL|FAILED|PASS|PASSED|SUCCESS|DONE|SKIP|SKIPPED|TODO|NOTE|ALERT|EMERG|YES|NO|ALL|A-Z|A-Z0-9|TEST|STEP|SEV|EOF)$/;
const upperWhole =
  /^(NAMESPACE|POD|PODNAME|NODE|NODENAME|CLUSTER|CLUSTERNAME|DEPLOYMENT|CONTAINER|SERVICE|STATEFULSET|REGION|ACCOUNT|PROJECT|BUCKET|INSTANCE|USERNAME|PASSWORD|HOSTNAME|DATABASE|CHANGEME|CHANGE_ME|REPLACEME|REPLACE_ME|FIXME|TBD)$/;
const upperTail =
  /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_(NAME|NAMESPACE|ID|IDS|IP|HOST|HOSTNAME|ADDRESS|ADDR|TOKEN|KEY|URL|URI|PORT|USER|PASSWORD|REGION|ZONE|ARN|VERSION|TAG|PATH|FILE|DIR|NUMBER|COUNT|HERE|POD|NODE|CLUSTER|BUCKET|ACCOUNT|DATE|TIMESTAMP)$|^(YOUR|MY|INSERT|REPLACE|SOME|THE|TARGET|NEW|OLD)_[A-Z0-9_]+$/;

const rules: readonly Rule[] = [
  {
    form: 'angle',
    pattern: /<([A-Za-z][\w./:'-]*(?:[ \t]+[\w./:'|-]+){0,8})>/g,
    accepts: ({ name, start, text: whole }, text, context, command) => {
      if (text[start - 1] === '<' || (text[start - 1] === '=' && text[start - 2] === '?')) return false;
      if (html.test(name) || text.includes(`</${name.split(' ')[0]}>`)) return false;
      if (
        context !== 'bare' &&
        context !== 'heredoc' &&
        context !== 'rawHeredoc' &&
        patternTools.test(command)
      ) {
        // In a program only where it is a whole string of its own: `select(.name == "<pod>")`.
        return /["']/.test(text[start - 1] ?? '') && /["']/.test(text[start + whole.length] ?? '');
      }
      // `sort <in >out` has a blank before the second sign; `cmd <a>b` is rare and asked for.
      return !/^\S+[ \t]+\d?$/.test(whole.slice(1, -1)) && !(context === 'bare' && /\s\d$/.test(name));
    },
  },
  {
    form: 'square',
    pattern: /\[([A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)*)\]/g,
    accepts: ({ name, start, text: whole }, text, context, command) => {
      if (name.length < 2 || levels.test(name) || context === 'rawHeredoc') return false;
      if (/[\w\\$.)\]@]/.test(text[start - 1] ?? '') || /[*+?{]/.test(text[start + whole.length] ?? ''))
        return false;
      return !patternTools.test(command);
    },
  },
  {
    form: 'brace',
    pattern: /\{([a-z][a-z0-9]*(?:[_-][a-z0-9]+)*)\}/g,
    accepts: ({ start, text: whole }, text, context, command) => {
      if (context === 'single' || context === 'parameter' || context.endsWith('eredoc')) return false;
      if (/[$%\\{@^~]/.test(text[start - 1] ?? '') || text[start + whole.length] === '}') return false;
      return !patternTools.test(command);
    },
  },
  {
    form: 'xxx',
    pattern:
      /(?<![\w$./{-])(?:[A-Za-z0-9][\w.]*-)+(?:x{3,}|X{3,})(?![\w-])|(?<![\w$.{-])(?:x{3,}|X{3,})(?![\w.-])/g,
    accepts: (_found, _text, _context, command) => !/\bmktemp\b/.test(command) && !patternTools.test(command),
  },
  {
    form: 'your',
    pattern: /(?<![\w$.{-])your[-_][a-z0-9]+(?:[-_][a-z0-9]+)*(?![\w-])/g,
    accepts: (_found, _text, context, command) =>
      context !== 'single' && command.trim() !== '' && !patternTools.test(command) && !saying.test(command),
  },
  {
    form: 'upper',
    pattern: /(?<![\w$.{%@#\\-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?![\w=:.(}\]%-])/g,
    accepts: ({ text: whole, start }, text, context, command) => {
      if (context !== 'bare' && context !== 'double') return false;
      if (!upperWhole.test(whole) && !upperTail.test(whole)) return false;
      if (patternTools.test(command) || saying.test(command)) return false;
      if (
        /^\s*(export|unset|declare|local|readonly|read|printenv|typeset|test|\[\[?|env|mysql|psql|for|mapfile|readarray|select|case|while|if)\b/.test(
          command,
        )
      )
        return false;
      if (/\b(psql|mysql|sqlite3|clickhouse|cqlsh)\b/.test(command)) return false;
      if (context === 'double')
        return new RegExp(`["/=:]${whole}["/]`).test(text.slice(start - 1, start + whole.length + 1));
      // The command's own name (a script of that name), or an assignment.
      return command.trim() !== '' && !/[+=]/.test(text[start + whole.length] ?? '');
    },
  },
  {
    form: 'ellipsis',
    pattern: /(?<![^\s=])(?:\.\.\.|…)(?![^\s])/g,
    accepts: (_found, _text, context, command) =>
      context === 'bare' && !saying.test(command) && command.trim() !== '',
  },
];

/** In the order of the text; no two overlap. Never throws. */
export function findPlaceholders(text: string, contexts: ContextMap = scanContexts(text)): Placeholder[] {
  if (!/[<[{.…A-Z]|xxx|your[-_]/.test(text)) return [];
  const found: Placeholder[] = [];
  for (const rule of rules) {
    for (const match of text.matchAll(rule.pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      const context = contexts.at(start);
      if (context === 'comment' || found.some((one) => one.start < end && start < one.end)) continue;
      const candidate = { text: match[0], name: match[1] ?? match[0], start };
      const command = text.slice(contexts.commandStart(start), start);
      if (!rule.accepts(candidate, text, context, command)) continue;
      found.push({
        text: match[0],
        name: candidate.name,
        start,
        end,
        line: lineOf(text, start),
        form: rule.form,
      });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

export function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
