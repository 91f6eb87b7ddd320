// The guard's question in plain text, one form for dialog and terminal: the commands first, since they are what is
// answered for; then where they go, as loud as it is dangerous; then why it is asked.

import { visibleText } from '../base/visibleText.ts';
import { compareRisk, highestRisk } from '../shell/risk.ts';
import type { Question, QuestionCall, QuestionTarget } from './question.ts';

export interface QuestionTextOptions {
  /** How many calls are shown; the others are counted. All where it is not given. */
  readonly mostCalls?: number;
}

/** Without the title, which each host shows in its own way. */
export function questionText(question: Question, options: QuestionTextOptions = {}): string {
  const most = options.mostCalls ?? question.calls.length;
  const shown = gravest(question.calls, most);
  const calls = shown.map(callText);
  const more = question.calls.filter((call) => !shown.includes(call));
  if (more.length > 0) {
    const worst = highestRisk(more.map(({ risk }) => risk)).toUpperCase();
    calls.push(`… and ${more.length} more of the same cell, none above ${worst}`);
  }
  const lead = question.lead ? [question.lead] : [];
  return visibleText([...lead, calls.join('\n'), targetText(question), ...question.why].join('\n\n'));
}

/** Where not all are shown, those that do most, in the order of the cell. */
function gravest(calls: readonly QuestionCall[], most: number): readonly QuestionCall[] {
  if (calls.length <= most) return calls;
  const kept = new Set([...calls].sort((one, other) => compareRisk(other.risk, one.risk)).slice(0, most));
  return calls.filter((call) => kept.has(call));
}

function callText(call: QuestionCall): string {
  // What a here-document says stands under its command, and can't pass for a line of the question.
  return `${placedText(call).replaceAll('\n', '\n  ')}\n    ${call.risk.toUpperCase()}: ${call.reasons.join('; ')}`;
}

/** A call with where it runs and goes, which is part of what it does: for whoever answers, and whoever approves. */
export function placedText({ text, where, namespace }: QuestionCall): string {
  const place = where === 'here' ? [] : [`[in ${where}]`];
  const away = namespace && !names(text, namespace) ? [`[namespace ${namespace}]`] : [];
  return [text, ...place, ...away].join('  ');
}

/** Where an option of the call says it itself, it is not said twice; a pod of that name says nothing. */
function names(text: string, namespace: string): boolean {
  const words = text.replace(/['"]/g, '').split(/\s+/);
  return words.some(
    (word, index) =>
      (/^(-n|--namespace)$/.test(word) && words[index + 1] === namespace) ||
      [`-n${namespace}`, `-n=${namespace}`, `--namespace=${namespace}`].includes(word),
  );
}

/** Nobody chose it: a context that names no namespace has this one. */
const unchosen = 'default';
const everywhere = '* (all of them)';
const clusterTool = /(^|[\s/|;&(])(kubectl|oc|helm)\s/;

/** One line, and one more for each way in which a call goes where nobody would look for it. */
function targetText({ target, calls }: Question): string {
  if (!target) return 'Target: no cluster';
  const named = [...new Set(calls.flatMap(({ namespace }) => namespace ?? []))];
  const pinned = target.namespace ?? unchosen;
  const chosen = pinned !== unchosen;
  const elsewhere = named.filter((one) => chosen || one === everywhere);
  const stays = calls.some(({ namespace, text }) => !namespace && clusterTool.test(text));
  // Without a namespace of one's own, the one that a call names is simply where it goes.
  const here = chosen || named.length === elsewhere.length ? [] : named.filter((one) => one !== everywhere);
  const namespaces = here.length === 0 || stays ? [...(target.namespace ? [pinned] : []), ...here] : here;
  const lines = [targetLine(target, namespaces)];
  const outside = new Set(calls.flatMap((call) => call.outside ?? []));
  for (const how of outside) lines.push(`⚠ NOT ${target.name}: ${how}`);
  if (elsewhere.length > 0) {
    const to = elsewhere.map((one) => (one === everywhere ? 'all namespaces' : `namespace ${one}`));
    lines.push(`⚠ NOT ${pinned}: goes to ${to.join(', ')}`);
  }
  return lines.join('\n');
}

function targetLine({ name, user, production }: QuestionTarget, namespaces: readonly string[]): string {
  const inside =
    namespaces.length === 0
      ? ''
      : `, namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(' and ')}`;
  return `Target: ${name}${inside}${user ? `, as ${user}` : ''}${production ? ' — PRODUCTION' : ''}`;
}
