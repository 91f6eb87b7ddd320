// The files that the seeds' commands read and that no seed brings along.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const manifest = (kind: string, apiVersion: string, name: string, body: object = {}): string =>
  JSON.stringify({ apiVersion, kind, metadata: { name }, ...body });

/** Into `directory`, which is made where it is not there. */
export function layFiles(directory: string): void {
  const settings = manifest('ConfigMap', 'v1', 'from-file', { data: { a: '1' } });
  for (const file of [
    'k8s/configmap.yaml',
    'k8s/default-config.yaml',
    'k8s/policy-service-policies.yaml',
    'backups/configmaps-20240820.yaml',
    'security/polaris-scan.yaml',
  ])
    write(directory, file, settings);
  const labels = { app: 'auth-service', version: 'green' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'auth-service', image: 'rust-security/auth-service:v1.2.0' }] },
  };
  for (const colour of ['green', 'blue', 'canary'])
    write(
      directory,
      `k8s/auth-service-${colour}.yaml`,
      manifest('Deployment', 'apps/v1', `auth-service-${colour}`, {
        spec: { selector: { matchLabels: labels }, template },
      }),
    );
  const policy = manifest('NetworkPolicy', 'networking.k8s.io/v1', 'from-file', {
    spec: { podSelector: {} },
  });
  for (const file of ['network-policy.yaml', 'security/updated-network-policies.yaml'])
    write(directory, file, policy);
  write(
    directory,
    'backups/secrets-20240820.yaml',
    manifest('Secret', 'v1', 'from-file', { stringData: { a: 'practice' } }),
  );
  write(directory, 'monitoring/storage-alerts.yaml', settings);
  write(directory, '.env.new', 'API_TOKEN=practice\n');
  for (const file of ['backups/redis-20240820.rdb', 'backups/policies-20240820.tar.gz'])
    write(directory, file, 'practice');
  for (const folder of ['backup', 'evidence']) mkdirSync(path.join(directory, folder), { recursive: true });
}

export function write(directory: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
}
