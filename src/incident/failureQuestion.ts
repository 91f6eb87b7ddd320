// How the kernel asks when a command has failed and the next one changes something: what failed, and what would come.

import { oneLine } from '../base/oneLine.ts';
import type { CommandStatus, FailurePort } from '../kernel/types.ts';
import { type AssessedCommand, assess } from '../shell/assess.ts';
import { type GuardState, judge } from './consent.ts';
import type { Question, QuestionCall } from './question.ts';
import { logQuestion } from './questionLog.ts';
import { plainWords, questionCall, questionTarget } from './questionOf.ts';
import { shellParser } from './shellTools.ts';

/** Of those that failed; the last is the nearest. */
const mostFailures = 3;
/** The kernel cuts a command here: what is as long may be longer, and nobody has read the rest. */
const mostText = 1000;

/** bash goes on after a failed command; before the next one that changes something somebody is asked. */
export function failurePort(guard: GuardState): FailurePort {
  return {
    async ask({ cellId, failures, next }, signal) {
      const failed = failures.at(-1)!;
      const { commands } = assess(await shellParser(), next.text, { projectTools: guard.projectTools });
      const run = guard.runs.get(cellId);
      const mayGoOn =
        run !== undefined && next.text.length < mostText && asksNothing(commands, cellId, guard);
      if (mayGoOn && run.goesOn !== undefined) {
        await noteGoingOn(guard, cellId, run.goesOn, failures, next.text);
        return { goOn: true };
      }
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
        no: 'Stop Here',
        ...(mayGoOn ? { rest: 'Go On to the End of the Cell' } : {}),
      };
      const logged = await logQuestion(guard.writer, question, cellId);
      const answer = await guard.questioner.ask(question, signal);
      const toTheEnd = answer.yes && answer.rest === true && mayGoOn;
      await logged.answered(
        answer.yes ? (toTheEnd ? 'yes, and on to the end of the cell' : 'yes') : `no: ${answer.reason}`,
      );
      if (toTheEnd) run.goesOn = logged.id;
      return answer.yes ? { goOn: true } : { goOn: false, reason: `${failed.text} had failed` };
    },
  };
}

/** Whether the guard lets all of it run here unasked: only that can be answered for before it is seen. */
function asksNothing(commands: readonly AssessedCommand[], run: string, guard: GuardState): boolean {
  const said = guard.runs.get(run)?.said ?? {};
  const judged = commands.map((command) => judge(command, guard, { covers: [], ...said }));
  return judged.length > 0 && judged.every(({ decision }) => decision.consent === 'run');
}

async function noteGoingOn(
  { writer }: GuardState,
  run: string,
  question: string,
  failures: readonly CommandStatus[],
  next: string,
): Promise<void> {
  const failed = linesOf(failures).join('; ');
  await writer.append({
    type: 'note',
    text: `${failed}. Went on with ${oneLine(next, 200)}, as was answered before: on to the end of the cell.`,
    run,
    about: 'failure',
    extra: { question },
  });
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
