// The guard's questions as VS Code dialogs. Behind a port, since the workbench refuses dialogs in tests.

import * as vscode from 'vscode';
import { visibleLine } from '../base/visibleText.ts';
import type { Answer, Question, Questioner } from '../incident/question.ts';
import { questionText } from '../incident/questionText.ts';
import { chooseOption } from './optionPick.ts';
import { askSecondPerson } from './secondPerson.ts';
import { askValues } from './valuePicks.ts';

/** A modal does not scroll well: more are counted. */
const mostCalls = 12;

/** Asks with modal dialogs and input boxes; a dismissed one is a no. */
export const dialogQuestioner: Questioner = {
  async ask(question, signal) {
    if (signal?.aborted) return { yes: false, reason: 'interrupted' };
    if (question.approval) {
      return askSecondPerson(question, question.approval, questionText(question, { mostCalls }));
    }
    return question.consent === 'confirm' ? confirm(question) : typeName(question);
  },

  askValues,

  chooseOption: (title, options, _signal, facts) => chooseOption(title, options, facts),
};

async function confirm(question: Question): Promise<Answer> {
  const { yes = 'Run', no, rest } = question;
  const choice = await vscode.window.showWarningMessage(
    visibleLine(question.title),
    { modal: true, detail: questionText(question, { mostCalls }) },
    // The first one is what Enter presses.
    ...[...(no ? [no] : []), yes, ...(rest ? [rest] : [])],
  );
  if (rest !== undefined && choice === rest) return { yes: true, rest: true };
  return choice === yes ? { yes: true } : { yes: false, reason: 'the operator said no' };
}

/** Modals take no text, so the question is shown as one and the typed name asked in an input box. */
async function typeName(question: Question): Promise<Answer> {
  const first = await vscode.window.showWarningMessage(
    visibleLine(question.title),
    { modal: true, detail: questionText(question, { mostCalls }) },
    'Continue…',
  );
  if (first !== 'Continue…') return { yes: false, reason: 'the operator said no' };
  const expected = question.typed ?? '';
  const typed = await vscode.window.showInputBox({
    title: visibleLine(question.title),
    prompt: `Type ${expected} to run it`,
    ignoreFocusOut: true,
    validateInput: (value) => (value === expected ? undefined : `Type exactly: ${expected}`),
  });
  if (typed !== expected) return { yes: false, reason: 'the name was not typed' };
  return { yes: true, typed };
}
