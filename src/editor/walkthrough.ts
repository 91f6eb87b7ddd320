// The walkthrough beside the runbook: which of its steps were reached, and the next one unfolded. VS Code marks a step
// that is done and leaves the next one folded, which shows nobody what to do now.

import * as vscode from 'vscode';
import { report } from './log.ts';

const walkthrough = 'firstIncident';
/** VS Code opens and marks in its own time, and tells of neither. */
const settleMs = 800;

/** In their order; each with what completes it. */
const steps = [
  { id: 'alert', by: 'declared' },
  { id: 'incident', by: 'declared' },
  { id: 'look', by: 'ran' },
  { id: 'cure', by: 'changed' },
  { id: 'cured', by: 'cured' },
  { id: 'report', by: 'closed' },
] as const;

export type Reached = (typeof steps)[number]['by'];

export class Walkthrough {
  /** `publisher.name#walkthrough` */
  readonly #category: string;
  readonly #reached = new Set<Reached>();
  /** Of its tab; undefined where it was not opened here. */
  #label: string | undefined;

  constructor(extensionId: string) {
    this.#category = `${extensionId}#${walkthrough}`;
  }

  /** Resolves once it stands beside the editor. */
  async open(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', this.#category, true);
    await settled();
    // VS Code gives its own pages no input that an extension may see.
    this.#label = vscode.window.tabGroups.all.find(({ activeTab }) => isPage(activeTab))?.activeTab?.label;
  }

  has(step: Reached): boolean {
    return this.#reached.has(step);
  }

  reach(step: Reached): void {
    if (this.#reached.has(step)) return;
    this.#reached.add(step);
    void vscode.commands.executeCommand('setContext', `runbook.reached.${step}`, true);
    this.#unfold().catch(report);
  }

  /** Only where it is in sight, and without taking the focus. */
  async #unfold(): Promise<void> {
    const next = steps.find(({ by }) => !this.#reached.has(by));
    if (!next || this.#label === undefined) return;
    await settled();
    const { all, activeTabGroup } = vscode.window.tabGroups;
    const shown = all.find(({ activeTab }) => isPage(activeTab) && activeTab?.label === this.#label);
    const beside = shown?.viewColumn === activeTabGroup.viewColumn + 1;
    if (!beside && shown !== activeTabGroup) return;
    const step = { category: this.#category, step: next.id };
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', step, beside);
  }
}

function isPage(tab: vscode.Tab | undefined): boolean {
  return tab !== undefined && tab.input === undefined;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, settleMs));
}
