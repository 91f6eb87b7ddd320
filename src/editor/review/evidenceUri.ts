// How the editor names what it shows of an incident: `runbook-evidence:/<incident>/<what>?<folder or pack>`.

import path from 'node:path';
import * as vscode from 'vscode';

export const evidenceScheme = 'runbook-evidence';
export const reviewType = 'runbook-review';
const reviewSuffix = '.runbook-review';

export type Part =
  | { readonly what: 'review' }
  /** The whole output of a run. */
  | { readonly what: 'output'; readonly run: string }
  /** The text of the cell that ran. */
  | { readonly what: 'source'; readonly run: string }
  /** Command, outcome and output as one text, for comparing. */
  | { readonly what: 'run'; readonly run: string }
  /** An object of the cluster. */
  | { readonly what: 'object'; readonly sha256: string };

const suffixes = { output: '.log', source: '.sh', run: '.txt', object: '.yaml' } as const;

/** @param target an incident's folder or a pack, absolute. */
export function evidenceUri(target: string, part: Part): vscode.Uri {
  const name = path.basename(target);
  const file =
    part.what === 'review'
      ? `/${name}${reviewSuffix}`
      : `/${name}/${'run' in part ? part.run : part.sha256}${suffixes[part.what]}`;
  return vscode.Uri.from({ scheme: evidenceScheme, path: file, query: target });
}

/** undefined for what names no part of any incident. */
export function partOf(uri: vscode.Uri): Part | undefined {
  if (uri.path.endsWith(reviewSuffix)) return { what: 'review' };
  const [, id = '', suffix] = /\/([\w-]+)(\.\w+)$/.exec(uri.path) ?? [];
  if (suffix === suffixes.object) return { what: 'object', sha256: id };
  for (const what of ['output', 'source', 'run'] as const)
    if (suffix === suffixes[what]) return { what, run: id };
  return undefined;
}
