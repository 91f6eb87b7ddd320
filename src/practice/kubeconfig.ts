// The practice cluster's kubeconfig: its contexts are named so that nobody takes them for anything else.

import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

export interface KubeconfigInit {
  readonly server: string;
  /** PEM. */
  readonly certificate: string;
  readonly token: string;
  /** Each gets a context `practice-<namespace>` of its own, beside `practice` for `default`. */
  readonly namespaces: readonly string[];
}

export const practiceContext = 'practice';

export function kubeconfigText({ server, certificate, token, namespaces }: KubeconfigInit): string {
  const context = (name: string, namespace: string): unknown => ({
    name,
    context: { cluster: practiceContext, user: 'practice-admin', namespace },
  });
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    'current-context': practiceContext,
    clusters: [
      {
        name: practiceContext,
        cluster: { server, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
      },
    ],
    contexts: [
      context(practiceContext, 'default'),
      ...namespaces.map((one) => context(`${practiceContext}-${one}`, one)),
    ],
    users: [{ name: 'practice-admin', user: { token } }],
  };
  return `# The practice cluster of Runbook Notebooks: on this machine only, and nothing in it is real.\n${stringify(config)}`;
}

/** Writes it whole or not at all, readable by its owner only. */
export function writeKubeconfig(directory: string, text: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const target = path.join(directory, 'practice.kubeconfig');
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, target);
  return target;
}
