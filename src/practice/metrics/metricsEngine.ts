// Samples the cluster every few seconds, evaluates the rules, and knows which alerts are pending or firing.

import { createHash } from 'node:crypto';
import type { Kubelet } from '../controllers/kubelet.ts';
import type { ObjectStore } from '../store/objectStore.ts';
import { type AlertRule, alertRules } from './alertRules.ts';
import { clusterSamples } from './clusterSamples.ts';
import { evaluate, type Labels } from './promqlEvaluate.ts';
import { type Expression, parsePromql } from './promqlParse.ts';
import { SeriesStore } from './seriesStore.ts';

export interface Alert {
  readonly rule: AlertRule;
  readonly labels: Labels;
  readonly value: number;
  readonly activeAt: number;
  readonly state: 'pending' | 'firing';
  /** Alertmanager's identity of an alert: of its labels. */
  readonly fingerprint: string;
}

export const sampleEveryMs = 2000;

export class MetricsEngine {
  readonly series: SeriesStore;
  readonly #store: ObjectStore;
  readonly #kubelet: Kubelet;
  readonly #rules: readonly { rule: AlertRule; expression: Expression }[];
  readonly #active = new Map<string, Alert>();
  readonly startedAt: number;

  constructor(store: ObjectStore, kubelet: Kubelet) {
    this.#store = store;
    this.#kubelet = kubelet;
    this.startedAt = store.now();
    this.series = new SeriesStore(this.startedAt);
    this.#rules = alertRules.map((rule) => ({ rule, expression: parsePromql(rule.expr) }));
  }

  now(): number {
    return this.#store.now();
  }

  /** One sample of everything, and one look at the rules. */
  tick(): void {
    const now = this.now();
    const alerts = [...this.#active.values()].map((one) => ({
      name: 'ALERTS',
      labels: { ...one.labels, alertstate: one.state },
      value: 1,
    }));
    this.series.record([...clusterSamples(this.#store, this.#kubelet), ...alerts], now);
    const seen = new Set<string>();
    for (const { rule, expression } of this.#rules) {
      const value = evaluate(expression, now, this.series.source);
      if (value.type !== 'vector') continue;
      for (const element of value.elements) {
        const { __name__: _name, ...own } = element.labels;
        const labels = { alertname: rule.alert, severity: rule.severity, ...own };
        const fingerprint = createHash('sha256')
          .update(JSON.stringify(Object.entries(labels).sort()))
          .digest('hex')
          .slice(0, 16);
        seen.add(fingerprint);
        const activeAt = this.#active.get(fingerprint)?.activeAt ?? now;
        const state = now - activeAt >= rule.forMs ? 'firing' : 'pending';
        this.#active.set(fingerprint, { rule, labels, value: element.value, activeAt, state, fingerprint });
      }
    }
    for (const key of [...this.#active.keys()]) if (!seen.has(key)) this.#active.delete(key);
  }

  alerts(): Alert[] {
    return [...this.#active.values()];
  }

  isFiring(alertName: string): boolean {
    return this.alerts().some((one) => one.rule.alert === alertName && one.state === 'firing');
  }
}
