// The values of a step, asked at once: each with its suggestions and where they come from, then all of them in one
// list to look over. What nobody fills in can be left out with its step.

import * as vscode from 'vscode';
import type { ValueRequest, ValuesGiven } from '../incident/question.ts';
import { isSecretPlaceholder } from '../incident/sessionSecrets.ts';

const cancelled = Symbol('cancelled');
const skipped = Symbol('skipped');
type Picked = string | typeof cancelled | typeof skipped;

export async function askValues(
  requests: readonly ValueRequest[],
  signal?: AbortSignal,
): Promise<ValuesGiven> {
  const values = new Map<string, string>();
  /** Titles of the steps that are left out. */
  const without = new Set<string>();
  const isNeeded = ({ steps }: ValueRequest): boolean =>
    steps.length === 0 || steps.some((step) => !without.has(step));
  const take = async (request: ValueRequest): Promise<boolean> => {
    const picked = signal?.aborted
      ? cancelled
      : await askValue(request, titleOf(request, requests.indexOf(request) + 1, requests.length));
    if (picked === cancelled) return false;
    for (const step of request.steps) {
      if (picked === skipped) without.add(step);
      else without.delete(step);
    }
    if (picked === skipped) values.delete(request.name);
    else values.set(request.name, picked);
    return true;
  };
  const takeOpen = async (but?: ValueRequest): Promise<boolean> => {
    for (const request of requests) {
      if (request === but || values.has(request.name) || !isNeeded(request)) continue;
      if (!(await take(request))) return false;
    }
    return true;
  };
  // What can be only one thing is filled in, and stands in the list with all the others.
  if (requests.length > 1) {
    for (const { name, suggestions, note } of requests)
      if (suggestions.length === 1 && !note) values.set(name, suggestions[0]!.value);
  }
  let goesOn = await takeOpen();
  while (goesOn && requests.length > 1 && requests.some(isNeeded)) {
    const change = await lookOver(requests, values, isNeeded);
    if (change === 'run') break;
    // Dismissed, the box of one value leads back to the list; the list itself ends it.
    if (change) await take(change);
    goesOn = change !== undefined && (await takeOpen(change));
  }
  return { values, missing: goesOn ? 'skip' : 'cancel' };
}

/** What went wrong with the value before stands in it, since a box's placeholder is faint. */
function titleOf({ text, note }: ValueRequest, at: number, of: number): string {
  return [of > 1 ? `${text} (${at} of ${of})` : text, note].filter(Boolean).join(': ');
}

interface Choice extends vscode.QuickPickItem {
  readonly value?: Picked;
}

/** One box to choose or to type in; a credential is typed masked. */
function askValue(request: ValueRequest, title: string): Promise<Picked> {
  if (isCredential(request)) return askMasked(request, title);
  const box = vscode.window.createQuickPick<Choice>();
  const suggestions = request.suggestions.map(({ value, from }) => ({
    label: value,
    description: from,
    value,
  }));
  const skip: Choice = {
    label: `$(debug-step-over) Leave out ${leftOutBy(request)}`,
    description: 'recorded',
    alwaysShow: true,
    value: skipped,
  };
  const show = (): void => {
    const typed = box.value.trim();
    const own =
      typed && !suggestions.some(({ value }) => value === typed)
        ? [{ label: `$(check) ${typed}`, description: 'as typed', alwaysShow: true, value: typed }]
        : [];
    box.items = [...own, ...suggestions, { label: '', kind: vscode.QuickPickItemKind.Separator }, skip];
    // Enter alone never leaves anything out.
    if (own.length + suggestions.length === 0) box.activeItems = [];
  };
  box.title = title;
  box.placeholder = `The value of ${request.text}: choose or type; kept for this incident`;
  box.ignoreFocusOut = true;
  show();
  return new Promise((resolve) => {
    box.onDidChangeValue(show);
    box.onDidAccept(() => {
      // Accepted before the list had what was typed: the text is what was meant.
      const picked = box.selectedItems[0]?.value ?? (box.value.trim() || undefined);
      if (picked === undefined) return;
      resolve(picked);
      box.hide();
    });
    box.onDidHide(() => {
      resolve(cancelled);
      box.dispose();
    });
    box.show();
  });
}

function shown(request: ValueRequest, values: ReadonlyMap<string, string>): string {
  const value = values.get(request.name);
  if (value === undefined) return `left out with ${leftOutBy(request)}`;
  if (isCredential(request)) return '••••';
  const from = request.suggestions.find((one) => one.value === value)?.from;
  return from ? `${value}  (${from})` : value;
}

function leftOutBy({ steps }: ValueRequest): string {
  return steps.map((step) => `“${step}”`).join(', ') || 'the step';
}

function isCredential({ name, suggestions }: ValueRequest): boolean {
  return suggestions.length === 0 && isSecretPlaceholder(name);
}

async function askMasked(request: ValueRequest, title: string): Promise<Picked> {
  const typed = await vscode.window.showInputBox({
    title,
    prompt: `The value of ${request.text}, for this session and never in the evidence; left empty, ${leftOutBy(request)} is left out`,
    password: true,
    ignoreFocusOut: true,
  });
  if (typed === undefined) return cancelled;
  return typed === '' ? skipped : typed;
}

/** All at a glance; undefined where it was dismissed. */
async function lookOver(
  requests: readonly ValueRequest[],
  values: ReadonlyMap<string, string>,
  isNeeded: (request: ValueRequest) => boolean,
): Promise<ValueRequest | 'run' | undefined> {
  const items = [
    { label: '$(check) Use these values', request: undefined },
    ...requests.map((request) => ({
      label: request.text,
      description: isNeeded(request) ? shown(request, values) : `left out with ${leftOutBy(request)}`,
      request,
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Values of this step',
    placeHolder: 'Enter takes them; choose one to change it',
    ignoreFocusOut: true,
  });
  return picked && (picked.request ?? 'run');
}
