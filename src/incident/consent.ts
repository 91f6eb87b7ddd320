// From a decision to a yes or no: puts the one question, records it with its answer, and lets exactly the calls
// through that the question displayed.

import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Allowances } from '../guard/allowances.ts';
import type { EffectivePolicy } from '../guard/combinePolicies.ts';
import { type Decision, decide, type IncidentLevel, strictest } from '../guard/decide.ts';
import type { KnownTarget } from '../guard/targetOf.ts';
import type { AssessedCommand } from '../shell/assess.ts';
import type { ProjectTools } from '../shell/resolve.ts';
import { compareRisk } from '../shell/risk.ts';
import type { Approvals } from './approvals.ts';
import type { BeforeChange, ClusterCall } from './beforeChange.ts';
import { type Capturing, captureAll } from './capturing.ts';
import type { ObjectChanges } from './objectChanges.ts';
import type { Question, Questioner } from './question.ts';
import { logQuestion } from './questionLog.ts';
import { questionOf } from './questionOf.ts';
import type { RolloutWatch } from './rolloutWatch.ts';
import type { RunNotices } from './runNotices.ts';
import { askSecondPerson } from './secondPerson.ts';
import type { SessionTarget } from './sessionTarget.ts';
import type { StaticCall } from './staticCalls.ts';

export interface GuardState {
  readonly questioner: Questioner;
  readonly writer: EvidenceWriter;
  readonly allowances: Allowances;
  readonly approvals: Approvals;
  readonly target: SessionTarget | undefined;
  /** What the policy calls it. */
  readonly known: KnownTarget | undefined;
  /** Whether the target counts as production. */
  readonly production: boolean;
  readonly incidentLevel: () => IncidentLevel;
  /** Absent without a cluster. */
  readonly beforeChange: BeforeChange | undefined;
  /** Absent without a cluster. */
  readonly objectChanges?: ObjectChanges | undefined;
  readonly notices: RunNotices;
  /** Absent without a cluster. */
  readonly rollouts?: RolloutWatch | undefined;
  readonly policy: EffectivePolicy;
  /** The project's own commands, as the policy classes them. */
  readonly projectTools: ProjectTools;
  /** What runs, by its run. */
  readonly runs: Map<string, GuardedRun>;
}

/** What the gate has to know of the cell that a call comes from. */
export interface GuardedRun {
  readonly runbook: { readonly path: string; readonly sha256: string };
  /** The document's demand on what was left to the gate. */
  demand?: string | undefined;
  caution?: string | undefined;
  /** The document wants the change taken back in this time; an approval may carry it. */
  revertWithinMs?: number | undefined;
  /** What the document says of any command of the cell, wherever it is asked about. */
  said?: Pick<JudgeOptions, 'demandsApproval' | 'caution'> | undefined;
  /** The question at which somebody said to go on to the end of the cell, whatever fails. */
  goesOn?: string | undefined;
}

/** Of one question: more are named in it, and neither previewed nor captured before the gate sees them. */
const mostCalls = 8;

export type Consented = { readonly yes: true } | { readonly yes: false; readonly reason: string };

/** A command with what the guard decided of it. */
export interface Judged {
  readonly command: AssessedCommand;
  readonly decision: Decision;
  /** Its calls where they are known before it runs: what a yes then covers at the gate. */
  readonly covers: readonly (StaticCall & Pick<ClusterCall, 'inputs'>)[];
  /** It leaves the pinned target. */
  readonly away: boolean;
  /** And how. */
  readonly outside?: string | undefined;
}

export interface JudgeOptions {
  readonly covers: Judged['covers'];
  readonly demandsApproval?: string | undefined;
  readonly caution?: string | undefined;
  readonly outsidePin?: string | undefined;
}

export function judge(command: AssessedCommand, guard: GuardState, options: JudgeOptions): Judged {
  const outsidePin = options.outsidePin ?? elsewhere(command, guard);
  const situation = {
    risk: command.risk,
    production: guard.production,
    incidentLevel: guard.incidentLevel(),
    demandsApproval: command.risk === 'read' ? undefined : options.demandsApproval,
    caution: compareRisk(command.risk, 'secret') > 0 ? options.caution : undefined,
    outsidePin,
  };
  const decision = switched(command, guard, decide(situation, guard.policy.table));
  return { command, decision, covers: options.covers, away: outsidePin !== undefined, outside: outsidePin };
}

