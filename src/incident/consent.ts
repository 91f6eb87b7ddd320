// From a decision to a yes or no: makes the one question, records it with its answer, and lets exactly the
// calls through that the question displayed.

import { randomBytes } from 'node:crypto';
import { shellWord } from '../cluster/shellWord.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Allowances } from '../guard/allowances.ts';
import type { EffectivePolicy } from '../guard/combinePolicies.ts';
import { type Consent, type Decision, decide, type IncidentLevel, strictest } from '../guard/decide.ts';
import type { AssessedCommand } from '../shell/assess.ts';
import type { ProjectTools } from '../shell/resolve.ts';
import { compareRisk } from '../shell/risk.ts';
import { securityControlOf } from '../shell/securityControls.ts';
import type { BeforeChange, ClusterCall } from './beforeChange.ts';
import type { ObjectChanges } from './objectChanges.ts';
import type { Answer, ConsentKind, Question, Questioner, QuestionTarget } from './question.ts';
import type { SessionTarget } from './sessionTarget.ts';

export interface GuardState {
  readonly questioner: Questioner;
  readonly writer: EvidenceWriter;
  readonly allowances: Allowances;
  readonly target: SessionTarget | undefined;
  /** Whether the target counts as production. */
  readonly production: boolean;
  readonly incidentLevel: () => IncidentLevel;
  /** Absent without a cluster. */
  readonly beforeChange: BeforeChange | undefined;
  /** Absent without a cluster. */
  readonly objectChanges?: ObjectChanges | undefined;
  readonly policy: EffectivePolicy;
  /** The project's own commands, as the policy classes them. */
  readonly projectTools: ProjectTools;
}

/** Of one question: more are named in it, and neither previewed nor captured before the gate sees them. */
const mostCalls = 8;

export type Consented = { readonly yes: true } | { readonly yes: false; readonly reason: string };

/** A command with what the guard decided of it. */
export interface Judged {
  readonly command: AssessedCommand;
  readonly decision: Decision;
  /** Its words where they are known before it runs: what a yes then covers at the gate. */
  readonly covers: readonly {
    readonly tool: string;
    readonly args: readonly string[];
    readonly cwd: string;
  }[];
}

export interface JudgeOptions {
  readonly cwd: string;
  readonly demandsApproval?: string | undefined;
  readonly outsidePin?: string | undefined;
}

export function judge(command: AssessedCommand, guard: GuardState, options: JudgeOptions): Judged {
  const situation = {
    risk: command.risk,
    production: guard.production,
    incidentLevel: guard.incidentLevel(),
    demandsApproval: command.risk === 'read' ? undefined : options.demandsApproval,
    outsidePin: options.outsidePin ?? elsewhere(command, guard),
  };
  const decision = decide(situation, guard.policy.table);
  // In a loop every call that it will make, where they can be read: one question lists them all.
  return {
    command,
    decision,
    covers: (command.calls ?? []).map(([, ...args]) => ({ tool: command.tool, args, cwd: options.cwd })),
  };
}

/** The static reading of a call's own flags; at the gate the whole comparison is made. */
function elsewhere({ target }: AssessedCommand, { target: session }: GuardState): string | undefined {
  if (!session) return undefined;
  const { pin } = session;
  if (target.overrides.length > 0)
    return `${target.overrides.join(', ')} points away from the pinned cluster`;
  if (target.context !== null && target.context !== pin.context) {
    return `it goes to the context ${target.context}; ${pin.context} is pinned`;
  }
  return undefined;
}

/**
 * Asks once for all of them. Nothing is asked where everything simply runs.
 *
 * @param title what is asked for, such as the step's heading.
 */
export async function consentTo(
  judged: readonly Judged[],
  guard: GuardState,
  asking: {
    readonly title: string;
    readonly run: string;
    readonly why?: readonly string[];
    readonly signal?: AbortSignal;
  },
): Promise<Consented> {
  const asked = judged.filter(({ decision }) => decision.consent !== 'run');
  const consent = strictest(asked.map(({ decision }) => decision.consent));
  // Begun at once, so that it goes on while the question is read; the change waits for it, at most 3 s.
  const captured = captureAll(judged, guard, asking.run);
  if (consent === 'run') {
    await captured;
    return { yes: true };
  }
  const reasons = [...new Set(asked.flatMap(({ decision }) => decision.reasons))];
  if (consent === 'refuse') return { yes: false, reason: `the policy refuses it: ${reasons.join('; ')}` };
  const preview = await previewAll(asked, guard);
  const why = [...(asking.why ?? []), ...preview];
  const question = makeQuestion(consent, asked, reasons, guard, { title: asking.title, why });
  const answer = await askAndRecord(question, guard, asking.run, asking.signal);
  if (!answer.yes) return { yes: false, reason: answer.reason };
  await captured;
  for (const { covers } of judged) for (const call of covers) guard.allowances.allow(call);
  return { yes: true };
}

