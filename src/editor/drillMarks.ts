// Which notebook practises, and on which cluster: remembered for the workspace, so that a reload never leads its cells to
// a real one.

import type * as vscode from 'vscode';

const memoryKey = 'drills';

export interface DrillMark {
  /** The incident's id. */
  readonly incident: string;
  /** The fault's id. */
  readonly fault: string;
  /** Of the practice cluster. */
  readonly kubeconfigPath: string;
  readonly namespace: string;
  /** The cluster was started for this drill, and ends with it. */
  readonly own: boolean;
  /** The incident that the notebook belonged to before; its runs go on there. */
  readonly before?: string;
}

export class DrillMarks {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  of({ uri }: vscode.NotebookDocument): DrillMark | undefined {
    return this.#all()[uri.toString()];
  }

  /** undefined takes it away. */
  async set({ uri }: vscode.NotebookDocument, mark: DrillMark | undefined): Promise<void> {
    const { [uri.toString()]: _, ...others } = this.#all();
    await this.#memory.update(memoryKey, { ...others, ...(mark ? { [uri.toString()]: mark } : {}) });
  }

  #all(): Record<string, DrillMark> {
    return this.#memory.get<Record<string, DrillMark>>(memoryKey, {});
  }
}
