// Prometheus and Alertmanager of each system's namespace: pods whose programs answer from the cluster's state.

import type { Program } from '../containers/program.ts';
import { deployment, service } from './manifests.ts';
import { cycle } from './programTools.ts';
import type { PracticeSystem } from './system.ts';

const namespaces = ['default', 'production', 'rust-security', 'aureus'];

const prometheus: Program = {
  image: 'quay.io/prometheus/prometheus',
  answer: (view, request) => view.cluster.monitoring?.prometheus(request),
  startLog: () => ['ts=practice level=info msg="Server is ready to receive web requests."'],
  logEveryMs: 600_000,
  logLine: cycle(['level=info msg="write block resulted in empty block"']),
};

const alertmanager: Program = {
  image: 'quay.io/prometheus/alertmanager',
  answer: (view, request) => view.cluster.monitoring?.alertmanager(request),
  startLog: () => ['ts=practice level=info msg="Listening on" address=[::]:9093'],
};

export const monitoring: PracticeSystem = {
  name: 'monitoring',
  namespaces,
  programs: [prometheus, alertmanager],
  objects: namespaces.flatMap((namespace) =>
    (
      [
        ['prometheus', 'quay.io/prometheus/prometheus:v2.53.0', 9090],
        ['alertmanager', 'quay.io/prometheus/alertmanager:v0.27.0', 9093],
      ] as const
    ).flatMap(([name, image, port]) => [
      deployment({ namespace, name, labels: { app: name }, image, port, requests: ['50m', '128Mi'] }),
      service(namespace, name, { app: name }, port),
    ]),
  ),
};
