// Where alerts and queries are asked, as the settings say now.

import * as vscode from 'vscode';
import type { MonitoringPlaces } from '../incident/monitoring.ts';

export function monitoringPlaces(): MonitoringPlaces {
  const settings = vscode.workspace.getConfiguration('runbook');
  return {
    prometheusUrl: settings.get('prometheus.url', '').trim(),
    alertmanagerUrl: settings.get('alertmanager.url', '').trim(),
  };
}
