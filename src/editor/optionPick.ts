// Which of a cell's alternatives runs: each with what it would do. Why it was chosen is asked only of what the
// document warns of or what destroys; for the others a button takes it.

import * as vscode from 'vscode';
import type { OptionChoice, OptionFacts } from '../incident/question.ts';
import { riskIcon } from './statusItems.ts';

interface OptionItem extends vscode.QuickPickItem {
  readonly option: string;
}

const withReason: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('comment'),
  tooltip: 'Choose it and say why',
};
const mostDetail = 160;

export function chooseOption(
  title: string,
  options: readonly string[],
  facts?: ReadonlyMap<string, OptionFacts>,
): Promise<OptionChoice | undefined> {
  const pick = vscode.window.createQuickPick<OptionItem>();
  pick.title = title;
  pick.placeholder = facts ? 'These are alternatives: choose the one to run' : 'Choose one';
  pick.ignoreFocusOut = true;
  pick.matchOnDetail = true;
  pick.items = options.map((option) => itemOf(option, facts?.get(option)));
  const works = pick.items.find(({ option }) => !facts?.get(option)?.doubt);
  if (works) pick.activeItems = [works];
  return new Promise((resolve) => {
    const take = (item: OptionItem | undefined, why: boolean): void => {
      if (!item) return;
      resolve(why ? explained(item.option) : Promise.resolve({ option: item.option }));
      pick.hide();
    };
    pick.onDidTriggerItemButton(({ item }) => take(item, true));
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      take(item, facts?.get(item?.option ?? '')?.grave ?? false);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf(option: string, facts: OptionFacts | undefined): OptionItem {
  if (!facts) return { label: option, option };
  const does = facts.commands.join('; ') || 'nothing to run: it is told in words';
  const detail = does.length > mostDetail ? `${does.slice(0, mostDetail)}…` : does;
  return {
    option,
    label: option,
    ...(facts.commands.length > 0 ? { description: `${riskIcon[facts.risk]} ${facts.risk}` } : {}),
    detail: facts.doubt ? `$(error) can't work here: ${facts.doubt}` : detail,
    buttons: [withReason],
  };
}

async function explained(option: string): Promise<OptionChoice | undefined> {
  const reason = await vscode.window.showInputBox({
    title: option,
    prompt: 'Why this one? Recorded with the choice; may be left empty.',
    ignoreFocusOut: true,
  });
  if (reason === undefined) return undefined;
  return reason ? { option, reason } : { option };
}
