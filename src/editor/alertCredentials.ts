// Credentials of Prometheus and Alertmanager, in VS Code's secret storage. Each is kept for one address and goes to no
// other: a workspace that changes the address gets none.

import * as vscode from 'vscode';
import type { HttpAuth } from '../alerts/live/httpJson.ts';
import { RunbookError } from '../base/runbookError.ts';
import type { MonitoringPlaces } from '../incident/monitoring.ts';
import { monitoringPlaces } from './monitoringPlaces.ts';

const keyOf = (url: string): string => `credentials of ${new URL(url).origin}`;

export class AlertCredentials {
  readonly #secrets: vscode.SecretStorage;
  readonly onDidChange: vscode.Event<unknown>;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
    this.onDidChange = secrets.onDidChange;
  }

  /** What the settings say, with the credentials for it. */
  async places(): Promise<MonitoringPlaces> {
    const places = monitoringPlaces();
    const [prometheusAuth, alertmanagerAuth] = await Promise.all([
      this.#authFor(places.prometheusUrl),
      this.#authFor(places.alertmanagerUrl),
    ]);
    return { ...places, prometheusAuth, alertmanagerAuth };
  }

  /** Asks for the server, the kind and the secret, and stores or clears it. */
  async edit(): Promise<void> {
    const url = await this.#pickServer();
    if (!url) return;
    const kinds = [
      { label: 'Bearer token', how: 'bearer' },
      { label: 'User and password', how: 'basic' },
      { label: 'Clear what is stored', how: 'clear' },
    ] as const;
    const stored = (await this.#authFor(url)) !== undefined;
    const picked = await vscode.window.showQuickPick(
      kinds.filter(({ how }) => how !== 'clear' || stored),
      { title: `Credentials for ${new URL(url).origin}`, ignoreFocusOut: true },
    );
    if (!picked) return;
    if (picked.how === 'clear') {
      await this.#secrets.delete(keyOf(url));
      void vscode.window.showInformationMessage(`No credentials are stored for ${new URL(url).origin} now.`);
      return;
    }
    const auth = await askFor(picked.how, url);
    if (auth) await this.#secrets.store(keyOf(url), JSON.stringify(auth));
  }

  async #pickServer(): Promise<string | undefined> {
    const { prometheusUrl, alertmanagerUrl } = monitoringPlaces();
    const servers = [
      { label: 'Prometheus', description: prometheusUrl },
      { label: 'Alertmanager', description: alertmanagerUrl },
    ].filter(({ description }) => URL.canParse(description));
    if (servers.length === 0) {
      throw new RunbookError({
        code: 'no-monitoring-address',
        message: 'No address of a Prometheus or an Alertmanager is set.',
        mend: 'Set runbook.prometheus.url first; services of the pinned cluster need no credentials of their own.',
      });
    }
    if (servers.length === 1) return servers[0]!.description;
    const picked = await vscode.window.showQuickPick(servers, { title: 'Whose credentials?' });
    return picked?.description;
  }

  async #authFor(url: string): Promise<HttpAuth | undefined> {
    if (!URL.canParse(url)) return undefined;
    const stored = await this.#secrets.get(keyOf(url));
    return stored ? (JSON.parse(stored) as HttpAuth) : undefined;
  }
}

async function askFor(kind: 'bearer' | 'basic', url: string): Promise<HttpAuth | undefined> {
  const ask = (title: string, password: boolean): Thenable<string | undefined> =>
    vscode.window.showInputBox({
      title,
      prompt: `Goes to ${new URL(url).origin} alone, and is kept in the secret storage`,
      password,
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' ? 'It is empty.' : undefined),
    });
  if (kind === 'bearer') {
    const token = (await ask('Bearer token', true))?.trim();
    return token ? { kind, token } : undefined;
  }
  const user = await ask('User (1 of 2)', false);
  const password = user && (await ask('Password (2 of 2)', true));
  return user && password ? { kind, user, password } : undefined;
}
