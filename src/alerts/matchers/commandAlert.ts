// A command that looks an alert up: `select(.labels.alertname == "X")`, `ALERTS{alertname="X"}`, `amtool … alertname=X`.
// Only a mention: it counts where nothing else names the cell's alert.

import type { AlertMatcher } from '../declaration.ts';

const lookup = /\balertname\\?["']?\]?\s*(?:==|=|:)\s*\\?["']?([A-Za-z_][\w.:-]*)/g;

export const matchCommand: AlertMatcher = (context) =>
  context.code.flatMap((cell) =>
    cell.text.split('\n').flatMap((text, index) =>
      [...text.matchAll(lookup)].map((match) => ({
        name: match[1]!,
        via: 'command' as const,
        confidence: 0.4,
        line: cell.line + 1 + index,
        reach: { line: cell.line, endLine: cell.endLine },
        tier: 'mentioned' as const,
      })),
    ),
  );
