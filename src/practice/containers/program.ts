// What an image does when it runs: its files, log, health, HTTP answers, usage and own commands. Programs are
// data of the systems; an image that no program claims runs the plain one.

import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { FileTree } from './fileTree.ts';

/** A running container, as a program sees it. */
export interface ContainerView {
  readonly pod: KubeObject;
  /** The container's entry in the pod's spec. */
  readonly spec: Json;
  readonly env: Readonly<Record<string, string>>;
  readonly files: FileTree;
  readonly startedAt: number;
  readonly restarts: number;
  readonly cluster: ClusterView;
}

/** The cluster around a container: what it could learn through DNS, the network and its volumes. */
export interface ClusterView {
  now(): number;
  get(resource: string, namespace: string, name: string): KubeObject | undefined;
  list(resource: string, namespace?: string): KubeObject[];
  /** Pods ready behind a service; 0 when there is no such service. */
  readyEndpoints(namespace: string, service: string): number;
  /** An HTTP request from a pod of `namespace`; undefined when nothing answers there. */
  request(namespace: string, request: HttpRequest): Promise<HttpAnswer | undefined>;
  /** The systems' own state that no object holds (a queue's length, Redis keys); faults write here too. */
  readonly facts: Map<string, Json>;
  /** Answers for the monitoring pods; absent before the cluster is laid out. */
  readonly monitoring: Monitoring | undefined;
}

export interface Monitoring {
  prometheus(request: HttpRequest): HttpAnswer | undefined;
  alertmanager(request: HttpRequest): HttpAnswer | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or a value sent as JSON. */
  readonly body: Json;
}

export type Health =
  | { readonly state: 'ready' }
  | { readonly state: 'unready'; readonly message: string }
  | {
      readonly state: 'crashed';
      readonly exitCode: number;
      readonly reason: 'Error' | 'OOMKilled';
      readonly log: string;
    }
  | { readonly state: 'completed' };

export interface Usage {
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

/** A metric as it is now: a value, or for a counter its present rate. */
export interface Sample {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value?: number;
  /** Of a counter: what it grows by each second. */
  readonly perSecond?: number;
}

export interface CommandContext {
  readonly argv: readonly string[];
  readonly view: ContainerView;
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Buffer>;
  readonly out: (data: string | Buffer) => void;
  readonly err: (text: string) => void;
  readonly signal: AbortSignal;
  /** Standard output is a terminal. */
  readonly tty?: boolean;
  /** Runs another command line with this one's surroundings. */
  readonly run: (argv: readonly string[], over?: Partial<CommandContext>) => Promise<number>;
}

/** Ends with the exit code. */
export type Command = (context: CommandContext) => number | Promise<number>;

export interface Program {
  /** The image's name without its tag. */
  readonly image: string;
  /** Tags that can be pulled; absent: any. */
  readonly tags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Laid into the container's own file tree at its start. */
  readonly files?: Readonly<Record<string, string>>;
  /** Asked every second while the container runs. */
  health?(view: ContainerView): Health;
  /** What it prints at its start. */
  startLog?(view: ContainerView): string[];
  /** One line each `logEveryMs`, numbered from its start. */
  logLine?(view: ContainerView, index: number, atMs: number): string;
  readonly logEveryMs?: number;
  answer?(
    view: ContainerView,
    request: HttpRequest,
  ): HttpAnswer | undefined | Promise<HttpAnswer | undefined>;
  usage?(view: ContainerView): Usage;
  metrics?(view: ContainerView): Sample[];
  readonly commands?: Readonly<Record<string, Command>>;
}

/** `registry/name:tag@digest` → name and tag. */
export function splitImage(image: string): { name: string; tag: string } {
  const plain = image.split('@')[0]!;
  const colon = plain.lastIndexOf(':');
  return colon > plain.lastIndexOf('/')
    ? { name: plain.slice(0, colon), tag: plain.slice(colon + 1) }
    : { name: plain, tag: 'latest' };
}
