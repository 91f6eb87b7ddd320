// One container as it runs: its surroundings, its log, and what its last run left.

import type { Readable } from 'node:stream';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { FileTree } from './fileTree.ts';
import type { ClusterView, ContainerView, Program } from './program.ts';

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

export interface EndedRun {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly log: readonly LogLine[];
}

export type Phase =
  | { readonly is: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly is: 'running' }
  | { readonly is: 'terminated' };

const keptLines = 2000;

export class ContainerRun implements ContainerView {
  readonly spec: Json;
  readonly program: Program;
  readonly cluster: ClusterView;
  readonly id: string;
  pod: KubeObject;
  env: Record<string, string> = {};
  files: FileTree;
  startedAt = 0;
  restarts = 0;
  ready = false;
  phase: Phase = { is: 'waiting', reason: 'ContainerCreating' };
  ended: EndedRun | undefined;
  /** Set while a command of the pod's spec runs as the container's process. */
  process: { readonly stdin: Readable | undefined; readonly abort: AbortController } | undefined;
  livenessFailures = 0;
  readonly #written: LogLine[] = [];

  constructor(pod: KubeObject, spec: Json, program: Program, files: FileTree, cluster: ClusterView) {
    this.pod = pod;
    this.spec = spec;
    this.program = program;
    this.files = files;
    this.cluster = cluster;
    this.id = `practice://${crypto.randomUUID().replaceAll('-', '')}`;
  }

  /** Adds a line to the log, as of now. */
  print(text: string): void {
    for (const line of text.split('\n')) this.#written.push({ atMs: this.cluster.now(), text: line });
    if (this.#written.length > 2 * keptLines) this.#written.splice(0, this.#written.length - keptLines);
  }

  /** What was printed in this run up to now, oldest first; at most the last few thousand lines. */
  log(): LogLine[] {
    const until = this.phase.is === 'running' ? this.cluster.now() : (this.ended?.finishedAt ?? 0);
    if (this.phase.is !== 'running' && this.ended) return [...this.ended.log];
    return this.#logUntil(until);
  }

  #logUntil(until: number): LogLine[] {
    if (!this.startedAt) return [];
    const { program, startedAt } = this;
    const lines = (program.startLog?.(this) ?? []).map((text, index) => ({
      atMs: startedAt + index * 20,
      text,
    }));
    if (program.logLine) {
      const every = program.logEveryMs ?? 15_000;
      const last = Math.floor((until - startedAt) / every);
      for (let index = Math.max(1, last - keptLines); index <= last; index += 1) {
        const atMs = startedAt + index * every;
        lines.push({ atMs, text: program.logLine(this, index, atMs) });
      }
    }
    return [...lines, ...this.#written].filter((line) => line.atMs <= until).sort((a, b) => a.atMs - b.atMs);
  }

  start(env: Record<string, string>, files: FileTree): void {
    this.env = env;
    this.files = files;
    this.startedAt = this.cluster.now();
    this.phase = { is: 'running' };
    this.ready = false;
    this.livenessFailures = 0;
    this.#written.length = 0;
  }

  end(exitCode: number, reason: string): void {
    const finishedAt = this.cluster.now();
    this.ended = { startedAt: this.startedAt, finishedAt, exitCode, reason, log: this.#logUntil(finishedAt) };
    this.phase = { is: 'terminated' };
    this.ready = false;
    this.process?.abort.abort();
    this.process = undefined;
  }

  /** Its entry in `status.containerStatuses`. */
  toStatus(): Json {
    const ended = this.ended && {
      exitCode: this.ended.exitCode,
      reason: this.ended.reason,
      startedAt: iso(this.ended.startedAt),
      finishedAt: iso(this.ended.finishedAt),
      containerID: this.id,
    };
    const running = this.phase.is === 'running';
    const { phase } = this;
    const state =
      phase.is === 'running'
        ? { running: { startedAt: iso(this.startedAt) } }
        : phase.is === 'terminated'
          ? { terminated: ended }
          : { waiting: { reason: phase.reason, ...(phase.message ? { message: phase.message } : {}) } };
    return {
      name: this.spec.name,
      state,
      lastState: ended && phase.is !== 'terminated' ? { terminated: ended } : {},
      ready: running && this.ready,
      started: running,
      restartCount: this.restarts,
      image: this.spec.image,
      imageID: this.startedAt ? `practice/${this.spec.image}` : '',
      ...(this.startedAt ? { containerID: this.id } : {}),
    };
  }
}

function iso(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