/** What the session is pinned to is never changed unasked. */
function switched({ switchesTarget }: AssessedCommand, { target }: GuardState, decision: Decision): Decision {
  if (switchesTarget === null || !target) return decision;
  const to = switchesTarget ? ` to ${switchesTarget}` : '';
  const reason = `it switches this session from ${target.pin.context}${to}`;
  const consent = strictest([decision.consent, 'confirm']);
  return { consent, reasons: [reason, ...decision.reasons] };
}

/** The static reading of a call's own flags; at the gate the whole comparison is made. */
function elsewhere({ target }: AssessedCommand, { target: session }: GuardState): string | undefined {
  if (!session) return undefined;
  const { pin } = session;
  const others = target.overrides.filter((flag) => flag !== '--context' || target.context === null);
  if (others.length > 0) return `${others.join(', ')} points away from the pinned cluster`;
  if (target.context !== null && target.context !== pin.context) {
    return `it goes to the context ${target.context}; ${pin.context} is pinned`;
  }
  return undefined;
}

export interface Asking {
  /** What is asked for, such as the step's heading. */
  readonly title: string;
  readonly run: string;
  readonly why?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Asks once for all of them. Nothing is asked where everything simply runs. */
export async function consentTo(
  judged: readonly Judged[],
  guard: GuardState,
  asking: Asking,
): Promise<Consented> {
  const asked = judged.filter(({ decision }) => decision.consent !== 'run');
  const consent = strictest(asked.map(({ decision }) => decision.consent));
  if (consent === 'refuse') {
    const reasons = [...new Set(asked.flatMap(({ decision }) => decision.reasons))];
    return { yes: false, reason: `the policy refuses it: ${reasons.join('; ')}` };
  }
  // Begun at once, so that it goes on while the question is read; the change waits for it, at most 3 s (5 s the
  // session's first).
  const prepared = prepare(judged, guard, asking.run);
  if (consent === 'run') {
    guard.notices.say(asking.run, await prepared.captured.rest());
    await prepared.previewed;
    return { yes: true };
  }
  const why = [...(asking.why ?? []), ...(await prepared.previewed), ...prepared.captured.soFar()];
  const question = questionOf(consent, asked, guard, { title: asking.title, why });
  const answer = await askAndRecord(question, asked, guard, asking);
  if (!answer.yes) return { yes: false, reason: answer.reason };
  guard.notices.say(asking.run, await prepared.captured.rest());
  await prepared.previewed;
  for (const { covers, away } of judged) for (const call of covers) guard.allowances.allow({ ...call, away });
  return { yes: true };
}

/** Previews and evidence of the kubectl calls among them that change something and whose words are known. */
function prepare(
  judged: readonly Judged[],
  { beforeChange }: GuardState,
  run: string,
): { previewed: Promise<string[]>; captured: Capturing } {
  const calls = judged
    .filter(({ command }) => command.tool === 'kubectl' && compareRisk(command.risk, 'secret') > 0)
    .flatMap(({ covers }) => covers)
    .slice(0, mostCalls);
  const previews = Promise.all(calls.map((call) => beforeChange?.preview(call, run)));
  return {
    previewed: previews.then((all) => {
      const told = all.filter((one) => one !== undefined);
      if (told.length === 0) return [];
      // The one call of a question stands above it.
      const lines = told.flatMap(({ about, lines, named }) =>
        named || calls.length === 1 ? lines : [`  ${about}`, ...lines.map((line) => `  ${line}`)],
      );
      return [['Preview:', ...lines].join('\n')];
    }),
    captured: captureAll(calls, run, beforeChange),
  };
}

async function askAndRecord(
  question: Question,
  asked: readonly Judged[],
  guard: GuardState,
  { run, signal }: Asking,
): Promise<Consented> {
  const { questioner, writer } = guard;
  const logged = await logQuestion(writer, question, run);
  if (question.consent === 'two-person') {
    const outcome = await askSecondPerson(question, asked, guard, run, signal);
    await logged.answered(outcome.yes ? `yes: ${outcome.how}` : `no: ${outcome.reason}`);
    return outcome;
  }
  const answer = await questioner.ask(question, signal);
  await logged.answered(answer.yes ? 'yes' : `no: ${answer.reason}`, answer.yes ? answer.reason : undefined);
  if (answer.yes && question.typed !== undefined && answer.typed !== question.typed) {
    return { yes: false, reason: 'the name was not typed' };
  }
  if (answer.yes && question.unapproved) {
    await writer.append({
      type: 'approval',
      request: logged.id,
      decision: 'unapproved',
      run,
      covers: question.calls.map((call) => call.text),
      reason: answer.reason ?? 'no signers are configured',
    });
    await writer.checkpoint('unapproved');
  }
  return answer.yes ? { yes: true } : { yes: false, reason: answer.reason };
}
