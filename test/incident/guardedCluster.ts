// A practice cluster behind a kubeconfig that calls it something else, so that the guard takes it for production;
// with a second context that leads to nowhere, and a counting wrapper before the real kubectl.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { pqcAudit } from '../../src/practice/systems/pqcAudit.ts';
import type { PracticeSystem } from '../../src/practice/systems/system.ts';
import { kubectlPath } from '../practice/kubectl.ts';

export interface GuardedCluster {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** For the session: the kubeconfig, and the counting kubectl first on the PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** A policy of one's own under which the cluster is no production. */
  readonly staging: string;
  /** The arguments of every call that reached the real kubectl since the last time, a line each. */
  counted(): Promise<string[]>;
  /** The real kubectl in another terminal: with the file itself, past every guard. */
  kubectl(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openGuardedCluster(
  systems: readonly PracticeSystem[] = [pqcAudit],
): Promise<GuardedCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guarded-'));
  const practice = await startPracticeCluster({ runtimeDirectory: folder, systems });
  const config = parse(await readFile(practice.kubeconfigPath, 'utf8'));
  const namespace = 'default';
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const kubeconfig = path.join(folder, 'config');
  await writeFile(
    kubeconfig,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [
        { name: 'prod', cluster },
        { name: 'other', cluster: { server: 'https://127.0.0.1:9' } },
      ],
      users: [{ name: 'me', user }],
      contexts: [
        { name: 'prod', context: { cluster: 'prod', user: 'me', namespace } },
        { name: 'other', context: { cluster: 'other', user: 'me', namespace } },
        { name: 'system-of-prod', context: { cluster: 'prod', user: 'me', namespace: 'kube-system' } },
      ],
    }),
    { mode: 0o600 },
  );
  const real = kubectlPath();
  const bin = path.join(folder, 'bin');
  const log = path.join(folder, 'calls');
  await mkdir(bin);
  await writeFile(log, '');
  await writeFile(
    path.join(bin, 'kubectl'),
    `#!/bin/bash\nprintf '%s ' "$@" >> ${log}; echo >> ${log}\nexec ${real} "$@"\n`,
  );
  await chmod(path.join(bin, 'kubectl'), 0o755);
  return {
    folder,
    kubeconfig,
    namespace,
    env: { KUBECONFIG: kubeconfig, PATH: `${bin}:${process.env.PATH}` },
    staging: `targets:\n  - name: staging\n    server: ${practice.url}\n    production: false\n`,
    async counted() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
      await writeFile(log, '');
      return lines.map((line) => line.trim());
    },
    async kubectl(...args) {
      return (await execa(real, args, { env: { KUBECONFIG: kubeconfig } })).stdout;
    },
    async close() {
      await practice.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
