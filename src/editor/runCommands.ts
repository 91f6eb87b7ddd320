// The commands that run a part of a cell, more than one cell, what is held, or stop what was left running.

import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { RunbookController } from './controller.ts';
import { report } from './log.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import type { RunMarks } from './runMarks.ts';
import { runSection, runSelection, runStep } from './runParts.ts';

export function registerRunCommands(
  controller: RunbookController,
  marks: RunMarks,
  sessions: NotebookSessions,
): Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register('runbook.runStep', () => runStep(controller).catch(report)),
    register('runbook.runSelection', () => runSelection(controller)),
    register('runbook.runSection', (cell?: vscode.NotebookCell) => runSection(cell).catch(report)),
    register('runbook.runHeld', (cell?: vscode.NotebookCell) => {
      const target = cell ?? selectedCell();
      if (target && marks.holds(target)) controller.runHeld(target);
      else void vscode.window.showInformationMessage('Nothing of this cell is held.');
    }),
    register('runbook.stopJobs', async (cell?: vscode.NotebookCell) => {
      const target = cell ?? selectedCell();
      const jobs = target ? marks.jobsOf(target) : [];
      const session = target && sessions.existing(target.notebook);
      if (session && jobs.length > 0) await session.stopJobs(jobs).catch(report);
      else void vscode.window.showInformationMessage('This cell left nothing running.');
    }),
  ];
}

function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor && editor.notebook.cellCount > 0 ? editor.notebook.cellAt(editor.selection.start) : undefined;
}
