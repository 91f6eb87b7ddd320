// The guard's questions as VS Code dialogs. Behind a port, since the workbench refuses dialogs in tests.

import * as vscode from 'vscode';
import type { Answer, OptionChoice, Question, Questioner, ValueRequest } from '../incident/question.ts';
import { questionText } from '../incident/questionText.ts';

/** A modal does not scroll well: more are counted. */
const mostCalls = 12;

/** Asks with modal dialogs and input boxes; a dismissed one is a no. */
export const dialogQuestioner: Questioner = {
  async ask(question, signal) {
    if (signal?.aborted) return { yes: false, reason: 'interrupted' };
    return question.consent === 'confirm' ? confirm(question) : typeName(question);
  },

  async askValues(requests, signal) {
    const values = new Map<string, string>();
    for (const [index, request] of requests.entries()) {
      if (signal?.aborted) return undefined;
      const value = await askValue(request, index + 1, requests.length);
      if (value === undefined) return undefined;
      values.set(request.name, value);
    }
    return values;
  },

  async chooseOption(title, options): Promise<OptionChoice | undefined> {
    const picked = await vscode.window.showQuickPick(
      options.map((option) => ({ label: option })),
      { title, placeHolder: 'These are alternatives: choose the one to run', ignoreFocusOut: true },
    );
    if (!picked) return undefined;
    const reason = await vscode.window.showInputBox({
      title: picked.label,
      prompt: 'Why this one? Recorded with the choice; may be left empty.',
      ignoreFocusOut: true,
    });
    if (reason === undefined) return undefined;
    return reason ? { option: picked.label, reason } : { option: picked.label };
  },
};

async function confirm(question: Question): Promise<Answer> {
  const choice = await vscode.window.showWarningMessage(
    question.title,
    { modal: true, detail: questionText(question, { mostCalls }) },
    'Run',
  );
  return choice === 'Run' ? { yes: true } : { yes: false, reason: 'the operator said no' };
}

/** Modals take no text, so the question is shown as one and the typed name asked in an input box. */
async function typeName(question: Question): Promise<Answer> {
  const first = await vscode.window.showWarningMessage(
    question.title,
    { modal: true, detail: questionText(question, { mostCalls }) },
    'Continue…',
  );
  if (first !== 'Continue…') return { yes: false, reason: 'the operator said no' };
  const expected = question.typed ?? '';
  const typed = await vscode.window.showInputBox({
    title: question.title,
    prompt: `Type ${expected} to run it`,
    ignoreFocusOut: true,
    validateInput: (value) => (value === expected ? undefined : `Type exactly: ${expected}`),
  });
  if (typed !== expected) return { yes: false, reason: 'the name was not typed' };
  return { yes: true, typed };
}

async function askValue(request: ValueRequest, step: number, of: number): Promise<string | undefined> {
  const title = `${request.text}${of > 1 ? ` (${step} of ${of})` : ''}`;
  const typed = 'Type a value…';
  if (request.suggestions.length > 0) {
    const items = request.suggestions.map(({ value, from }) => ({ label: value, description: from }));
    const picked = await vscode.window.showQuickPick([...items, { label: typed, description: '' }], {
      title,
      placeHolder: `The value of ${request.text}, kept for this incident`,
      ignoreFocusOut: true,
    });
    if (!picked) return undefined;
    if (picked.label !== typed) return picked.label;
  }
  return vscode.window.showInputBox({
    title,
    prompt: `The value of ${request.text}; kept for this incident`,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value === '' ? 'A value is needed: the step does not run without it.' : undefined,
  });
}
