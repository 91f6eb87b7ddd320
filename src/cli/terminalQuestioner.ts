// The guard's questions at a terminal. Without one every question is answered no.

import { createInterface } from 'node:readline/promises';
import {
  type Answer,
  type Questioner,
  sayNo,
  type ValueRequest,
  type ValuesGiven,
} from '../incident/question.ts';
import { questionText } from '../incident/questionText.ts';
import { printError } from './print.ts';

/** Asks on stderr, so that stdout stays the cells' own; a closed terminal or Ctrl-C is a no. */
export function terminalQuestioner(): Questioner {
  return process.stdin.isTTY && process.stderr.isTTY ? questionerOver(readLine) : sayNo;
}

/** One line from the operator; undefined where there is none any more. */
export type ReadLine = (prompt: string, signal?: AbortSignal) => Promise<string | undefined>;

/** Asks by whatever reads lines. */
export const questionerOver = (readLine: ReadLine): Questioner => ({
  async ask(question, signal): Promise<Answer> {
    await printError(`\n${question.title}\n\n${questionText(question)}\n\n`);
    if (question.consent === 'confirm') {
      const reply = await readLine('Run it? [y/N] ', signal);
      return /^y(es)?$/i.test(reply ?? '') ? { yes: true } : { yes: false, reason: 'the operator said no' };
    }
    const typed = await readLine(`Type ${question.typed ?? ''} to run it: `, signal);
    if (typed === undefined || typed !== question.typed) {
      return { yes: false, reason: 'the name was not typed' };
    }
    const reason = await readLine('Reason: ', signal);
    return reason ? { yes: true, typed, reason } : { yes: true, typed };
  },

  async askValues(requests, signal): Promise<ValuesGiven> {
    const values = new Map<string, string>();
    for (const request of requests) {
      const value = await askValue(request, readLine, signal);
      if (value) values.set(request.name, value);
      else if (!(await mayLeaveOut(request, readLine, signal))) return { values, missing: 'cancel' };
    }
    return { values, missing: 'skip' };
  },

  async chooseOption(title, options, signal, doubts) {
    const lines = options.map((option, index) => {
      const doubt = doubts?.get(option);
      return `  ${index + 1}  ${option}${doubt ? `\n       can't work here: ${doubt}` : ''}\n`;
    });
    await printError(`\n${title}\n${lines.join('')}`);
    const chosen = options[Number(await readLine('Which one? ', signal)) - 1];
    if (!chosen) return undefined;
    const reason = await readLine('Why (may be empty): ', signal);
    return reason ? { option: chosen, reason } : { option: chosen };
  },
});

/** A number stands for a suggestion; an empty line for none. */
async function askValue(
  { text, note, suggestions }: ValueRequest,
  readLine: ReadLine,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (note) await printError(`\n${note}\n`);
  for (const [index, { value, from }] of suggestions.entries()) {
    await printError(`  ${index + 1}  ${value}  (${from})\n`);
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
  return /^y(es)?$/i.test((await readLine(question)) ?? '');
}
