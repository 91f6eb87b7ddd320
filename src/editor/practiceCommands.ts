// The practice cluster from the editor: start, stop, and break it. It says everywhere that it is practice.

import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { RunbookError } from '../base/runbookError.ts';
import { practicePlace } from '../incident/practicePlace.ts';
import type { PracticeState } from '../practice/daemon/practiceState.ts';
import { report } from './log.ts';

/** Loaded when it is first used: nothing of the practice cluster is in the extension's start. */
const daemon = () => import('../practice/daemon/practiceDaemon.ts');

export function registerPracticeCommands(extensionPath: string): Disposable {
  const store = new DisposableStore();
  const add = (name: string, run: () => Promise<void>): void => {
    store.add(vscode.commands.registerCommand(`runbook.practice.${name}`, () => run().catch(report)));
  };
  add('start', () => start(extensionPath));
  add('stop', stop);
  add('status', () => status(extensionPath));
  add('fault', fault);
  return store;
}

/** The one that runs, else one that is started: `own`. */
export async function ensurePractice(
  extensionPath: string,
): Promise<{ readonly state: PracticeState; readonly own: boolean }> {
  const stateDirectory = practicePlace(process.env);
  const { practiceStatus, startDetached } = await daemon();
  const present = await practiceStatus(stateDirectory);
  if (present.running) return { state: present.state, own: false };
  const state = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Starting the practice cluster' },
    () =>
      startDetached({
        stateDirectory,
        command: [process.execPath, path.join(extensionPath, 'dist/cli/runbook.js'), 'practice', 'start'],
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      }),
  );
  return { state, own: true };
}

async function start(extensionPath: string): Promise<void> {
  const { state } = await ensurePractice(extensionPath);
  await offer(
    `The practice cluster answers at ${state.url}. Nothing that is done there hurts anybody.`,
    state.kubeconfigPath,
  );
}

/** Says `message` and offers what can be done with a cluster that runs. */
async function offer(message: string, kubeconfigPath: string): Promise<void> {
  const use = 'Use It for New Sessions';
  const choice = await vscode.window.showInformationMessage(message, use, 'Copy Kubeconfig Path');
  if (choice === use) {
    process.env.KUBECONFIG = kubeconfigPath;
    void vscode.window.showInformationMessage(
      'New sessions are pinned to the practice cluster. Restart those that run.',
    );
  } else if (choice) await vscode.env.clipboard.writeText(kubeconfigPath);
}

async function status(extensionPath: string): Promise<void> {
  const { practiceFaults, practiceStatus } = await daemon();
  const present = await practiceStatus(practicePlace(process.env));
  if (!present.running) {
    const begin = 'Start It';
    const choice = await vscode.window.showInformationMessage('No practice cluster runs.', begin);
    if (choice === begin) await start(extensionPath);
    return;
  }
  const { url, kubeconfigPath } = present.state;
  const faults = ((await practiceFaults(kubeconfigPath)) ?? []).filter(({ state }) => state !== 'idle');
  const told = faults.map(({ title, state }) => `${title} (${state})`).join('; ');
  const unready =
    present.unreadyPods === 0 ? 'all pods are ready' : `${present.unreadyPods} pods are not ready`;
  await offer(
    `The practice cluster answers at ${url}: ${unready}. ${told ? `Faults: ${told}.` : 'It has no fault.'}`,
    kubeconfigPath,
  );
}

async function stop(): Promise<void> {
  const { stopPractice } = await daemon();
  const stopped = await stopPractice(practicePlace(process.env));
  void vscode.window.showInformationMessage(
    stopped ? 'The practice cluster has ended.' : 'No practice cluster ran.',
  );
}

async function fault(): Promise<void> {
  const { practiceFaults, practiceStatus, startPracticeFault } = await daemon();
  const status = await practiceStatus(practicePlace(process.env));
  if (!status.running) {
    throw new RunbookError({
      code: 'practice-not-running',
      message: 'No practice cluster runs.',
      mend: 'Start one with “Practice Cluster: Start”.',
    });
  }
  const faults = (await practiceFaults(status.state.kubeconfigPath)) ?? [];
  const picked = await vscode.window.showQuickPick(
    faults.map((one) => ({
      label: one.title,
      description: one.state,
      detail: `alert ${one.alert}`,
      id: one.id,
    })),
    {
      title: 'Practice Cluster: Start a Fault',
      placeHolder: 'What breaks? Any way back to health cures it.',
    },
  );
  if (picked) await startPracticeFault(status.state.kubeconfigPath, picked.id);
}
