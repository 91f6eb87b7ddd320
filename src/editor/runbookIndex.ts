// The workspace's runbooks and the rules that lead to them: of its files, of the server, of the cluster.

import * as vscode from 'vscode';
import type { AlertSnapshot } from '../alerts/live/alertSnapshot.ts';
import type { PlacedRule } from '../alerts/rules/alertRule.ts';
import { loadRules } from '../alerts/rules/loadRules.ts';
import { readRunbook } from '../alerts/rules/loadRunbooks.ts';
import type { RunbookEntry } from '../alerts/rules/runbookEntry.ts';
import { clusterRules, type FoundRunbook, findRunbook, placedRules } from '../incident/findRunbook.ts';
import type { SessionTarget } from '../incident/sessionTarget.ts';
import { log } from './log.ts';

const mostFiles = 1000;
const keptMs = 60_000;
const passedOver = '**/{node_modules,.git,vendor}/**';

export interface RuleSources {
  readonly snapshot: AlertSnapshot | undefined;
  readonly target: SessionTarget | undefined;
}

interface Gathered {
  readonly at: number;
  readonly runbooks: Promise<readonly RunbookEntry[]>;
  readonly rules: Promise<readonly PlacedRule[]>;
}

export class RunbookIndex {
  readonly #sources: () => RuleSources;
  #gathered: Gathered | undefined;

  constructor(sources: () => RuleSources) {
    this.#sources = sources;
  }

  /** undefined where no runbook of the workspace answers. */
  async find(alert: string, severity?: string): Promise<FoundRunbook | undefined> {
    const gathered = this.#gather();
    const [files, ofFiles] = await Promise.all([gathered.runbooks, gathered.rules]);
    const { snapshot } = this.#sources();
    const ofServer = snapshot?.rules?.ok ? placedRules(snapshot.rules.value, 'Prometheus') : [];
    return findRunbook(alert, severity, { rules: [...ofFiles, ...ofServer], runbooks: files });
  }

  /** Names of all rules, where the setting says where they are; else none: a rule may be anywhere. */
  async configuredNames(): Promise<readonly string[]> {
    if (vscode.workspace.getConfiguration('runbook').get<string[]>('rules', []).length === 0) return [];
    return (await this.#gather().rules).map(({ name }) => name);
  }

  /** Files are read again at the next question. */
  forget(): void {
    this.#gathered = undefined;
  }

  #gather(): Gathered {
    if (this.#gathered && Date.now() - this.#gathered.at < keptMs) return this.#gathered;
    const rules = this.#rules();
    this.#gathered = { at: Date.now(), rules, runbooks: rules.then(readRunbooks) };
    return this.#gathered;
  }

  async #rules(): Promise<readonly PlacedRule[]> {
    const { target } = this.#sources();
    const [files, cluster] = await Promise.all(
      [rulesOfFiles(), target ? clusterRules(target, AbortSignal.timeout(5000)) : []].map((asked) =>
        Promise.resolve(asked).catch(told),
      ),
    );
    return [...files!, ...cluster!];
  }
}

function told(error: unknown): PlacedRule[] {
  log().warn(`Some alerting rules are not known: ${error instanceof Error ? error.message : String(error)}`);
  return [];
}

/** Those of the setting, else all YAML of the workspace. */
async function rulesOfFiles(): Promise<readonly PlacedRule[]> {
  const configured = vscode.workspace.getConfiguration('runbook').get<string[]>('rules', []);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (configured.length > 0) {
    const paths = configured.map((one) => (folder ? vscode.Uri.joinPath(folder.uri, one).fsPath : one));
    const absolute = configured.map((one, index) => (one.startsWith('/') ? one : paths[index]!));
    return (await loadRules(absolute)).rules;
  }
  const files = await vscode.workspace.findFiles('**/*.{yaml,yml,rules}', passedOver, mostFiles);
  return (await loadRules(files.map(({ fsPath }) => fsPath))).rules;
}

async function readRunbooks(rules: readonly PlacedRule[]): Promise<readonly RunbookEntry[]> {
  const names = rules.map(({ name }) => name);
  const files = await runbookFiles();
  return Promise.all(
    files.map(async (file) => readRunbook(file.fsPath, await vscode.workspace.fs.readFile(file), names)),
  );
}

/** `*.runbook.md`, and what the user's globs name. */
async function runbookFiles(): Promise<vscode.Uri[]> {
  const globs = [
    '**/*.runbook.md',
    ...vscode.workspace.getConfiguration('runbook').get<string[]>('files', []),
  ];
  const found = await Promise.all(
    globs.map((glob) => vscode.workspace.findFiles(glob, passedOver, mostFiles)),
  );
  return [...new Map(found.flat().map((uri) => [uri.toString(), uri])).values()];
}
