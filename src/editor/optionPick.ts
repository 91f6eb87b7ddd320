// Which of a cell's alternatives runs: each with what it would do. Why it was chosen is asked only of what the
// document warns of or what destroys; for the others whoever wants to say it does: by a row, or by the row's button.

import * as vscode from 'vscode';
import type { OptionChoice, OptionFacts } from '../incident/question.ts';
import { riskIcon } from './statusItems.ts';

interface OptionItem extends vscode.QuickPickItem {
  /** undefined of the row that asks for a reason. */
  readonly option?: string;
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
  const rows = options.map((option) => itemOf(option, facts?.get(option)));
  let wantsReason = false;
  const show = (): void => {
    const works = rows.find(({ option }) => !facts?.get(option ?? '')?.doubt);
    pick.items = facts
      ? [...rows, { label: '', kind: vscode.QuickPickItemKind.Separator }, reasonRow(wantsReason)]
      : rows;
    if (works) pick.activeItems = [works];
  };
  show();
  return new Promise((resolve) => {
    const take = (option: string, why: boolean): void => {
      resolve(why ? explained(option) : Promise.resolve({ option }));
      pick.hide();
    };
    pick.onDidTriggerItemButton(({ item: { option } }) => option !== undefined && take(option, true));
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (!item) return;
      if (item.option !== undefined) {
        take(item.option, wantsReason || (facts?.get(item.option)?.grave ?? false));
        return;
      }
      wantsReason = !wantsReason;
      pick.value = '';
      show();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** What the button of a row does, for whoever has only a keyboard. */
function reasonRow(isOn: boolean): OptionItem {
  return {
    label: isOn ? '$(check) With a reason' : '$(comment) With a reason…',
    description: isOn ? 'asked after the choice' : 'say why, too; it is recorded',
    alwaysShow: true,
  };
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
