// Which notebook has which session and which incident. Sessions start with the first run and end with the
// notebook; the incident is remembered for the workspace, so that it is joined again after a reload.

import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Emitter, type Event } from '../base/emitter.ts';
import type { EventOf } from '../evidence/events.ts';
import { interruptedText } from '../evidence/write/recoverWriters.ts';
import type { IncidentLevel } from '../guard/decide.ts';
import type { AlertWords } from '../incident/alertLabels.ts';
import { declareIncident } from '../incident/declareIncident.ts';
import { evidenceRoot, Incident, type Place } from '../incident/incident.ts';
import { incidentLevel } from '../incident/incidentLevel.ts';
import { type Declaration, incidentStatus } from '../incident/incidentStatus.ts';
import { refuseClosed } from '../incident/joinOpen.ts';
import { type MonitoringPlaces, noPlaces } from '../incident/monitoring.ts';
import { NotebookSession } from '../incident/notebookSession.ts';
import type { Questioner } from '../incident/question.ts';
import { folderOf, type Runbook, type RunbookCell } from '../incident/runbook.ts';
import type { TargetChoice } from '../incident/sessionTarget.ts';
import { practiceContext } from '../practice/kubeconfig.ts';
import { askForFolder } from './askForFolder.ts';
import { cellLimits } from './cellLimits.ts';
import type { Sessions } from './controller.ts';
import { type DrillMark, DrillMarks } from './drillMarks.ts';
import { log, report } from './log.ts';
import { monitoringPlaces } from './monitoringPlaces.ts';
import { runbookOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';
import { toast } from './toast.ts';

const memoryKey = 'incidents';
/** The incident that was started without a runbook: the next runbook that runs anything belongs to it. */
const waitingKey = 'waitingIncident';

export class NotebookSessions implements Sessions {
  readonly #memory: vscode.Memento;
  readonly #drills: DrillMarks;
  readonly #version: string;
  readonly #questioner: Questioner;
  readonly #sessions = new Map<vscode.NotebookDocument, Promise<NotebookSession>>();
  readonly #ready = new Map<vscode.NotebookDocument, NotebookSession>();
  readonly #targets = new WeakMap<vscode.NotebookDocument, TargetChoice>();
  readonly #levels = new WeakMap<vscode.NotebookDocument, IncidentLevel>();
  /** Interrupted runs that the operator was told of. */
  readonly #told = new Set<string>();
  readonly #closing = vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#onClosed(notebook));
  readonly #changed = new Emitter<vscode.NotebookDocument>();
  /** Why an option of a cell can't work here, as the last preflight found it; undefined where nothing says so. */
  doubtOf: (notebook: vscode.NotebookDocument, cell: RunbookCell, option: string) => string | undefined =
    () => undefined;
  /** What the settings say of it. */
  monitoring: () => MonitoringPlaces | Promise<MonitoringPlaces> = monitoringPlaces;
  /** Labels and annotations of alerts that are active now. */
  activeWords: (alerts: readonly string[]) => readonly AlertWords[] = () => [];
  readonly #offered = new WeakMap<vscode.NotebookDocument, readonly AlertWords[]>();
  readonly #declared = new Emitter<vscode.NotebookDocument>();
  /** The notebook belongs to an incident that somebody started or joined. */
  readonly onDidDeclare: Event<vscode.NotebookDocument> = this.#declared.event;
  readonly #closed = new Emitter<vscode.NotebookDocument>();
  /** The incident of the notebook was closed by it. */
  readonly onDidClose: Event<vscode.NotebookDocument> = this.#closed.event;
  /** A session started or ended, or an incident changed. */
  readonly onDidChange: Event<vscode.NotebookDocument> = this.#changed.event;

  constructor(memory: vscode.Memento, version: string, questioner: Questioner) {
    this.#questioner = questioner;
    this.#memory = memory;
    this.#drills = new DrillMarks(memory);
    this.#version = version;
  }

  sessionOf(notebook: vscode.NotebookDocument): Promise<NotebookSession> {
    const known = this.#sessions.get(notebook);
    if (known) return known;
    const started = this.#start(notebook);
    this.#sessions.set(notebook, started);
    // A start that failed is tried again at the next run.
    started.catch(() => this.#sessions.delete(notebook));
    return started;
  }

  existing(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.#ready.get(notebook);
  }

  /** The folder of the incident that the notebook belongs to, if there is one on this machine. */
  incidentFolder(notebook: vscode.NotebookDocument): string | undefined {
    const running = this.#ready.get(notebook);
    if (running) return running.incident.folder;
    const id = this.#remembered()[notebook.uri.toString()] ?? this.#memory.get<string>(waitingKey);
    const folder = id ? path.join(evidenceRoot(this.place()), id) : undefined;
    return folder && existsSync(folder) ? folder : undefined;
  }

  /** Says what the incident is: starts one of what was recorded ad hoc, changes its severity. */
  async declare(notebook: vscode.NotebookDocument, declaration: Declaration): Promise<void> {
    const session = await this.sessionOf(notebook);
    await declareIncident(session.incident, declaration);
    await session.readIncident();
    if (declaration.title) this.#declared.fire(notebook);
    this.#changed.fire(notebook);
  }

  /** An incident without a runbook: the first one that runs anything from now on belongs to it. */
  async openAlone(title: string, severity: string): Promise<string> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const start = { title, severity, folder: folder?.uri.fsPath ?? os.homedir() };
    const incident = await Incident.open(this.place(), start);
    await incident.leave();
    await this.#memory.update(waitingKey, incident.id);
    return incident.id;
  }

  /** The notebook's runs belong to that incident from now on. @throws RunbookError where it is closed. */
  async join(notebook: vscode.NotebookDocument, id: string): Promise<void> {
    await refuseClosed(path.join(evidenceRoot(this.place()), id));
    await this.#end(notebook);
    await this.#remember(notebook, id);
    await this.sessionOf(notebook);
    this.#declared.fire(notebook);
    this.#changed.fire(notebook);
  }

  /** Says once what a window that died cut short, with a way there. */
  tellInterrupted(cut: readonly EventOf<'cell.intent'>[], show: () => void): void {
    const news = cut.filter(({ run }) => !this.#told.has(run));
    if (news.length === 0) return;
    for (const { run } of news) this.#told.add(run);
    const what = toast(interruptedText(news));
    const all =
      'The window or extension host that ran it is gone, its session and processes too. What it had put out is kept.';
    void vscode.window.showWarningMessage(`Runbook: ${what}. ${all}`, 'Show').then((choice) => {
      if (choice) show();
    });
  }

  /** Something was written that whoever shows the incident should read. */
  tellChange(notebook: vscode.NotebookDocument): void {
    this.#changed.fire(notebook);
  }

  /** Its last event, sealed; the session ends with it. */
  async closeIncident(notebook: vscode.NotebookDocument, summary: string): Promise<void> {
    const { incident } = await this.sessionOf(notebook);
    await this.#end(notebook, () => incident.close(summary));
    this.#closed.fire(notebook);
  }

  /** Values that whoever opened the runbook brought along: suggested with their origin, never taken unasked. */
  offerWords(notebook: vscode.NotebookDocument, words: readonly AlertWords[]): void {
    this.#offered.set(notebook, words);
  }

  #wordsOf(notebook: vscode.NotebookDocument): readonly AlertWords[] {
    const names = runbookOf(notebook).declarations.alerts.map(({ name }) => name);
    return [...(this.#offered.get(notebook) ?? []), ...this.activeWords(names)];
  }

  /** What was pinned by hand, or by a drill; undefined for what the runbook itself says. */
  targetOf(notebook: vscode.NotebookDocument): TargetChoice | undefined {
    const drill = this.drillOf(notebook);
    return drill ? { context: practiceContext, namespace: drill.namespace } : this.#targets.get(notebook);
  }

  /** The window's, with the kubeconfig of the drill that the notebook is in. */
  envOf(notebook: vscode.NotebookDocument): NodeJS.ProcessEnv {
    const drill = this.drillOf(notebook);
    return drill ? { ...process.env, KUBECONFIG: drill.kubeconfigPath } : process.env;
  }

  /** Where alerts and queries are asked; in a drill the practice cluster alone. */
  async monitoringOf(notebook: vscode.NotebookDocument): Promise<MonitoringPlaces> {
    return this.drillOf(notebook) ? noPlaces : this.monitoring();
  }

  drillOf(notebook: vscode.NotebookDocument): DrillMark | undefined {
    return this.#drills.of(notebook);
  }

  /** The notebook is in a drill from now on, on the practice cluster alone; undefined ends that. */
  async practise(notebook: vscode.NotebookDocument, drill: DrillMark | undefined): Promise<void> {
    await this.#end(notebook);
    const last = this.drillOf(notebook);
    const before = this.#remembered()[notebook.uri.toString()];
    await this.#drills.set(notebook, drill && { ...drill, ...(before ? { before } : {}) });
    if (drill) await this.join(notebook, drill.incident);
    else if (last?.before) await this.#remember(notebook, last.before);
    else await this.forget(notebook);
    this.#changed.fire(notebook);
  }

  /** Pins another cluster or namespace; the session that runs ends, its incident goes on. */
  async choose(notebook: vscode.NotebookDocument, target: TargetChoice): Promise<void> {
    await this.#end(notebook);
    this.#targets.set(notebook, target);
    this.#changed.fire(notebook);
  }

  /** The next run belongs to a new incident. */
  async forget(notebook: vscode.NotebookDocument): Promise<void> {
    await this.#end(notebook);
    const { [notebook.uri.toString()]: _, ...others } = this.#remembered();
    await this.#memory.update(memoryKey, others);
  }

  /** Ends the session; the next run starts a new one in the same incident. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    await this.#end(notebook);
  }

  place(): Place {
    const setting = vscode.workspace.getConfiguration('runbook').get('evidence.folder', '');
    return {
      setting: setting || undefined,
      env: process.env,
      tool: { name: `runbook-notebooks in ${vscode.env.appName}`, version: this.#version },
      fallback: askForFolder,
    };
  }

  async disposeAsync(): Promise<void> {
    this.#closing.dispose();
    await Promise.all([...this.#sessions.keys()].map((notebook) => this.#end(notebook)));
    this.#changed.dispose();
    this.#declared.dispose();
  }

  async #start(notebook: vscode.NotebookDocument): Promise<NotebookSession> {
    const runbook = runbookOf(notebook);
    const folder = folderOf(runbook);
    const incident = await this.#incidentOf(
      notebook,
      folder,
      runbook.document.cells[0]?.headings[0] ?? runbook.name,
    );
    for (const warning of incident.warnings) log().warn(warning);
    for (const { message, runs, isTorn } of incident.interrupted)
      if (isTorn || runs.some((run) => !this.#told.has(run)))
        void vscode.window.showWarningMessage(toast(`Runbook: ${message}`));
    try {
      return await this.#startIn(incident, notebook, runbook);
    } catch (error) {
      // Each new try has a writer of its own.
      await incident.leave().catch(report);
      throw error;
    }
  }

  async #startIn(
    incident: Incident,
    notebook: vscode.NotebookDocument,
    runbook: Runbook,
  ): Promise<NotebookSession> {
    const folder = folderOf(runbook);
    await this.#readLevel(notebook, incident.folder);
    const copyKiB = vscode.workspace.getConfiguration('runbook').get('evidence.copyKiB', 1024);
    const drill = this.drillOf(notebook);
    const session = await NotebookSession.start({
      incident,
      folder,
      isTrusted: () => vscode.workspace.isTrusted,
      questioner: this.#questioner,
      policyFile: vscode.workspace.getConfiguration('runbook').get('policy', '') || undefined,
      target: this.targetOf(notebook) ?? runbook.document.settings,
      doubtOf: (cell, option) => this.doubtOf(notebook, cell, option),
      incidentLevel: () => this.#levels.get(notebook) ?? null,
      readLevel: () => this.#readLevel(notebook, incident.folder),
      monitoring: () => this.monitoringOf(notebook),
      alertWords: () => this.#wordsOf(notebook),
      runbookEnv: runbook.document.settings.env,
      env: drill ? { KUBECONFIG: drill.kubeconfigPath } : {},
      limits: cellLimits(notebook.uri),
      artifacts: { copyBytes: copyKiB * 1024 },
    });
    this.#ready.set(notebook, session);
    this.#changed.fire(notebook);
    return session;
  }

  async #incidentOf(notebook: vscode.NotebookDocument, folder: string, title: string): Promise<Incident> {
    const place = this.place();
    const known = this.incidentFolder(notebook);
    // Nothing goes into one that is over: the next run begins anew.
    if (known && (await incidentStatus(known)).closedAt === null) {
      await this.#remember(notebook, path.basename(known));
      return Incident.join(place, path.basename(known), folder);
    }
    if (known && this.drillOf(notebook)) await refuseClosed(known);
    const incident = await Incident.open(place, { title, adHoc: true, folder });
    await this.#remember(notebook, incident.id);
    return incident;
  }

  /** From the evidence, on the runbook's own scale: the policy asks less in a severe incident. */
  async #readLevel(notebook: vscode.NotebookDocument, folder: string): Promise<void> {
    this.#levels.set(notebook, await incidentLevel(folder, runbookOf(notebook).declarations));
  }

  async #remember(notebook: vscode.NotebookDocument, id: string): Promise<void> {
    await this.#memory.update(memoryKey, { ...this.#remembered(), [notebook.uri.toString()]: id });
    await this.#memory.update(waitingKey, undefined);
  }

  #remembered(): Record<string, string> {
    return this.#memory.get<Record<string, string>>(memoryKey, {});
  }

  #onClosed(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType === notebookType) void this.#end(notebook).catch(report);
  }

  /** @param seal how the incident is let go, after the session: what that still records stands before the seal */
  async #end(notebook: vscode.NotebookDocument, seal?: () => Promise<unknown>): Promise<void> {
    const starting = this.#sessions.get(notebook);
    this.#sessions.delete(notebook);
    this.#ready.delete(notebook);
    const session = await starting?.catch(() => undefined);
    if (!session) return;
    // It may have become ready only now.
    if (this.#ready.get(notebook) === session) this.#ready.delete(notebook);
    await session.dispose();
    await (seal?.() ?? session.incident.leave());
    this.#changed.fire(notebook);
  }
}
