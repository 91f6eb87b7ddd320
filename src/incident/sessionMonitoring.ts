// What a notebook's session asks of Prometheus and Alertmanager: the state of a cell's alerts before and after a
// change, and the queries of `promql` cells.

import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { RunResult } from '../kernel/types.ts';
import { compareRisk } from '../shell/risk.ts';
import { AlertLog, lookAt } from './alertLog.ts';
import type { Planned } from './cellPlan.ts';
import { incidentStatus } from './incidentStatus.ts';
import { type MonitoringSources, monitoringSources, noPlaces } from './monitoring.ts';
import { type PromqlRun, runPromql } from './promqlCell.ts';
import type { RunbookCell } from './runbook.ts';
import type { SessionContext } from './sessionContext.ts';
import type { SessionTarget } from './sessionTarget.ts';

/** Looks under way: never rejects. */
export type AlertLooks = ReturnType<typeof lookAt>;

export class SessionMonitoring {
  readonly #context: Pick<SessionContext, 'incident' | 'monitoring'>;
  readonly #target: () => SessionTarget | undefined;
  /** Where states of alerts are written, whoever sees them. */
  readonly alertLog: AlertLog;

  /** @param target the cluster that the session is pinned to now. */
  constructor(
    context: Pick<SessionContext, 'incident' | 'monitoring'>,
    target: () => SessionTarget | undefined,
  ) {
    this.#context = context;
    this.#target = target;
    this.alertLog = new AlertLog(this.#writer);
  }

  /** Of the cell's alerts, or the incident's; undefined where the cell changes nothing and where no alert is known. */
  look(cell: RunbookCell, { assessment }: Planned): AlertLooks | undefined {
    if (compareRisk(assessment?.risk ?? 'unknown', 'secret') <= 0) return undefined;
    const names = cell.alerts.map(({ name }) => name);
    const ask = async (): AlertLooks => {
      const { alert } = await incidentStatus(this.#context.incident.folder);
      return lookAt(names.length > 0 ? names : alert ? [alert] : [], await this.#sources());
    };
    // The run goes on without it: a state that nobody could ask is no reason to stop.
    return ask().catch(() => []);
  }

  async query(run: Omit<PromqlRun, 'sources' | 'writer'>, signal: AbortSignal): Promise<RunResult> {
    return runPromql({ ...run, sources: await this.#sources(), writer: this.#writer }, signal);
  }

  async #sources(): Promise<MonitoringSources> {
    return monitoringSources((await this.#context.monitoring?.()) ?? noPlaces, this.#target());
  }

  get #writer(): EvidenceWriter {
    return this.#context.incident.writer;
  }
}
