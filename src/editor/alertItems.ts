// How alerts stand in the side bar: groups by severity, alerts, and their instances.

import * as vscode from 'vscode';
import type { ActiveAlert } from '../alerts/live/activeAlerts.ts';
import type { AlertInstance } from '../alerts/live/alertState.ts';
import type { Failure } from '../alerts/live/outcome.ts';
import { alertStateText } from './alertStateText.ts';

export type AlertNode =
  | { readonly kind: 'group'; readonly severity: string | null; readonly alerts: readonly ActiveAlert[] }
  | { readonly kind: 'alert'; readonly alert: ActiveAlert }
  | { readonly kind: 'instance'; readonly instance: AlertInstance; readonly alert: ActiveAlert }
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'mend'; readonly failure: Failure };

const icons: Record<AlertInstance['state'], string> = {
  firing: 'flame',
  pending: 'clock',
  silenced: 'bell-slash',
  inhibited: 'circle-slash',
};

/** In the order of the alerts, which is the worst first. */
export function groupsOf(alerts: readonly ActiveAlert[]): AlertNode[] {
  const groups = new Map<string | null, ActiveAlert[]>();
  for (const alert of alerts) {
    const key = alert.severity?.toLowerCase() ?? null;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups].map(([severity, own]) => ({ kind: 'group', severity, alerts: own }));
}

/** @param answers the runbook that answers an alert, as far as it is known. */
export function alertItem(
  node: AlertNode,
  answers: (alert: string) => string | null | undefined,
): vscode.TreeItem {
  switch (node.kind) {
    case 'told': {
      const item = new vscode.TreeItem(node.text);
      item.iconPath = new vscode.ThemeIcon('info');
      item.tooltip = node.text;
      return item;
    }
    case 'mend':
      return mendItem(node.failure);
    case 'group': {
      const item = new vscode.TreeItem(
        node.severity ?? 'no severity',
        vscode.TreeItemCollapsibleState.Expanded,
      );
      item.description = String(node.alerts.length);
      item.id = `severity ${node.severity}`;
      const count = `${node.alerts.length} ${node.alerts.length === 1 ? 'alert' : 'alerts'}`;
      item.accessibilityInformation = { label: `${node.severity ?? 'no severity'}, ${count}` };
      return item;
    }
    case 'instance':
      return instanceItem(node.instance);
    default:
      return ofAlert(node.alert, answers(node.alert.name));
  }
}

const setCredentials = { icon: 'key', title: 'Set the credentials…', command: 'runbook.credentials' };
const openSettings = {
  icon: 'gear',
  title: 'Open the settings…',
  command: 'workbench.action.openSettings',
  arguments: ['@id:runbook.prometheus.url,runbook.alertmanager.url'],
};

/** What a person can do about it from here. */
const mendOf = ({ cause }: Failure) =>
  cause === 'unauthorised' || cause === 'forbidden' ? setCredentials : openSettings;

/** One a kind of mend: two servers that want credentials are one item. */
export function mendsOf(failures: readonly Failure[]): AlertNode[] {
  const byMend = new Map(failures.map((failure) => [mendOf(failure), failure]));
  return [...byMend.values()].map((failure) => ({ kind: 'mend', failure }));
}

function mendItem(failure: Failure): vscode.TreeItem {
  const { icon, ...command } = mendOf(failure);
  const item = new vscode.TreeItem(command.title);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.tooltip = `${failure.message}\n${failure.mend}`;
  item.command = command;
  return item;
}

function instanceItem({ labels, annotations, state, sinceMs }: AlertInstance): vscode.TreeItem {
  const { alertname: _, severity: __, ...rest } = labels;
  const text = Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const item = new vscode.TreeItem(text || state);
  item.description = alertStateText(state, sinceMs);
  item.tooltip = annotations.summary ?? annotations.description ?? '';
  item.iconPath = new vscode.ThemeIcon(icons[state]);
  item.contextValue = 'alertInstance';
  item.accessibilityInformation = { label: `${text || 'instance'}, ${item.description}` };
  return item;
}

function ofAlert(alert: ActiveAlert, runbook: string | null | undefined): vscode.TreeItem {
  const { name, state, instances } = alert;
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  const since = instances.find((one) => one.state === state)?.sinceMs ?? null;
  item.id = `alert ${name}`;
  item.description = [
    alertStateText(state, since),
    instances.length > 1 ? `${instances.length}×` : '',
    runbook === null ? 'no runbook' : (runbook ?? ''),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(
    icons[state],
    new vscode.ThemeColor(state === 'firing' ? 'errorForeground' : 'disabledForeground'),
  );
  item.contextValue = 'alert';
  item.command = {
    command: 'runbook.openForAlert',
    title: 'Open Runbook at the Step',
    arguments: [{ kind: 'alert', alert }],
  };
  item.tooltip = [
    name,
    instances[0]?.annotations.summary ?? instances[0]?.annotations.description ?? '',
    runbook ? `Press to open ${runbook} at the step.` : '',
  ]
    .filter(Boolean)
    .join('\n');
  item.accessibilityInformation = { label: `${name}, ${item.description.replaceAll(' · ', ', ')}` };
  return item;
}
