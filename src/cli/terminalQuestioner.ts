// The guard's questions at a terminal. Without one every question is answered no.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { visibleLine, visibleText } from '../base/visibleText.ts';
import {
  type Answer,
  type ApprovalOffer,
  type Question,
  type Questioner,
  sayNo,
  type ValueRequest,
  type ValuesGiven,
} from '../incident/question.ts';
import { questionText } from '../incident/questionText.ts';
import { printError } from './print.ts';

/** Asks on stderr, so that stdout stays the cells' own; a closed terminal or Ctrl-C is a no. */
export function terminalQuestioner(): Questioner {
  return process.stdin.isTTY && process.stderr.isTTY ? questionerOver(readLine, terminalTurns) : nobody;
}

/** Runs one after the other what is handed to it. */
type Turns = <T>(ask: () => Promise<T>) => Promise<T>;

/** Cells run beside each other: two questions that wait at one terminal would both take the one answer. */
function makeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (ask) => {
    const asked = last.then(ask);
    last = asked.catch(() => {});
    return asked;
  };
}

const terminalTurns = makeTurns();

/** No to everything; but a second person can be asked without anybody at this terminal. */
const nobody: Questioner = {
  ...sayNo,
  async ask(question, signal): Promise<Answer> {
    if (!question.approval) return sayNo.ask(question, signal);
    const { file } = await question.approval.request('runbook run, without a terminal');
    return {
      yes: false,
      reason: `a second person has to approve it: have ${file} signed (runbook approve FILE), then run it again with --incident and --approval`,
    };
  },
};

/** So many answers are looked at before it is a no. */
const mostAnswers = 5;

/** One line from the operator; undefined where there is none any more. */
export type ReadLine = (prompt: string, signal?: AbortSignal) => Promise<string | undefined>;

/** Asks by whatever reads lines, one question at a time. */
export function questionerOver(readLine: ReadLine, turns = makeTurns()): Questioner {
  const { ask, askValues, chooseOption } = askingOver((prompt, signal) =>
    readLine(visibleText(prompt), signal),
  );
  return {
    ask: (question, signal) =>
      turns(async () => (signal?.aborted ? { yes: false, reason: 'interrupted' } : ask(question, signal))),
    askValues: (requests, signal) => turns(() => askValues(requests, signal)),
    chooseOption: (title, options, signal, facts) => turns(() => chooseOption(title, options, signal, facts)),
  };
}

/** Names of the cluster, of alerts and of the runbook are others' texts: none of them steers the terminal. */
const say = (text: string): Promise<void> => printError(visibleText(text));

const askingOver = (readLine: ReadLine): Questioner => ({
  async ask(question, signal): Promise<Answer> {
    await say(`\n${visibleLine(question.title)}\n\n${questionText(question)}\n\n`);
    if (question.consent === 'confirm') {
      const { yes = 'Run it', no, rest } = question;
      const others = [...(rest ? [`e: ${rest}`] : []), ...(no ? [`Enter: ${no}`] : [])];
      const told = others.length > 0 ? `y: ${yes}, ${others.join(', ')}` : yes;
      const reply = (await readLine(`${told}? [y/${rest ? 'e/' : ''}N] `, signal))?.trim() ?? '';
      if (rest && /^e(nd)?$/i.test(reply)) return { yes: true, rest: true };
      return /^y(es)?$/i.test(reply) ? { yes: true } : { yes: false, reason: 'the operator said no' };
    }
    if (question.approval) return askSecondPerson(question, question.approval, readLine, signal);
    const typed = await readLine(`Type ${question.typed ?? ''} to run it: `, signal);
    if (typed === undefined || typed !== question.typed) {
      return { yes: false, reason: 'the name was not typed' };
    }
    const reason = await readLine('Reason: ', signal);
    return reason ? { yes: true, typed, reason } : { yes: true, typed };
  },

  async askValues(requests, signal): Promise<ValuesGiven> {
    const values = new Map<string, string>();
    const without = new Set<string>();
    for (const request of requests) {
      // Of a step that is left out nothing more is asked.
      if (request.steps.length > 0 && request.steps.every((step) => without.has(step))) continue;
      const value = await askValue(request, readLine, signal);
      if (value) values.set(request.name, value);
      else if (!(await mayLeaveOut(request, readLine, signal))) return { values, missing: 'cancel' };
      else for (const step of request.steps) without.add(step);
    }
    return { values, missing: 'skip' };
  },

  async chooseOption(title, options, signal, facts) {
    const lines = options.map((option, index) => {
      const { risk, commands = [], doubt } = facts?.get(option) ?? {};
      const told = [...commands, ...(doubt ? [`can't work here: ${doubt}`] : [])];
      return [
        `  ${index + 1}  ${option}${risk ? `  (${risk})` : ''}`,
        ...told.map((line) => `       ${line}`),
        '',
      ].join('\n');
    });
    await say(`\n${title}\n${lines.join('')}`);
    const reply = await readLine('Which one? (a number; “1 because …” records why, too) ', signal);
    const { chosen, because } = readChoice(reply ?? '', options);
    if (!chosen) return undefined;
    const asks = because === undefined && facts?.get(chosen)?.grave;
    const reason = asks ? await readLine('Why (may be empty): ', signal) : because;
    return reason ? { option: chosen, reason } : { option: chosen };
  },
});

