// A drill from the editor: a fault of the practice cluster, an incident marked as drill with the clock of its severity,
// the runbook in front pinned to that cluster alone, and an end that the cluster's state decides.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { RunbookError } from '../base/runbookError.ts';
import { severityName } from '../base/severityName.ts';
import type { Drill, DrillResult } from '../incident/drill/drill.ts';
import { Incident } from '../incident/incident.ts';
import { incidentStatus } from '../incident/incidentStatus.ts';
import { practicePlace } from '../incident/practicePlace.ts';
import { folderOf } from '../incident/runbook.ts';
import type { FaultStatus } from '../practice/faults/faultBoard.ts';
import { DrillBar } from './drillBar.ts';
import type { DrillMark } from './drillMarks.ts';
import { pickFault } from './faultPick.ts';
import { frontRunbook } from './frontRunbook.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { showStep } from './openForAlert.ts';
import { ensurePractice } from './practiceCommands.ts';
import { withSignal } from './withSignal.ts';

/** Loaded with the first drill: they bring the practice cluster along. */
const engine = () => import('../incident/drill/drill.ts');
const daemon = () => import('../practice/daemon/practiceDaemon.ts');

export class Drills implements Disposable {
  readonly #store = new DisposableStore();
  readonly #sessions: NotebookSessions;
  readonly #extensionPath: string;
  readonly #bar: DrillBar;
  #ending = false;

  constructor(sessions: NotebookSessions, extensionPath: string) {
    this.#sessions = sessions;
    this.#extensionPath = extensionPath;
    this.#bar = this.#store.add(new DrillBar(sessions, () => this.#ending));
    const add = (name: string, run: () => Promise<void>): void => {
      this.#store.add(vscode.commands.registerCommand(`runbook.drill.${name}`, () => run().catch(report)));
    };
    add('start', () => this.#start());
    add('end', () => this.#end());
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #start(): Promise<void> {
    const notebook = frontRunbook()?.notebook;
    if (!notebook) throw nothingInFront('practised');
    if (!vscode.workspace.isTrusted) {
      throw new RunbookError({
        code: 'drill-untrusted',
        message: 'No drill: its cells run, and the workspace is not trusted.',
        mend: 'Trust the workspace first.',
      });
    }
    await this.#refuseWhereBusy(notebook);
    const { state, own } = await ensurePractice(this.#extensionPath);
    let mark: DrillMark | undefined;
    try {
      const faults = (await (await daemon()).practiceFaults(state.kubeconfigPath)) ?? [];
      const fault = await pickFault(runbookOf(notebook), faults);
      const drill = fault && (await this.#fire(notebook, fault, state.kubeconfigPath));
      if (!drill) return;
      const { id } = drill.incident;
      // From here on the notebook's own session writes: one log, as of any incident.
      await drill.incident.leave();
      const { namespace: ofRunbook } = runbookOf(notebook).document.settings;
      const namespace = ofRunbook ?? fault.namespace;
      mark = { incident: id, fault: fault.id, kubeconfigPath: state.kubeconfigPath, namespace, own };
      await this.#sessions.practise(notebook, mark);
      await showStep(notebook, fault.alert);
      const { severity, responseMs } = drill;
      void vscode.window.showInformationMessage(
        `Drill: ${fault.title}. ${fault.alert} fires. ${severityName(severity.raw)}: ${formatDuration(responseMs)} from now. Whatever cures it is right.`,
      );
    } finally {
      if (!mark && own) await (await daemon()).stopPractice(practicePlace(process.env));
    }
  }

  /** A drill in the middle of an incident would lead its cells elsewhere. */
  async #refuseWhereBusy(notebook: vscode.NotebookDocument): Promise<void> {
    const drill = this.#sessions.drillOf(notebook);
    const folder = this.#sessions.incidentFolder(notebook);
    const status = folder && !drill ? await incidentStatus(folder) : undefined;
    if (!drill && (!status || status.adHoc || status.closedAt)) return;
    throw new RunbookError({
      code: 'drill-busy',
      message: drill ? 'This runbook is in a drill already.' : `This runbook is in use for ${status?.id}.`,
      mend: drill ? 'End it with “Runbook: End Drill”.' : 'Close that incident before you practise.',
    });
  }

  /** undefined where it was cancelled. */
  async #fire(
    notebook: vscode.NotebookDocument,
    fault: FaultStatus,
    kubeconfigPath: string,
  ): Promise<Drill | undefined> {
    const { Drill } = await engine();
    const runbook = runbookOf(notebook);
    const title = `Drill: waiting for ${fault.alert} to fire`;
    return withSignal(title, async (signal) => {
      try {
        const place = this.#sessions.place();
        return await Drill.start({ runbook, fault, kubeconfigPath, place, signal });
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
  }

  async #end(): Promise<void> {
    const notebook = frontRunbook()?.notebook;
    const mark = notebook && this.#sessions.drillOf(notebook);
    if (!mark) throw nothingInFront('in a drill');
    if (this.#ending) return;
    this.#ending = true;
    try {
      const result = await this.#verdict(notebook, mark);
      await this.#sessions.practise(notebook, undefined);
      if (mark.own) await (await daemon()).stopPractice(practicePlace(process.env));
      const tell = result.cured ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
      void tell(result.says, 'Open Report').then((choice) => {
        if (choice) return vscode.commands.executeCommand('runbook.openReport', result.folder);
        return undefined;
      });
    } finally {
      this.#ending = false;
      this.#bar.refresh();
    }
  }

  async #verdict(notebook: vscode.NotebookDocument, mark: DrillMark): Promise<DrillResult> {
    const runbook = runbookOf(notebook);
    const place = this.#sessions.place();
    // Without the practice cluster there is no session any more, and still an end.
    const session = await this.#sessions.sessionOf(notebook).catch(() => undefined);
    const own = session?.incident.id === mark.incident ? session.incident : undefined;
    const incident = own ?? (await Incident.join(place, mark.incident, folderOf(runbook)));
    const { alert, title, openedAt, runs } = await incidentStatus(incident.folder);
    const [{ Drill }, { practiceFaults }] = await Promise.all([engine(), daemon()]);
    const { kubeconfigPath } = mark;
    const present = (await practiceFaults(kubeconfigPath))?.find(({ id }) => id === mark.fault);
    const fault: FaultStatus = present ?? {
      id: mark.fault,
      title,
      namespace: mark.namespace,
      alert: alert ?? mark.fault,
      runbook: runbook.name,
      state: 'firing',
      firedAt: new Date(openedAt ?? Date.now()).toISOString(),
    };
    const drill = Drill.resume({ runbook, fault, kubeconfigPath, place }, incident);
    drill.countSteps(runs.done + runs.failed);
    // Who did nothing waits for nothing.
    const wait = runs.done + runs.failed > 0;
    const told = 'Drill: looking whether the alert goes. Cancel to end it as it stands';
    return withSignal(told, (signal) => drill.end({ wait, signal }));
  }
}

function nothingInFront(what: string): RunbookError {
  return new RunbookError({
    code: 'drill-no-runbook',
    message: `No runbook in front is ${what}.`,
    mend: 'Open the runbook first.',
  });
}
