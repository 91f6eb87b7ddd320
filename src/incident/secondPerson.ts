// A question that needs a second person, until there is a proven answer, a broken glass, or a no.

import type { ApprovalCase, Approved } from './approvals.ts';
import type { GuardState, Judged } from './consent.ts';
import type { Question } from './question.ts';

export type SecondPerson =
  | { readonly yes: true; readonly how: string }
  | { readonly yes: false; readonly reason: string };

/** After so many answers that prove nothing it is a no. */
const mostTries = 5;

export async function askSecondPerson(
  question: Question,
  asked: readonly Judged[],
  guard: GuardState,
  run: string,
  signal: AbortSignal | undefined,
): Promise<SecondPerson> {
  const { approvals, questioner, target } = guard;
  const known = guard.runs.get(run);
  const one: ApprovalCase = {
    run,
    question,
    real: asked.map(({ command, covers }) => ({
      text: command.text,
      where: command.where,
      calls: (command.calls ?? []).map((words) => [...words]),
      covers: covers.map(({ tool, args, cwd, input }) => ({
        tool,
        args: [...args],
        cwd,
        input: input ?? null,
      })),
    })),
    target: target && {
      name: question.target!.name,
      server: target.pin.server,
      ca: `sha256:${target.pin.caDigest}`,
      namespace: target.pin.namespace,
    },
    runbook: known?.runbook ?? { path: 'no runbook', sha256: 'none' },
    revertWithinMs: known?.revertWithinMs,
  };
  const take = (approved: Approved): SecondPerson => {
    if (known && approved.revertWithinMs !== undefined) known.revertWithinMs = approved.revertWithinMs;
    return { yes: true, how: `approved by ${approved.approvers.join(', ')}` };
  };
  const given = await approvals.alreadyGiven(one);
  if (given) return take(given);
  let approved: Approved | undefined;
  const approval = approvals.offer(one, (proven) => {
    approved = proven;
  });
  let problem: string | undefined;
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await questioner.ask({ ...question, approval, ...(problem ? { problem } : {}) }, signal);
    // What the host says counts for nothing here: only the proof does.
    if (approved) return take(approved);
    if (!answer.yes) return answer;
    if (!answer.breakGlass) problem = 'no second person has approved it';
    else {
      problem = await approvals.breakGlass(one, { typed: answer.typed ?? '', reason: answer.reason ?? '' });
      if (problem === undefined) return { yes: true, how: 'the glass was broken' };
    }
  }
  return { yes: false, reason: problem ?? 'no second person has approved it' };
}
