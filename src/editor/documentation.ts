// The product's own pages, as they lie in the extension: the Extensions view leads to no file of it, and there is no
// other place to send anybody to.

import * as vscode from 'vscode';

/** By what somebody comes for, the most wanted first. */
const pages: readonly { readonly file: string; readonly label: string; readonly detail: string }[] = [
  { file: 'responder', label: 'For the Responder', detail: 'From the alert to the end; a drill' },
  { file: 'authoring', label: 'For the Author of Runbooks', detail: 'Format, attributes, lint, preflight' },
  { file: 'reviewer', label: 'For the Reviewer', detail: 'Verify, review, report' },
  { file: 'help', label: 'Install, Keys, Data, Trouble', detail: 'And what to do when something hangs' },
  {
    file: 'alerts-and-incidents',
    label: 'Alerts and Incidents',
    detail: 'Prometheus, queries, handover, the end',
  },
  { file: 'guard', label: 'The Guard', detail: 'Questions, a second person, the way back' },
  { file: 'settings-and-policy', label: 'Settings and Policy', detail: 'What is asked where' },
  { file: 'practice-cluster', label: 'The Practice Cluster', detail: 'What it holds, and its faults' },
  { file: 'evidence-format', label: 'The Evidence Format', detail: 'For whoever writes a reader' },
  { file: 'threat-model', label: 'Threat Model', detail: 'What stands in the way of whom' },
];

/** Asks which page, and shows it beside what is open. */
export async function showDocumentation(extension: vscode.Uri): Promise<void> {
  const chosen = await vscode.window.showQuickPick(pages, {
    title: 'Runbook: Documentation',
    placeHolder: 'What do you come for?',
    matchOnDetail: true,
  });
  if (!chosen) return;
  const page = vscode.Uri.joinPath(extension, 'docs', `${chosen.file}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