/** The kubectl calls among them that change something and whose words are known. */
function clusterCalls(judged: readonly Judged[]): ClusterCall[] {
  return judged
    .filter(({ command }) => command.tool === 'kubectl' && compareRisk(command.risk, 'secret') > 0)
    .flatMap(({ covers }) => covers)
    .slice(0, mostCalls);
}

async function previewAll(judged: readonly Judged[], { beforeChange }: GuardState): Promise<string[]> {
  if (!beforeChange) return [];
  const shown = await Promise.all(clusterCalls(judged).map((call) => beforeChange.preview(call)));
  return shown.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
}

async function captureAll(
  judged: readonly Judged[],
  { beforeChange }: GuardState,
  run: string,
): Promise<void> {
  if (beforeChange) await Promise.all(clusterCalls(judged).map((call) => beforeChange.capture(call, run)));
}

function makeQuestion(
  consent: Exclude<Consent, 'run' | 'refuse'>,
  asked: readonly Judged[],
  reasons: readonly string[],
  guard: GuardState,
  asking: { readonly title: string; readonly why?: readonly string[] },
): Question {
  // Two people need signers that somebody has named; without them one person types the name and says why.
  const kind: ConsentKind = consent === 'two-person' ? 'type-name' : consent;
  const unapproved =
    consent === 'two-person'
      ? ['A second person should approve this, but no signers are configured: it is recorded as unapproved.']
      : [];
  return {
    consent: kind,
    title: asking.title,
    calls: asked.map(({ command }) => ({
      text: shownText(command),
      risk: command.risk,
      reasons: reasonsOf(command),
      where: command.where,
      ...elsewhereIn(command, guard),
    })),
    target: questionTarget(guard),
    why: [...(asking.why ?? []), `Asked because: ${reasons.join('; ')}.`, ...unapproved],
    ...(kind === 'type-name' ? { typed: nameToType(asked, guard) } : {}),
    ...(consent === 'two-person' ? { unapproved: true } : {}),
  };
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
function shownText({ text, calls }: AssessedCommand): string {
  const resolved = (calls ?? []).map((call) => call.map(shellWord).join(' ')).filter((call) => call !== text);
  return resolved.length === 0 ? text : [text, ...resolved.map((call) => `  → ${call}`)].join('\n');
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

export function questionTarget({ target, production }: GuardState): QuestionTarget | undefined {
  if (!target) return undefined;
  const { context, server, namespace } = target.pin;
  return { name: context, server, namespace, production };
}

/** What has to be typed: the target's name, since the wrong cluster is the accident to prevent; else the tool's. */
function nameToType(asked: readonly Judged[], { target }: GuardState): string {
  return target?.pin.context ?? asked[0]!.command.tool;
}

async function askAndRecord(
  question: Question,
  { questioner, writer }: GuardState,
  run: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const id = `q-${randomBytes(6).toString('hex')}`;
  await writer.append({
    type: 'cell.question',
    question: id,
    run,
    kind: question.consent,
    text: question.title,
    shows: { calls: question.calls, target: question.target ?? null, why: question.why },
  });
  const answer = await questioner.ask(question, signal);
  await writer.append({
    type: 'cell.answer',
    question: id,
    run,
    answer: answer.yes ? 'yes' : `no: ${answer.reason}`,
    ...(answer.yes && answer.reason ? { extra: { reason: answer.reason } } : {}),
  });
  if (answer.yes && question.unapproved) {
    await writer.append({
      type: 'approval',
      request: id,
      decision: 'unapproved',
      run,
      covers: question.calls.map((call) => call.text),
      reason: answer.reason ?? 'no signers are configured',
    });
  }
  return answer;
}
