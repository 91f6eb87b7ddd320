// What a `promql` cell would do: it asks for values and changes nothing.

import { promqlPlaceholders } from '../alerts/promql/promqlPlaceholders.ts';
import { queriesOf } from '../alerts/promql/promqlScan.ts';
import type { Assessment } from '../shell/assess.ts';
import { plainCommand } from './plainCommand.ts';

/** In the shape that shell cells are judged in, so that the guard sees both alike. */
export function assessPromql(text: string): Assessment {
  const queries = queriesOf(text);
  return {
    risk: 'read',
    commands: queries.map((query) => ({
      ...plainCommand({
        text: query.text,
        tool: 'promql',
        risk: 'read',
        reasons: ['asks Prometheus for values and changes nothing'],
      }),
      line: query.line,
      endLine: query.line + query.text.split('\n').length - 1,
    })),
    steps: queries.map((query) => ({
      title: query.text.split('\n', 1)[0]!,
      notes: [],
      lines: [query.line, query.line + query.text.split('\n').length] as const,
      option: null,
      empty: false,
    })),
    placeholders: promqlPlaceholders(text).map((one) => ({ ...one, form: 'angle' as const })),
    variableUses: [],
    assignedVariables: [],
    requiredVariables: [],
    deadlineHit: false,
    tookMs: 0,
  };
}
