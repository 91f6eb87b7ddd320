// Opening an incident or a pack for review: which one, with progress while it is verified, and at which run.

import path from 'node:path';
import * as vscode from 'vscode';
import { ago, counted } from '../../base/counted.ts';
import { evidenceRoot, type Place } from '../../incident/incident.ts';
import { listIncidents } from '../../incident/incidentStatus.ts';
import { toast } from '../toast.ts';
import type { EvidenceFiles } from './evidenceFiles.ts';
import { evidenceUri } from './evidenceUri.ts';

export interface Reviewing {
  readonly files: EvidenceFiles;
  readonly place: () => Place;
}

/** @param run shown first, where it is given. */
export async function openReviewNotebook(
  { files }: Reviewing,
  target: string,
  run?: string,
): Promise<vscode.NotebookEditor> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: toast(`Verifying ${path.basename(target)}…`) },
    async () => {
      await files.review(target);
      const notebook = await vscode.workspace.openNotebookDocument(evidenceUri(target, { what: 'review' }));
      const editor = await vscode.window.showNotebookDocument(notebook, { preview: false });
      const cell = run && notebook.getCells().find(({ metadata }) => metadata.run === run);
      if (cell) reveal(editor, cell.index);
      return editor;
    },
  );
}

/** Selects the cell below the run's heading and shows both. */
export function reveal(editor: vscode.NotebookEditor, index: number): void {
  const at = new vscode.NotebookRange(index, Math.min(index + 2, editor.notebook.cellCount));
  editor.selections = [new vscode.NotebookRange(at.end - 1, at.end)];
  editor.revealRange(at, vscode.NotebookEditorRevealType.AtTop);
}

/** Asks for one of this machine's incidents, or for a folder or pack from elsewhere. */
export async function pickTarget(reviewing: Reviewing): Promise<string | undefined> {
  const incidents = await listIncidents(evidenceRoot(reviewing.place()));
  const elsewhere = [
    { label: '$(file-zip) Open a pack…', files: true },
    { label: "$(folder-opened) Open an incident's folder…", files: false },
  ];
  const picked = await vscode.window.showQuickPick(
    [
      ...incidents.map((incident) => ({
        label: `$(${incident.closedAt ? 'pass' : 'flame'}) ${incident.title}`,
        description: [incident.severity, incident.id].filter(Boolean).join(' · '),
        detail: `${counted(incident.runs.done + incident.runs.failed + incident.runs.open, 'run')}, ${incident.people.join(', ')}, ${ago(incident.openedAt ?? 0, Date.now())}`,
        target: incident.folder,
      })),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      ...elsewhere,
    ],
    { title: 'Review an Incident', matchOnDescription: true, matchOnDetail: true },
  );
  if (!picked) return undefined;
  if ('target' in picked) return picked.target;
  const isFile = 'files' in picked && picked.files;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: isFile ? 'Pack' : "Incident's Folder",
      canSelectFiles: isFile,
      canSelectFolders: !isFile,
      ...(isFile ? { filters: { Packs: ['zip'] } } : {}),
    })) ?? [];
  return chosen?.fsPath;
}
