// The only module that imports client-node; it is loaded by a dynamic import when a cluster is first asked.

import { KubeConfig } from '@kubernetes/client-node';

export type { KubeConfig };

export function kubeConfigFromText(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}
