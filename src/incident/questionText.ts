// The guard's question in plain text, one form for dialog and terminal: the commands first, since they are what is
// answered for; then where they go, as loud as it is dangerous; then why it is asked.

import type { Question, QuestionCall, QuestionTarget } from './question.ts';

export interface QuestionTextOptions {
  /** How many calls are shown; the others are counted. All where it is not given. */
  readonly mostCalls?: number;
}

/** Without the title, which each host shows in its own way. */
export function questionText(question: Question, options: QuestionTextOptions = {}): string {
  const shown = question.calls.slice(0, options.mostCalls ?? question.calls.length);
  const calls = shown.map(callText);
  const more = question.calls.length - shown.length;
  if (more > 0) calls.push(`… and ${more} more of the same cell`);
  const lead = question.lead ? [question.lead] : [];
  return [...lead, calls.join('\n'), targetText(question), ...question.why].join('\n\n');
}

function callText({ text, where, namespace, risk, reasons }: QuestionCall): string {
  const place = where === 'here' ? '' : `  [in ${where}]`;
  const away = namespace && !names(text, namespace) ? `  [namespace ${namespace}]` : '';
  return `${text}${place}${away}\n    ${risk.toUpperCase()}: ${reasons.join('; ')}`;
}

/** Where the call says it itself, it is not said twice. */
function names(text: string, namespace: string): boolean {
  return text.split(/[\s=]+/).includes(namespace);
}

/** One line, and a second where a call goes to another namespace than the one that is pinned. */
function targetText({ target, calls }: Question): string {
  if (!target) return 'Target: no cluster';
  const elsewhere = [...new Set(calls.flatMap(({ namespace }) => (namespace ? [namespace] : [])))];
  const lines = [targetLine(target)];
  const outside = new Set(calls.flatMap((call) => call.outside ?? []));
  for (const how of outside) lines.push(`⚠ NOT ${target.name}: ${how}`);
  if (elsewhere.length > 0) {
    lines.push(
      `⚠ NOT ${target.namespace ?? 'the pinned namespace'}: goes to namespace ${elsewhere.join(', ')}`,
    );
  }
  return lines.join('\n');
}

function targetLine({ name, namespace, user, production }: QuestionTarget): string {
  return `Target: ${name}${namespace ? `, namespace ${namespace}` : ''}${user ? `, as ${user}` : ''}${production ? ' — PRODUCTION' : ''}`;
}
