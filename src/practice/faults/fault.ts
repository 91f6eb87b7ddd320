// A fault as data: what is changed in the cluster's state to make something go wrong, and the alert that tells.
// A fault is cured when its alert is gone, by whatever route.

import type { Json } from '../store/kubeObject.ts';

export type ObjectName = readonly [resource: string, namespace: string, name: string];

export type FaultStep =
  /** A strategic merge patch where the kind has one, else a merge patch; `status` patches that part. */
  | { readonly patch: ObjectName; readonly body: Json; readonly status?: boolean }
  | { readonly remove: ObjectName }
  | { readonly fact: string; readonly value: Json }
  | {
      readonly fill: { readonly namespace: string; readonly claim: string };
      readonly files: number;
      readonly fileBytes: number;
      readonly ageDays: number;
    };

export interface Fault {
  readonly id: string;
  readonly title: string;
  readonly namespace: string;
  /** The name of the alert that fires. */
  readonly alert: string;
  /** The product's own runbook for it, without its ending. */
  readonly runbook: string;
  readonly steps: readonly FaultStep[];
}
