// What a runbook says of its alerts and their severity, for the document and for each of its cells.

import type { RunbookDocument } from '../document/documentCell.ts';
import { conflictsOf } from './alertConflicts.ts';
import { fileStem, normaliseName } from './alertName.ts';
import {
  type AlertDeclaration,
  documentReach,
  type MatchContext,
  type SeverityDeclaration,
} from './declaration.ts';
import type { AlertLink, CellSeverity, DocumentAlerts, SeverityScale } from './documentAlerts.ts';
import { alertMatchers } from './matchers/alertMatchers.ts';
import { nearestAlerts, nearestSeverities, reachingEach, surestByName } from './nearest.ts';
import { outlineOf } from './outline/outlineOf.ts';
import { scalesOf } from './scale/scalesOf.ts';
import { resolveSeverity } from './severity/resolveSeverity.ts';
import { severityDeclarations } from './severity/severityDeclarations.ts';
import { hintsOf, severityHint } from './severityHint.ts';
import { sourceLines } from './sourceText.ts';
import { thresholdsOf } from './threshold.ts';

export interface DeclarationOptions {
  /** Names of rules that are known: they count as names where their form alone would not tell. */
  readonly knownAlerts?: Iterable<string>;
}

/** Pure; never throws on odd documents. `fileName` may be a path: only its last part is read. */
export function declarationsOf(
  doc: Pick<RunbookDocument, 'preamble' | 'cells' | 'settings'>,
  fileName: string,
  options: DeclarationOptions = {},
): DocumentAlerts {
  const outline = outlineOf(sourceLines(doc));
  const found = scalesOf(outline);
  const scales = found.map(({ scale }) => scale);
  const context: MatchContext = {
    outline,
    stem: fileStem(fileName),
    settings: doc.settings,
    code: doc.cells
      .filter(({ kind }) => kind === 'code')
      .map(({ lines, text }) => ({ line: lines[0], endLine: lines[1], text })),
    scales,
    inScale: (line) => found.some((one) => one.line <= line && line < one.endLine),
    known: new Set([...(options.knownAlerts ?? [])].map(normaliseName)),
  };
  const alerts = alertMatchers.flatMap((match) => match(context));
  const severities = severityDeclarations(context, alerts);
  const whole = documentReach(context);
  const hints = hintsOf(scales);
  const lines = doc.cells.map((cell) => cell.lines[0]);
  const alertsAt = reachingEach(alerts, lines);
  const severitiesAt = reachingEach(severities, lines);
  return {
    alerts: documentAlerts(alerts, scales),
    severity: worst(
      nearestSeverities(
        severities.filter(({ reach }) => reach.line === 0 && reach.endLine === whole.endLine),
      ),
      scales,
    ),
    scales,
    thresholds: thresholdsOf(outline),
    conflicts: conflictsOf(context, alerts),
    cells: doc.cells.map(({ headings }, index) => {
      const hint = severityHint(headings, hints);
      return {
        alerts: nearestAlerts(alertsAt[index]!).map((one) => toLink(one, scales)),
        severity: worst(nearestSeverities(severitiesAt[index]!), scales),
        ...(hint && { hint }),
      };
    }),
  };
}

/** Everything declared anywhere; what is only implied counts where nothing is declared for the whole document. */
function documentAlerts(alerts: readonly AlertDeclaration[], scales: readonly SeverityScale[]): AlertLink[] {
  const declared = alerts.filter(({ tier }) => tier === 'declared');
  const wide = declared.some(({ reach }) => reach.line === 0);
  const implied = wide ? [] : alerts.filter(({ tier }) => tier === 'implied');
  return surestByName([...declared, ...implied]).map((one) => toLink(one, scales));
}

function toLink(one: AlertDeclaration, scales: readonly SeverityScale[]): AlertLink {
  const { name, via, confidence, line, severity } = one;
  return {
    name,
    via,
    confidence,
    ...(line !== undefined && { line }),
    ...(severity && { severity: resolveSeverity(severity, scales) }),
  };
}

/** Of several that reach equally far the worst; one that nothing maps counts only alone. */
function worst(
  declarations: readonly SeverityDeclaration[],
  scales: readonly SeverityScale[],
): CellSeverity | null {
  const resolved = declarations.map((one) => resolveSeverity(one, scales));
  return resolved.sort((a, b) => (a.level ?? 9) - (b.level ?? 9))[0] ?? null;
}
