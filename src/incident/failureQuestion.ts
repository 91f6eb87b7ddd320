// How the kernel asks when a command has failed and the next one changes something: what failed, and what would come.

import { oneLine } from '../base/oneLine.ts';
import type { CommandStatus, FailurePort } from '../kernel/types.ts';
import { assess } from '../shell/assess.ts';
import type { GuardState } from './consent.ts';
import type { Question, QuestionCall } from './question.ts';
import { logQuestion } from './questionLog.ts';
import { plainWords, questionCall, questionTarget } from './questionOf.ts';
import { shellParser } from './shellTools.ts';

/** Of those that failed; the last is the nearest. */
const mostFailures = 3;

/** bash goes on after a failed command; before the next one that changes something somebody is asked. */
export function failurePort(guard: GuardState): FailurePort {
  return {
    async ask({ cellId, failures, next }, signal) {
      const failed = failures.at(-1)!;
      const { commands } = assess(await shellParser(), next.text, { projectTools: guard.projectTools });
      const calls = commands
        .filter(({ parent, risk }) => parent === null && risk !== 'read')
        .map((command) => questionCall(command, guard));
      const question: Question = {
        consent: 'confirm',
        title: `A command failed (${failed.exitCode}). Go on?`,
        lead: `${linesOf(failures).join('\n')}\n\nNext in the cell:`,
        calls: calls.length > 0 ? calls : [unread(next.text)],
        target: questionTarget(guard),
        why: ['Asked because: what comes next may count on what has failed.'],
        yes: 'Go On',
      };
      const logged = await logQuestion(guard.writer, question, cellId);
      const answer = await guard.questioner.ask(question, signal);
      await logged.answered(answer.yes ? 'yes' : `no: ${answer.reason}`);
      return answer.yes ? { goOn: true } : { goOn: false, reason: `${failed.text} had failed` };
    },
  };
}

function unread(text: string): QuestionCall {
  return { text, risk: 'change', reasons: ['changes something'], where: 'here' };
}

/** Once where the gate and bash both told of it, each in its own spelling. */
function linesOf(failures: readonly CommandStatus[]): string[] {
  const seen = new Set<string>();
  const each = failures.filter(({ text }) => !seen.has(plainWords(text)) && seen.add(plainWords(text)));
  return each
    .slice(-mostFailures)
    .map(({ text, exitCode }) => `Failed with ${exitCode}: ${oneLine(text, 200)}`);
}
