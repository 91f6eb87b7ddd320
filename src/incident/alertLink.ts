// A link into the editor, `vscode://…/open?alert=NAME&labels=…`, as an alert's annotation or a chat message carries it.
// Anybody may have made it: it names an alert and labels, and can name nothing to run.

import { RunbookError } from '../base/runbookError.ts';

export interface AlertLinkTarget {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
}

const mostLabels = 64;
const mostLength = 400;

/**
 * @param query of the link, percent-encoded or not. `labels` is a JSON object, or `pod=web-0,namespace=shop`.
 * @throws RunbookError for anything that is no such link.
 */
export function readAlertLink(path: string, query: string): AlertLinkTarget {
  if (path.replace(/\/+$/, '') !== '/open') throw bad(`it leads to ${JSON.stringify(path.slice(0, 60))}`);
  const parameters = new URLSearchParams(query);
  const alert = (parameters.get('alert') ?? '').trim();
  if (alert === '') throw bad('it names no alert');
  if (!isPlain(alert) || alert.length > 200) throw bad('its alert is no name');
  return { alert, labels: readLabels(parameters.get('labels') ?? '') };
}

function readLabels(text: string): Record<string, string> {
  const pairs = text.trim().startsWith('{') ? ofJson(text) : ofList(text);
  if (pairs.length > mostLabels) throw bad(`it has more than ${mostLabels} labels`);
  for (const [name, value] of pairs) {
    if (!/^[A-Za-z_][\w.:/-]{0,99}$/.test(name) || name === '__proto__')
      throw bad('a label has no valid name');
    if (value.length > mostLength || !isPlain(value)) throw bad(`the label ${name} is no plain text`);
  }
  return Object.fromEntries(pairs);
}

function ofJson(text: string): [string, string][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('its labels are no JSON');
  }
  const entries = Object.entries(value as Record<string, unknown>);
  return entries.map(([name, one]) => {
    if (typeof one !== 'string') throw bad(`the label ${name.slice(0, 40)} is no text`);
    return [name, one];
  });
}

function ofList(text: string): [string, string][] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw bad('its labels are no list of name=value');
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}

/** No control characters, and none that turn the direction of text or are not seen. */
function isPlain(text: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(text);
}

function bad(why: string): RunbookError {
  return new RunbookError({
    code: 'link-unreadable',
    message: `This link opens no runbook: ${why}.`,
    mend: 'A link reads …/open?alert=NAME&labels=pod=web-0,namespace=shop.',
  });
}
