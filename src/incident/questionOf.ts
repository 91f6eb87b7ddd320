// From what the guard decided of a step's commands to the one question that is put to a person.

import { shellWord } from '../cluster/shellWord.ts';
import type { Consent } from '../guard/decide.ts';
import type { AssessedCommand } from '../shell/assess.ts';
import { securityControlOf } from '../shell/securityControls.ts';
import type { GuardState, Judged } from './consent.ts';
import type { ConsentKind, Question, QuestionCall, QuestionTarget } from './question.ts';

export function questionOf(
  consent: Exclude<Consent, 'run' | 'refuse'>,
  asked: readonly Judged[],
  guard: GuardState,
  asking: { readonly title: string; readonly why: readonly string[] },
): Question {
  // Two people need signers that somebody has named; without them one person types the name and says why.
  const unapproved = consent === 'two-person' && !guard.approvals.possible;
  const kind: ConsentKind = unapproved ? 'type-name' : consent;
  const reasons = [...new Set(asked.flatMap(({ decision }) => decision.reasons))];
  return {
    consent: kind,
    title: asking.title,
    calls: asked
      .filter((one) => !isShownInside(one, asked))
      .map(({ command, outside }) => ({
        ...questionCall(command, guard),
        ...(outside ? { outside } : {}),
      })),
    target: questionTarget(guard),
    why: [
      ...asking.why,
      `Asked because: ${reasons.join('; ')}.`,
      ...(unapproved
        ? [
            'A second person should approve this, but no signers are configured: it is recorded as unapproved.',
          ]
        : []),
    ],
    ...(kind === 'confirm' ? {} : { typed: nameToType(asked, guard) }),
    ...(unapproved ? { unapproved } : {}),
  };
}

/** What a person reads of a command. */
export function questionCall(command: AssessedCommand, guard: GuardState): QuestionCall {
  const { risk, where } = command;
  return {
    text: shownText(command),
    risk,
    reasons: reasonsOf(command),
    where,
    ...elsewhereIn(command, guard),
  };
}

/** `rm x` of `kubectl exec p -- rm x`: whoever reads the one has read the other. */
function isShownInside({ command }: Judged, asked: readonly Judged[]): boolean {
  const { parent, line, text, risk } = command;
  if (parent === null) return false;
  return asked.some(
    ({ command: outer }) =>
      outer.parent === null &&
      outer.line === line &&
      outer.risk === risk &&
      plainWords(outer.text).includes(plainWords(text)),
  );
}

/** Naming another namespace is how runbooks are written, so it is inside the pin; but it has to be seen. */
function elsewhereIn(
  { target: { namespace } }: AssessedCommand,
  { target }: GuardState,
): { namespace?: string } {
  if (!target || namespace === null || namespace === target.pin.namespace) return {};
  return { namespace: namespace === '*' ? '* (all of them)' : namespace };
}

/** As written, and below it the calls that a loop or a variable makes of it. */
function shownText({ text, calls, partly }: AssessedCommand): string {
  const each = calls?.map((call) => call.map(shellWord).join(' ')) ?? (partly ? [partly] : []);
  const resolved = each.filter((call) => call !== text);
  return resolved.length === 0 || resolved.every((call) => sameWords(call, text))
    ? text
    : [text, ...resolved.map((call) => `  → ${call}`)].join('\n');
}

/** A call that only lost its quotes, its line breaks, its here-document or its redirection is no other one. */
function sameWords(call: string, text: string): boolean {
  const [one, other] = [plainWords(call), plainWords(text)];
  return other.startsWith(one) && /^\s*(\d?[<>]|$)/.test(other.slice(one.length));
}

/** Without quotes and line breaks, to tell whether two spellings are the same words. */
export function plainWords(text: string): string {
  return text
    .replace(/\\\n/g, ' ')
    .replace(/['"\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** With what a careful reader should see first: a security control that it turns off, what the gate can't see. */
function reasonsOf(command: AssessedCommand): string[] {
  const control = securityControlOf(command);
  return [
    ...(control ? [control] : []),
    ...command.reasons,
    ...command.ungated.map((gap) => `not seen by the gate: ${gap}`),
  ];
}

export function questionTarget({ target, known, production }: GuardState): QuestionTarget | undefined {
  if (!target) return undefined;
  const { context, server, namespace } = target.pin;
  const { user } = target;
  const name = known?.listed ? known.name : context;
  return { name, context, server, namespace, production, ...(user ? { user } : {}) };
}

/** What has to be typed: where it goes, since the wrong cluster is the accident to prevent; else the tool's name. */
function nameToType(asked: readonly Judged[], guard: GuardState): string {
  const elsewhere = asked.find(({ away, command }) => away && command.target.context)?.command.target.context;
  return elsewhere ?? questionTarget(guard)?.name ?? (asked[0]!.command.tool || 'run');
}
