// Puts the practice cluster together and opens it on loopback.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { RunbookError, systemCode, toError } from '../base/runbookError.ts';
import { createApiServer } from './api/apiServer.ts';
import { adminUser, TokenTable } from './api/authentication.ts';
import { makeCertificate } from './certificate.ts';
import { ClusterNetwork } from './containers/clusterNetwork.ts';
import type { Program } from './containers/program.ts';
import { CertificateController } from './controllers/certificates.ts';
import {
  type ControllerContext,
  ControllerQueue,
  isPodReady,
  normalPace,
  type Pace,
} from './controllers/cluster.ts';
import { DeploymentController } from './controllers/deployments.ts';
import { EventRecorder } from './controllers/eventRecorder.ts';
import {
  ClaimController,
  EndpointsController,
  GarbageCollector,
  NamespaceController,
} from './controllers/housekeeping.ts';
import { JobController, runCronJobs } from './controllers/jobs.ts';
import { Kubelet } from './controllers/kubelet.ts';
import { AutoscalerController, BudgetController } from './controllers/onlookers.ts';
import { ReplicaSetController } from './controllers/replicaSets.ts';
import { Scheduler } from './controllers/scheduler.ts';
import { DaemonSetController, StatefulSetController } from './controllers/statefulSets.ts';
import { FaultBoard } from './faults/faultBoard.ts';
import { type Kind, KindRegistry } from './kinds/kind.ts';
import { kubeconfigText, practiceContext, writeKubeconfig } from './kubeconfig.ts';
import { AlertmanagerApi } from './metrics/alertmanagerApi.ts';
import { MetricsEngine, sampleEveryMs } from './metrics/metricsEngine.ts';
import { PrometheusApi } from './metrics/prometheusApi.ts';
import { ObjectStore } from './store/objectStore.ts';
import { Registry } from './store/registry.ts';
import { allSystems } from './systems/allSystems.ts';
import { layOut } from './systems/layOut.ts';
import type { PracticeSystem } from './systems/system.ts';

export interface PracticeClusterOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the kubeconfig is written; made when absent. */
  readonly runtimeDirectory: string;
  /** The systems to lay out; by default all of them. */
  readonly systems?: readonly PracticeSystem[];
  readonly pace?: Partial<Pace>;
  /** Called when a client asks the cluster to end. */
  readonly onStop?: () => void;
}

export interface PracticeCluster {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly kubeconfigPath: string;
  /** The kubeconfig's context. */
  readonly context: string;
  /** The cluster from inside: for tests and faults. */
  readonly registry: Registry;
  readonly kubelet: Kubelet;
  readonly network: ClusterNetwork;
  readonly metrics: MetricsEngine;
  readonly faults: FaultBoard;
  /** Closes every connection and forgets everything. */
  dispose(): Promise<void>;
}

/** Throws a RunbookError `practice-port` when the port is taken. */
export async function startPracticeCluster(options: PracticeClusterOptions): Promise<PracticeCluster> {
  const certificate = makeCertificate();
  const systems = options.systems ?? allSystems;
  const held = new DisposableStore();
  let clockOffset = 0;
  const pace = { ...normalPace, ...options.pace };
  const began = Date.now();
  const store = new ObjectStore(() => began + (Date.now() - began) * pace.clockRate + clockOffset);
  const registry = new Registry(store, new KindRegistry());
  const events = new EventRecorder(store);
  const context = makeContext(registry, events, pace, held);
  const network: ClusterNetwork = new ClusterNetwork(store, (uid, name) => kubelet.containerOf(uid, name));
  const programs: Program[] = systems.flatMap((one) => one.programs);
  const kubelet = new Kubelet(context, network, programs);
  const queue = held.add(new ControllerQueue(context, controllersOf(context, kubelet)));
  layOut(
    { registry, kubelet, network, events, queue, setClockOffset: (offset) => { clockOffset = offset; } },
    systems,
  ); // biome-ignore format: one call
  const metrics = new MetricsEngine(store, kubelet);
  const prometheus = new PrometheusApi(metrics);
  const alertmanager = new AlertmanagerApi(metrics);
  network.monitoring = {
    prometheus: (request) => prometheus.answer(request),
    alertmanager: (request) => alertmanager.answer(request),
  };
  const faults = new FaultBoard({ registry, kubelet, network, metrics });
  metrics.tick();
  repeat(held, sampleEveryMs / pace.clockRate, () => {
    metrics.tick();
    faults.look();
  });
  repeat(held, context.pace.healthEveryMs, () => {
    for (const one of kubelet.running()) void kubelet.look(one);
  });
  repeat(held, 60_000, () => {
    events.expire();
    runCronJobs(context);
  });
  const tokens = new TokenTable();
  const token = tokens.issue(adminUser);
  const server = createApiServer({
    registry,
    kubelet,
    network,
    tokens,
    practice: {
      faults,
      unreadyPods: () => store.list('/pods').filter((pod) => !isPodReady(pod)).length,
      stop: () => options.onStop?.(),
    },
    ...(await certificate),
  });
  // Forwarded ports and shells are no longer the server's own connections: it would wait for them for ever.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (_request, socket) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    held.dispose();
    throw portError(error, options.port);
  }
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  const own = store
    .list('/namespaces')
    .map((one) => one.metadata.name)
    .filter((name) => name !== 'default' && !name.startsWith('kube-'));
  const text = kubeconfigText({
    server: url,
    certificate: (await certificate).certificate,
    token,
    namespaces: own,
  });
  const kubeconfigPath = writeKubeconfig(options.runtimeDirectory, text);
  return {
    url,
    port,
    kubeconfigPath,
    context: practiceContext,
    registry,
    kubelet,
    network,
    metrics,
    faults,
    async dispose() {
      held.dispose();
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function controllersOf(context: ControllerContext, kubelet: Kubelet) {
  return [
    new NamespaceController(context),
    new ClaimController(context),
    new DeploymentController(context),
    new ReplicaSetController(context),
    new StatefulSetController(context),
    new DaemonSetController(context),
    new JobController(context),
    new Scheduler(context),
    kubelet,
    new EndpointsController(context),
    new BudgetController(context),
    new AutoscalerController(context),
    new GarbageCollector(context),
    new CertificateController(context),
  ];
}

function makeContext(
  registry: Registry,
  events: EventRecorder,
  pace: Pace,
  held: DisposableStore,
): ControllerContext {
  return {
    registry,
    events,
    pace,
    now: () => registry.store.now(),
    kind(resource): Kind {
      const found = registry.kinds.byResource(resource);
      if (!found) throw new Error(`no such kind: ${resource}`);
      return found;
    },
    later(delayMs, act) {
      const timer = setTimeout(() => {
        held.delete(handle);
        act();
      }, delayMs);
      timer.unref();
      const handle: Disposable = held.add(toDisposable(() => clearTimeout(timer)));
      return { dispose: () => held.delete(handle) };
    },
  };
}

function repeat(held: DisposableStore, everyMs: number, act: () => void): void {
  const timer = setInterval(act, everyMs);
  timer.unref();
  held.add(toDisposable(() => clearInterval(timer)));
}

function portError(error: unknown, port: number | undefined): Error {
  if (systemCode(error) !== 'EADDRINUSE') return toError(error);
  return new RunbookError({
    code: 'practice-port',
    message: `Port ${port} on 127.0.0.1 is taken.`,
    mend: 'Choose another with --port, or leave it out to take a free one.',
    cause: error,
  });
}
