// A runbook in the shape that `runbook cells --json` prints: plain data, for people's scripts.

import type { AlertLink, CellSeverity, SeverityScale } from '../alerts/documentAlerts.ts';
import { describeCell as describeShell } from '../shell/explain.ts';
import type { Risk } from '../shell/risk.ts';
import { assessCell, type Runbook, type RunbookCell } from './runbook.ts';

export interface DescribedCell {
  readonly index: number;
  readonly kind: 'markup' | 'code';
  readonly language: string;
  /** `[start, end)` from 0, markers included. */
  readonly lines: readonly [number, number];
  readonly headings: readonly string[];
  readonly executable: boolean;
  readonly reason: string | null;
  readonly source: string;
  /** `lines` as those of the cell: in the file. */
  readonly steps: readonly { title: string; lines: readonly number[]; option: string | null }[];
  readonly placeholders: readonly { text: string; name: string }[];
  readonly alerts: readonly Pick<AlertLink, 'name' | 'via' | 'confidence'>[];
  readonly severity: Pick<CellSeverity, 'raw' | 'level' | 'scale' | 'via'> | null;
  /** null for a cell that does not run. */
  readonly risk: Risk | null;
}

export interface DescribedRunbook {
  readonly document: {
    readonly alerts: readonly Pick<AlertLink, 'name' | 'via' | 'confidence'>[];
    readonly severity: Pick<CellSeverity, 'raw' | 'level' | 'scale' | 'via'> | null;
    readonly scales: readonly {
      name: string;
      levels: readonly Pick<
        SeverityScale['levels'][number],
        'raw' | 'level' | 'label' | 'responseMs' | 'escalation'
      >[];
    }[];
  };
  readonly cells: readonly DescribedCell[];
}

export async function describeRunbook(runbook: Runbook): Promise<DescribedRunbook> {
  const { declarations } = runbook;
  const cells: DescribedCell[] = [];
  for (const cell of runbook.cells) cells.push(await describeCell(cell));
  return {
    document: {
      alerts: declarations.alerts.map(alertOf),
      severity: severityOf(declarations.severity),
      scales: declarations.scales.map((scale) => ({
        name: scale.name,
        levels: scale.levels.map(({ raw, level, label, responseMs, escalation }) => ({
          raw,
          level,
          label,
          responseMs,
          escalation,
        })),
      })),
    },
    cells,
  };
}

async function describeCell(found: RunbookCell): Promise<DescribedCell> {
  const { cell } = found;
  const assessment = await assessCell(found);
  const shell = assessment && describeShell(assessment, cell.textLine);
  return {
    index: found.index,
    kind: cell.kind,
    language: cell.language,
    lines: cell.lines,
    headings: cell.headings,
    executable: cell.kind === 'code' && cell.executable,
    reason: cell.reason ?? null,
    source: cell.text,
    steps: shell?.steps ?? [],
    placeholders: shell?.placeholders ?? [],
    alerts: found.alerts.map(alertOf),
    severity: severityOf(found.severity),
    risk: assessment?.risk ?? (found.runnable === '' ? null : 'unknown'),
  };
}

const alertOf = ({ name, via, confidence }: AlertLink): Pick<AlertLink, 'name' | 'via' | 'confidence'> => ({
  name,
  via,
  confidence,
});

function severityOf(severity: CellSeverity | null): DescribedRunbook['document']['severity'] {
  if (!severity) return null;
  const { raw, level, scale, via } = severity;
  return { raw, level, scale, via };
}
