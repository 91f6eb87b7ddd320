// The question that needs a second person, in the editor: the request goes to the clipboard and into a file, the
// signed answer comes back by paste or file; and the way around it, which is loud.

import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { visibleLine } from '../base/visibleText.ts';
import type { Answer, ApprovalOffer, MadeRequest, Question } from '../incident/question.ts';
import { report } from './log.ts';
import { toast } from './toast.ts';

const request = 'Request Approval…';
const paste = 'I Have an Answer…';
const glass = 'Break the Glass…';
const no: Answer = { yes: false, reason: 'no second person has approved it' };
const everyMs = 1000;

export async function askSecondPerson(
  question: Question,
  approval: ApprovalOffer,
  detail: string,
): Promise<Answer> {
  const choice = await vscode.window.showWarningMessage(
    visibleLine(question.title),
    { modal: true, detail: `${question.problem ? `Not taken: ${question.problem}.\n\n` : ''}${detail}` },
    request,
    paste,
    glass,
  );
  if (choice === glass) return breakGlass(question);
  if (choice === paste) return takeAnswer(approval, undefined);
  if (choice !== request) return no;
  const reason = await vscode.window.showInputBox({
    title: 'Request Approval',
    prompt: 'Why does this have to be done? The second person reads it.',
    ignoreFocusOut: true,
  });
  if (reason === undefined) return no;
  const made = await approval.request(reason);
  await vscode.env.clipboard.writeText(made.line);
  return takeAnswer(approval, made);
}

/** One box that takes the answer by paste, by file, or from beside the request, where `approve --out` may put it. */
function takeAnswer(approval: ApprovalOffer, made: MadeRequest | undefined): Promise<Answer> {
  const box = vscode.window.createInputBox();
  const copy = { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy the request again' };
  const open = { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: 'Take the answer from a file' };
  box.title = made ? 'The request is on the clipboard: paste it into the chat' : 'The Signed Answer';
  box.prompt = made
    ? `They sign it with \`runbook approve\`; paste the answer here. Good until ${made.expiresAt.slice(11, 16)} UTC; also in ${made.file}`
    : 'Paste what `runbook approve` printed';
  box.placeholder = 'runbook-approved:1:…';
  box.ignoreFocusOut = true;
  box.buttons = made ? [copy, open] : [open];
  return new Promise((resolve) => {
    let settled = false;
    const settle = (answer: Answer): void => {
      settled = true;
      resolve(answer);
      box.hide();
    };
    const tryText = async (text: string): Promise<void> => {
      // A paste is tried by itself: an Enter after it must not use the same answer a second time.
      if (settled || box.busy || text.trim() === '') return;
      box.busy = true;
      const result = await approval.accept(text).catch((error: unknown) => {
        report(error);
        return { ok: false as const, why: error instanceof Error ? error.message : String(error) };
      });
      box.busy = false;
      if (result.ok) {
        settle({ yes: true });
        void vscode.window.showInformationMessage(toast(`Approved by ${result.approvers.join(', ')}.`));
      } else box.validationMessage = `Not taken: ${result.why}.`;
    };
    const seen = new Set<string>();
    const timer = setInterval(async () => {
      if (!made) return;
      const text = await readFile(`${made.file}.approved`, 'utf8').catch(() => '');
      if (text === '' || seen.has(text)) return;
      seen.add(text);
      await tryText(text);
    }, everyMs);
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
      if (/^\s*runbook-approved:1:\S{40,}\s*$/.test(box.value)) void tryText(box.value);
    });
    box.onDidAccept(() => void tryText(box.value));
    box.onDidTriggerButton(async (button) => {
      if (button === copy && made) await vscode.env.clipboard.writeText(made.line);
      if (button !== open) return;
      const [file] = (await vscode.window.showOpenDialog({ title: 'The Signed Answer' })) ?? [];
      if (file) await tryText(Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8'));
    });
    box.onDidHide(() => {
      clearInterval(timer);
      resolve(no);
      box.dispose();
    });
    box.show();
  });
}

async function breakGlass({ typed = '' }: Question): Promise<Answer> {
  const name = await vscode.window.showInputBox({
    title: 'Break the Glass (1 of 2)',
    prompt: `Type ${typed} to go ahead without a second person`,
    ignoreFocusOut: true,
    validateInput: (value) => (value === typed ? undefined : `Type exactly: ${typed}`),
  });
  if (name !== typed) return no;
  const reason = await vscode.window.showInputBox({
    title: 'Break the Glass (2 of 2)',
    prompt: 'Why, in a few words. It is recorded, and a second person has to countersign it afterwards.',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim().split(/\s+/).length < 2 ? 'A few words are needed.' : undefined),
  });
  if (!reason) return no;
  void vscode.window.showWarningMessage(
    'The glass was broken: this is recorded, and a second person has to countersign it (“Incident…”).',
  );
  return { yes: true, breakGlass: true, typed: name, reason };
}
