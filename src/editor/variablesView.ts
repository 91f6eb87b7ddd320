// The session's variables in the side bar: name and value, masked where they look secret.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { oneLine } from '../base/oneLine.ts';
import type { Variable } from '../kernel/types.ts';
import { frontRunbook, onFrontChange } from './frontRunbook.ts';
import type { NotebookSessions } from './notebookSessions.ts';

const secretName = /(pass(word|wd|phrase)?|secret|token|api_?key|private_?key|credential|auth)/i;
/** bash's own and the session's plumbing: nobody sets them in a runbook. */
const ownNames =
  /^(BASH|COMP_|DIRSTACK|EPOCH|EUID|FUNCNAME|GROUPS|HIST|HOSTTYPE|IFS|LINENO|MACHTYPE|OPT(ERR|IND|ARG)|OSTYPE|PIPESTATUS|PPID|PS[0-9]|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|UID$|_$|RUNBOOK_(SESSION|GATE)|https?_proxy$|no_proxy$|PATH$|KUBECONFIG$|HOSTNAME$)/i;

export class VariablesView implements vscode.TreeDataProvider<Variable>, Disposable {
  readonly #sessions: NotebookSessions;
  readonly #store = new DisposableStore();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: NotebookSessions) {
    this.#sessions = sessions;
    this.#store.add(this.#changed);
    this.#store.add(
      vscode.window.createTreeView('runbook.variables', { treeDataProvider: this, showCollapseAll: false }),
    );
    this.#store.add(sessions.onDidChange(() => this.refresh()));
    this.#store.add(onFrontChange(() => this.refresh()));
  }

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(element?: Variable): Promise<Variable[]> {
    const notebook = frontRunbook()?.notebook;
    const session = notebook && this.#sessions.existing(notebook);
    if (element || !session) return [];
    const inherited = process.env;
    const variables = await session.variables();
    // What the cells set comes first; what the session inherited unchanged says nothing about the incident.
    return variables
      .filter(({ name, value }) => !ownNames.test(name) && inherited[name] !== value)
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  getTreeItem(variable: Variable): vscode.TreeItem {
    const value = variable.value ?? '';
    const masked = value !== '' && (secretName.test(variable.name) || /:\/\/[^\s/]*:[^\s/]*@/.test(value));
    const shown = masked ? '••••••••' : (variable.value ?? '(no value)');
    const item = new vscode.TreeItem(variable.name);
    item.description = oneLine(shown, 120);
    item.tooltip = masked ? `${variable.name}: looks secret, not shown` : `${variable.name}=${shown}`;
    item.iconPath = new vscode.ThemeIcon(variable.exported ? 'symbol-constant' : 'symbol-variable');
    item.accessibilityInformation = { label: `${variable.name} ${masked ? 'secret' : shown}` };
    return item;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
