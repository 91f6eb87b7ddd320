// A system of the practice cluster as data: its objects, its programs, what lies on its volumes, its past.

import type { Program } from '../containers/program.ts';
import type { Json } from '../store/kubeObject.ts';

export interface PracticeSystem {
  readonly name: string;
  readonly namespaces: readonly string[];
  /** In the order they are made; each names its apiVersion, kind and namespace. */
  readonly objects: readonly Json[];
  readonly programs: readonly Program[];
  /** What a Deployment ran before: it was rolled over to its present image a day ago, so that it can be undone. */
  readonly previousImages?: Readonly<Record<string, string>>;
  /** Restarts that happened, by workload label `app` or name: the log of the run before stays readable. */
  readonly restarts?: readonly {
    readonly namespace: string;
    readonly app: string;
    readonly hoursAgo: number;
    readonly reason: 'Error' | 'OOMKilled';
    readonly exitCode: number;
  }[];
  readonly volumeFiles?: readonly VolumeFile[];
  readonly facts?: Readonly<Record<string, Json>>;
  readonly events?: readonly PastEvent[];
}

export interface VolumeFile {
  readonly namespace: string;
  readonly claim: string;
  readonly path: string;
  readonly text?: string;
  /** Bytes it stands for. */
  readonly size?: number;
  readonly ageDays: number;
}

export interface PastEvent {
  readonly minutesAgo: number;
  readonly namespace: string;
  readonly object: readonly [resource: string, name: string];
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}