/** `2`, `2 because it is quick`, `2: it is quick`; for “Option B: …” also `B`. */
function readChoice(
  reply: string,
  options: readonly string[],
): { chosen?: string | undefined; because?: string | undefined } {
  const [, which, because] =
    /^\s*(\d{1,3}|[a-z])(?:(?:\s*[:,]|\s+because\s)\s*(\S.*?))?\s*$/i.exec(reply) ?? [];
  if (which === undefined) return {};
  const byLetter = options.filter((option) =>
    new RegExp(`^\\w+\\s+${which}\\b`, 'i').test(option.replace(/^\W+/, '')),
  );
  const chosen = options[Number(which) - 1] ?? (byLetter.length === 1 ? byLetter[0] : undefined);
  return { chosen, because };
}

/** Request, answer, or break the glass; an empty line is a no. */
async function askSecondPerson(
  { problem, typed }: Question,
  approval: ApprovalOffer,
  readLine: ReadLine,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (problem) await say(`Not taken: ${problem}.\n`);
  const no: Answer = { yes: false, reason: 'no second person has approved it' };
  const what = await readLine(
    'A second person has to approve this: [r]equest it, paste an [a]nswer, or [b]reak the glass: ',
    signal,
  );
  if (/^b/i.test(what ?? '')) {
    const name = await readLine(`Type ${typed ?? ''} to go ahead without: `, signal);
    const reason = await readLine(
      'Why, in a few words (it is recorded, and has to be countersigned): ',
      signal,
    );
    return { yes: true, breakGlass: true, typed: name ?? '', reason: reason ?? '' };
  }
  if (/^r/i.test(what ?? '')) {
    const { line, file, expiresAt } = await approval.request((await readLine('Why: ', signal)) ?? '');
    await say(
      `\n${line}\n\nSend this line to a colleague, or the file\n  ${file}\nThey sign it with \`runbook approve\`, until ${expiresAt.slice(11, 16)} UTC, and send back what it prints.\n`,
    );
  } else if (!/^a/i.test(what ?? '')) return no;
  // What was pasted by mistake is no reason to ask the colleague anew.
  for (let tries = 0; tries < mostAnswers; tries++) {
    const answer = (await readLine('The signed answer, or its file (empty: do not run): ', signal))?.trim();
    if (!answer) return no;
    const signed = await readFile(answer, 'utf8').catch(() => answer);
    const result = await approval.accept(signed);
    if (result.ok) return { yes: true };
    await say(`Not taken: ${result.why}.\n`);
  }
  return no;
}

/** A number stands for a suggestion; an empty line for none. */
async function askValue(
  { text, note, suggestions }: ValueRequest,
  readLine: ReadLine,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (note) await say(`\n${note}\n`);
  for (const [index, { value, from }] of suggestions.entries()) {
    await say(`  ${index + 1}  ${value}  (${from})\n`);
  }
  const hint = suggestions.length > 0 ? ' (a value, or a number from the list)' : '';
  const typed = await readLine(`${text}${hint}: `, signal);
  return suggestions[Number(typed) - 1]?.value ?? typed;
}

async function mayLeaveOut(
  { text, steps }: ValueRequest,
  readLine: ReadLine,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const what = steps.map((step) => `“${step}”`).join(', ');
  const reply = await readLine(`No value for ${text}. Leave out ${what || 'what needs it'}? [y/N] `, signal);
  return /^y(es)?$/i.test(reply ?? '');
}

async function readLine(prompt: string, signal?: AbortSignal): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(prompt, signal ? { signal } : {});
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}

/** A plain yes or no; no without a terminal. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  return terminalTurns(async () => /^y(es)?$/i.test((await readLine(question)) ?? ''));
}
