// The network inside: names of services to ready pods, their ports to containers, and what answers there.

import { isPodReady } from '../controllers/cluster.ts';
import { targetPort } from '../controllers/housekeeping.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';
import { selectorMatches } from '../store/selectors.ts';
import type { ContainerRun } from './containerRun.ts';
import { serviceOf } from './networkCommands.ts';
import type { ClusterView, HttpAnswer, HttpRequest, Monitoring } from './program.ts';

export type NetworkAnswer = HttpAnswer | 'no-such' | 'no-endpoints' | 'refused';
type Call = Omit<HttpRequest, 'port'>;

export class ClusterNetwork implements ClusterView {
  readonly facts = new Map<string, Json>();
  monitoring: Monitoring | undefined;
  readonly #store: ObjectStore;
  readonly #containerOf: (uid: string, name?: string) => ContainerRun | undefined;
  #turn = 0;

  constructor(store: ObjectStore, containerOf: (uid: string, name?: string) => ContainerRun | undefined) {
    this.#store = store;
    this.#containerOf = containerOf;
  }

  now(): number {
    return this.#store.now();
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#store.get(resource, namespace, name);
  }

  list(resource: string, namespace?: string): KubeObject[] {
    return this.#store.list(resource, namespace);
  }

  #podsBehind(service: KubeObject): KubeObject[] {
    return this.#store
      .list('/pods', service.metadata.namespace)
      .filter((pod) => selectorMatches(service.spec.selector, pod.metadata.labels, true) && isPodReady(pod));
  }

  readyEndpoints(namespace: string, name: string): number {
    const endpoints = this.get('/endpoints', namespace, name);
    return (endpoints?.subsets ?? []).reduce(
      (sum: number, one: Json) => sum + (one.addresses?.length ?? 0),
      0,
    );
  }

  async request(namespace: string, request: HttpRequest): Promise<HttpAnswer | undefined> {
    const [of, name] = serviceOf(request.host, namespace);
    const answer = await this.askService(of, name, String(request.port), request);
    return typeof answer === 'string' ? undefined : answer;
  }

  /** `port` is a number, a name, or '' for the only one. */
  async askService(namespace: string, name: string, port: string, call: Call): Promise<NetworkAnswer> {
    const service = this.get('/services', namespace, name);
    if (!service) return 'no-such';
    const pods = this.#podsBehind(service);
    const pod = pods[this.#turn++ % Math.max(1, pods.length)];
    if (!pod) return 'no-endpoints';
    const ports: Json[] = service.spec.ports ?? [];
    const found = port ? ports.find((one) => String(one.port) === port || one.name === port) : ports[0];
    if (!found) return 'refused';
    return this.#ask(pod, targetPort(found, pod), call);
  }

  async askPod(namespace: string, name: string, port: string, call: Call): Promise<NetworkAnswer> {
    const pod = this.get('/pods', namespace, name);
    if (!pod) return 'no-such';
    const first = pod.spec.containers[0].ports?.[0]?.containerPort ?? 80;
    return this.#ask(pod, Number(port || first), call);
  }

  async #ask(pod: KubeObject, port: number, call: Call): Promise<NetworkAnswer> {
    for (const { name, ports } of pod.spec.containers) {
      const run = this.#containerOf(pod.metadata.uid, name);
      const listens = (ports ?? []).some((one: Json) => one.containerPort === port);
      if (!run?.program.answer || !listens || run.phase.is !== 'running') continue;
      return (
        (await run.program.answer(run, { ...call, port })) ?? { status: 404, body: '404 page not found\n' }
      );
    }
    return 'refused';
  }
}
