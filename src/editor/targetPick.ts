// Which cluster and namespace the notebook's next session is pinned to: shown in the status bar, chosen from the
// kubeconfig's contexts.

import * as vscode from 'vscode';
import { ClusterError } from '../cluster/clusterError.ts';
import { listContexts, loadKubeconfig } from '../cluster/kubeconfigFile.ts';
import { SessionTarget } from '../incident/sessionTarget.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import { toast } from './toast.ts';

const timeLimitMs = 5000;

export async function pickTarget(sessions: NotebookSessions): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook?.notebookType !== notebookType) return;
  if (sessions.drillOf(notebook)) {
    void vscode.window.showInformationMessage('A drill stays on the practice cluster. End it first.');
    return;
  }
  const config = await loadKubeconfig({ env: process.env }).catch(offerPractice);
  if (!config) return;
  const pinned = sessions.existing(notebook)?.target?.pin.context;
  const context = await vscode.window.showQuickPick(
    listContexts(config).map((entry) => ({
      label: entry.name,
      description: entry.name === pinned ? 'pinned now' : entry.current ? 'current context' : '',
      detail: `${entry.server}, as ${entry.user}, namespace ${entry.namespace}`,
    })),
    {
      title: 'Pin a Cluster (1 of 2)',
      placeHolder: 'Cells of this runbook hit this cluster only',
      matchOnDetail: true,
    },
  );
  if (!context) return;
  const namespace = await pickNamespace(context.label);
  if (namespace === undefined) return;
  await sessions.choose(notebook, { context: context.label, namespace });
}

/** Where there is no kubeconfig at all, the practice cluster is the way on. */
async function offerPractice(error: unknown): Promise<undefined> {
  if (!(error instanceof ClusterError) || error.code !== 'kubeconfig-missing') throw error;
  const practice = 'Use the Practice Cluster';
  const choice = await vscode.window.showWarningMessage(toast(error.message), practice);
  if (choice) await vscode.commands.executeCommand('runbook.practice.start');
}

async function pickNamespace(context: string): Promise<string | undefined> {
  const target = await SessionTarget.pin(process.env, { context });
  try {
    const signal = AbortSignal.timeout(timeLimitMs);
    const names = await target!.cluster.namespaces({ signal }).catch(() => undefined);
    if (!names) {
      // A user may be allowed to work in a namespace without being allowed to list them.
      return vscode.window.showInputBox({
        title: 'Pin a Namespace (2 of 2)',
        prompt: 'The namespaces could not be listed: type one',
        value: target!.pin.namespace,
      });
    }
    const own = target!.pin.namespace;
    const sorted = [own, ...names.filter((name) => name !== own)];
    return await vscode.window.showQuickPick(sorted, { title: 'Pin a Namespace (2 of 2)' });
  } finally {
    await target?.dispose();
  }
}
