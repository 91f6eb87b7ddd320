// The limits that the settings put on cells which name none themselves.

import * as vscode from 'vscode';
import { parseDuration } from '../base/duration.ts';
import type { SessionContext } from '../incident/sessionContext.ts';

/** A text that is no duration sets no limit of its own. */
export function cellLimits(resource: vscode.Uri): NonNullable<SessionContext['limits']> {
  const settings = vscode.workspace.getConfiguration('runbook', resource);
  const defaultTimeoutMs = parseDuration(settings.get('cell.timeout', ''));
  const silenceMs = parseDuration(settings.get('cell.silence', ''));
  return {
    ...(defaultTimeoutMs ? { defaultTimeoutMs } : {}),
    ...(silenceMs === undefined ? {} : { silenceMs }),
  };
}
