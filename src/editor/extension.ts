// Wires the extension; decides nothing.

import * as vscode from 'vscode';
import { registerAlertCommands } from './alertCommands.ts';
import { AlertCredentials } from './alertCredentials.ts';
import { AlertsView } from './alertsView.ts';
import { editCellAttributes } from './cellAttributes.ts';
import { showCellDetails } from './cellDetails.ts';
import { RunbookController } from './controller.ts';
import { dialogQuestioner } from './dialogs.ts';
import { showDocumentation } from './documentation.ts';
import { Drills } from './drills.ts';
import { FileProblems } from './fileProblems.ts';
import { registerFirstRun } from './firstRun.ts';
import { registerFullOutput } from './fullOutput.ts';
import { IncidentBar } from './incidentBar.ts';
import { copyCheckpointOf, showIncidentMenu } from './incidentMenu.ts';
import { openIncidentTerminal } from './incidentTerminal.ts';
import { log, report } from './log.ts';
import { NotebookOpening } from './notebookOpening.ts';
import { NotebookSessions } from './notebookSessions.ts';
import { notebookType, registerOpenAs } from './openAs.ts';
import { PolicyEditor } from './policyEditor.ts';
import { registerPracticeCommands } from './practiceCommands.ts';
import { PreflightView } from './preflightView.ts';
import { Problems } from './problems.ts';
import { ProgressView } from './progressView.ts';
import { openReport } from './reportView.ts';
import { RevertBar } from './revertBar.ts';
import { registerReview } from './review/reviewRoom.ts';
import { registerReviveCells } from './reviveCells.ts';
import { offerFences } from './runAsBash.ts';
import { registerRunCommands } from './runCommands.ts';
import { RunMarks } from './runMarks.ts';
import { SaveConflicts } from './saveConflicts.ts';
import { serializer, serializerOptions } from './serializer.ts';
import { StatusItems } from './statusItems.ts';
import { pickTarget } from './targetPick.ts';
import { UndoItems } from './undoItems.ts';
import { VariablesView } from './variablesView.ts';

let sessions: NotebookSessions | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions, workspaceState, extension } = context;
  sessions = new NotebookSessions(workspaceState, extension.packageJSON.version, dialogQuestioner);
  const held = sessions;
  const marks = new RunMarks((cell, pids) => held.existing(cell.notebook)?.anyLives(pids) ?? false);
  const controller = new RunbookController(sessions, marks);
  const opening = new NotebookOpening({ controller, sessions, extensionId: extension.id });
  const conflicts = new SaveConflicts();
  const bar = new IncidentBar(sessions);
  const credentials = new AlertCredentials(context.secrets);
  const alerts = new AlertsView(credentials, held);
  const statusItems = new StatusItems((alert) => alerts.stateOf(alert));
  const variables = new VariablesView(sessions);
  const progress = new ProgressView(sessions);
  const preflight = new PreflightView(held);
  sessions.doubtOf = (notebook, cell, option) => preflight.doubtOf(notebook, cell, option);
  subscriptions.push(
    log(),
    vscode.workspace.registerNotebookSerializer(
      notebookType,
      conflicts.around(serializer),
      serializerOptions,
    ),
    conflicts,
    controller,
    marks,
    ...registerRunCommands(controller, marks, held),
    opening,
    statusItems,
    alerts,
    alerts.onDidAnswer(() => statusItems.refresh()),
    registerAlertCommands({ alerts, sessions, credentials, onChanged: () => bar.refresh() }),
    bar,
    new Problems(() => alerts.index.configuredNames()),
    new FileProblems(() => alerts.index.configuredNames()),
    new UndoItems(controller, held),
    new PolicyEditor(),
    new RevertBar(sessions, controller),
    variables,
    preflight,
    // Options that can't work are marked before they are the only ones left.
    sessions.onDidDeclare(() => void preflight.run({ quiet: true }).catch(report)),
    progress,
    controller.onDidRun(() => progress.refresh()),
    vscode.commands.registerCommand('runbook.preflight', () => preflight.run().catch(report)),
    controller.onDidRun(() => variables.refresh()),
    registerOpenAs(workspaceState, report),
    registerFullOutput(),
    registerReview(() => held.place(), workspaceState, held.onDidChange),
    registerPracticeCommands(context.extensionPath),
    new Drills(held, context.extensionPath),
    vscode.commands.registerCommand('runbook.pickTarget', () => pickTarget(held).catch(report)),
    registerReviveCells(report),
    vscode.commands.registerCommand('runbook.incident', () =>
      showIncidentMenu(held)
        .then(() => bar.refresh())
        .catch(report),
    ),
    vscode.commands.registerCommand('runbook.documentation', () =>
      showDocumentation(context.extensionUri).catch(report),
    ),
    vscode.commands.registerCommand('runbook.openReport', (folder?: unknown) =>
      openReport(held, folder).catch(report),
    ),
    registerFirstRun({
      extensionId: extension.id,
      index: alerts.index,
      sessions: held,
      memory: context.globalState,
      onDidAnswer: alerts.onDidAnswer,
      onDidRun: controller.onDidRun,
    }),
    vscode.commands.registerCommand('runbook.copyCheckpoint', () => {
      const notebook = vscode.window.activeNotebookEditor?.notebook;
      if (notebook?.notebookType === notebookType) copyCheckpointOf(notebook, held).catch(report);
    }),
    vscode.commands.registerCommand('runbook.showCellDetails', showCellDetails),
    vscode.commands.registerCommand('runbook.openTerminal', () =>
      opening.session().then(openIncidentTerminal).catch(report),
    ),
    vscode.commands.registerCommand('runbook.editCellAttributes', editCellAttributes),
    vscode.commands.registerCommand('runbook.runAsBash', offerFences),
    vscode.commands.registerCommand('runbook.restartSession', () => opening.restartSession().catch(report)),
    vscode.commands.registerCommand('runbook.openFullOutput', (cell) =>
      opening.openFullOutput(cell).catch(report),
    ),
    vscode.commands.registerCommand('runbook.revealEvidence', () => opening.revealEvidence().catch(report)),
  );
}

/** Ends every session: nothing that a cell started outlives the window. */
export async function deactivate(): Promise<void> {
  await sessions?.disposeAsync();
}
