// The port to a pinned cluster: what the rooms above may ask. Nothing of client-node's types passes through it.

import type { AccessAnswer, AccessRequest, Identity } from './accessReview.ts';
import type { CallOptions } from './apiTransport.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import type { KubernetesObject } from './kubernetesObject.ts';
import type { CallInput } from './manifests.ts';
import type { LiveName } from './matchingNames.ts';
import type { ObjectEvent } from './objectEvents.ts';
import type { PinnedTarget } from './pinnedTarget.ts';
import type { Preview, PreviewOptions } from './preview.ts';
import type { ObjectDiff } from './readableObject.ts';
import type { RolloutProgress } from './rolloutProgress.ts';
import type { ServiceAddress, ServiceRequest, ServiceResponse } from './serviceProxy.ts';
import type { UndoPlan } from './undoPlan.ts';

/** An object by the words of the command line; the namespace is the pinned one unless told. */
export interface ObjectName {
  /** `deploy`, `pods`, `certificates.cert-manager.io`. */
  readonly resource: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ObjectState {
  /** YAML without what the server keeps for itself; Secrets without data. */
  readonly text: string;
  /** As the API gave it, Secrets included: never to be written down. */
  readonly object: KubernetesObject;
}

/** What to keep before a change, where no kubectl call says it. */
export interface CaptureTarget {
  readonly resource: string;
  readonly namespace?: string;
  /** Else `selector`; with neither, all of the namespace. */
  readonly name?: string;
  readonly selector?: string;
}

/** Every method takes a signal, ends at its time limit and throws only ClusterError. */
export interface Cluster {
  readonly target: PinnedTarget;
  whoAmI(options?: CallOptions): Promise<Identity>;
  namespaces(options?: CallOptions): Promise<string[]>;
  /** undefined where there is none. */
  objectNow(name: ObjectName, options?: CallOptions): Promise<ObjectState | undefined>;
  diff(before: ObjectState | undefined, after: ObjectState | undefined, title: string): ObjectDiff;
  events(
    query: { resource?: string; name?: string; namespace?: string; since?: number },
    options?: CallOptions,
  ): Promise<ObjectEvent[]>;
  rollout(name: ObjectName, options?: CallOptions): Promise<RolloutProgress>;
  followRollout(
    name: ObjectName,
    onProgress: (progress: RolloutProgress) => void,
    options?: { signal?: AbortSignal; everyMs?: number },
  ): Promise<RolloutProgress>;
  mayI(requests: readonly AccessRequest[], options?: CallOptions): Promise<AccessAnswer[]>;
  /**
   * The rights that one kubectl call needs (arguments without the binary's name); with `cwd` also those for the
   * manifests that it names by -f.
   */
  mayRun(argv: readonly string[], options?: CallOptions & { cwd?: string }): Promise<AccessAnswer[]>;
  names(
    query: {
      resource: string;
      namespace?: string;
      allNamespaces?: boolean;
      pattern?: string;
      selector?: string;
    },
    options?: CallOptions,
  ): Promise<LiveName[]>;
  /** Evidence before the call; never throws and never lasts longer than its budget. */
  captureFor(argv: readonly string[], input: CallInput, options?: CaptureOptions): Promise<Capture>;
  capture(targets: readonly CaptureTarget[], options?: CaptureOptions): Promise<Capture>;
  preview(
    argv: readonly string[],
    input: CallInput,
    options?: PreviewOptions & { signal?: AbortSignal },
  ): Promise<Preview>;
  undo(argv: readonly string[], preview: Preview): UndoPlan;
  /** undefined where the cluster has no such service: the request goes straight out. */
  resolveService(host: string, port: number, options?: CallOptions): Promise<ServiceAddress | undefined>;
  requestService(address: ServiceAddress, request: ServiceRequest): Promise<ServiceResponse>;
  dispose(): void;
}
