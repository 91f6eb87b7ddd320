// What went ahead with a broken glass, from the incident's menu: its request goes to the clipboard for a second person,
// and what they signed comes back by paste.

import path from 'node:path';
import * as vscode from 'vscode';
import { oneLine } from '../base/oneLine.ts';
import { type BrokenGlass, isUnseen } from '../evidence/read/brokenGlass.ts';
import { countersign, glassesOf } from '../incident/countersign.ts';
import { evidenceOptions, type Place } from '../incident/incident.ts';
import { sessionPolicy } from '../incident/sessionPolicy.ts';
import { toast } from './toast.ts';

interface GlassDeed extends vscode.QuickPickItem {
  readonly run: () => Promise<void>;
}

/** One for each that nobody has countersigned. */
export async function glassDeeds(folder: string, place: Place): Promise<GlassDeed[]> {
  const open = (await glassesOf(folder)).filter((glass) => glass.line && isUnseen(glass));
  return open.map((glass) => ({
    label: '$(law) Have a broken glass countersigned',
    description: `${glass.at.slice(11, 16)} UTC, ${glass.reason}`,
    detail: oneLine(glass.calls.join('; '), 160),
    run: () => take(folder, glass, place),
  }));
}

async function take(folder: string, { line = '' }: BrokenGlass, place: Place): Promise<void> {
  await vscode.env.clipboard.writeText(`runbook approve --countersign ${line}`);
  const answer = await vscode.window.showInputBox({
    title: 'The command is on the clipboard: send it to a second person',
    prompt: 'Then paste what it printed here; it can also be done later',
    placeHolder: 'runbook-countersigned:1:…',
    ignoreFocusOut: true,
  });
  if (!answer?.trim()) return;
  const userFile = vscode.workspace.getConfiguration('runbook').get<string>('policy');
  const { allowedSigners } = await sessionPolicy(userFile || undefined, path.dirname(folder));
  const options = await evidenceOptions(place, path.dirname(folder));
  const result = await countersign(folder, answer, allowedSigners, options);
  if (result.ok)
    void vscode.window.showInformationMessage(toast(`Countersigned by ${result.by}; recorded and sealed.`));
  else void vscode.window.showErrorMessage(toast(`Not recorded: ${result.why}.`));
}
