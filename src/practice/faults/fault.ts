// A fault as data: what is changed in the cluster's state to make something go wrong, and the alert that tells.
// A fault is cured when its alert is gone, by whatever route.

import type { Json } from '../store/kubeObject.ts';

export type ObjectName = readonly [resource: string, namespace: string, name: string];

export type FaultStep =
  /** A strategic merge patch where the kind has one, else a merge patch; `status` patches that part. */
  | { readonly patch: ObjectName; readonly body: Json; readonly status?: boolean }
  | { readonly remove: ObjectName }
  | { readonly fact: string; readonly value: Json }
  /** So many files take all that is free on the volume. */
  | {
      readonly fill: { readonly namespace: string; readonly claim: string };
      readonly files: number;
      readonly ageDays: number;
    };

/** What has to be there for the fault to show, and for its runbook to cure it. */
export type Need =
  /** As the cluster was laid out: spec or data, not its metadata and status. */
  | { readonly laid: ObjectName }
  /** The same, but only where it is gone or none of its pods is available. */
  | { readonly up: ObjectName }
  | { readonly fact: string };

export interface Fault {
  readonly id: string;
  readonly title: string;
  readonly namespace: string;
  /** The name of the alert that fires. */
  readonly alert: string;
  /** The product's own runbook for it, without its ending. */
  readonly runbook: string;
  /** Put back before the steps are taken. */
  readonly needs: readonly Need[];
  readonly steps: readonly FaultStep[];
}
