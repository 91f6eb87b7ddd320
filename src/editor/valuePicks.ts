// The values of a step, asked at once: each with its suggestions and where they come from, then all of them in one
// list to look over. What nobody fills in can be left out with its step.

import * as vscode from 'vscode';
import type { ValueRequest, ValuesGiven } from '../incident/question.ts';

const cancelled = Symbol('cancelled');
const skipped = Symbol('skipped');
type Picked = string | typeof cancelled | typeof skipped;

export async function askValues(
  requests: readonly ValueRequest[],
  signal?: AbortSignal,
): Promise<ValuesGiven> {
  const values = new Map<string, string>();
  const left = new Set<string>();
  const take = async (request: ValueRequest, at: number): Promise<boolean> => {
    const picked = signal?.aborted
      ? cancelled
      : await askValue(request, titleOf(request, at, requests.length));
    if (picked === cancelled) return false;
    left.delete(request.name);
    if (picked === skipped) left.add(request.name);
    else values.set(request.name, picked);
    return true;
  };
  for (const [at, request] of requests.entries()) {
    if (!(await take(request, at + 1))) return { values, missing: 'cancel' };
  }
  while (requests.length > 1) {
    const change = await lookOver(requests, values);
    if (change === undefined) return { values, missing: 'cancel' };
    if (change === 'run') break;
    await take(change, requests.indexOf(change) + 1);
    if (left.has(change.name)) values.delete(change.name);
  }
  return { values, missing: 'skip' };
}

function titleOf({ text }: ValueRequest, at: number, of: number): string {
  return of > 1 ? `${text} (${at} of ${of})` : text;
}

interface Choice extends vscode.QuickPickItem {
  readonly value?: Picked;
}

/** One box to choose or to type in. */
function askValue(request: ValueRequest, title: string): Promise<Picked> {
  const box = vscode.window.createQuickPick<Choice>();
  const suggestions = request.suggestions.map(({ value, from }) => ({
    label: value,
    description: from,
    value,
  }));
  const skip: Choice = {
    label: `$(debug-step-over) Leave out ${request.steps.map((step) => `“${step}”`).join(', ') || 'the step'}`,
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
  };
  box.title = title;
  box.placeholder = request.note ?? `The value of ${request.text}: choose or type; kept for this incident`;
  box.ignoreFocusOut = true;
  show();
  return new Promise((resolve) => {
    box.onDidChangeValue(show);
    box.onDidAccept(() => {
      const picked = box.selectedItems[0]?.value;
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

/** All at a glance; undefined where it was dismissed. */
async function lookOver(
  requests: readonly ValueRequest[],
  values: ReadonlyMap<string, string>,
): Promise<ValueRequest | 'run' | undefined> {
  const items = [
    { label: '$(check) Use these values', request: undefined },
    ...requests.map((request) => ({
      label: request.text,
      description: values.get(request.name) ?? '(its step is left out)',
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
