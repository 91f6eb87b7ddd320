// `severity="critical"` within prose, where the whole document says only one.

import { documentReach, ownReach, type SeverityMatcher } from '../declaration.ts';

export const matchInlineSeverity: SeverityMatcher = (context) => {
  const found = context.outline.texts
    .filter(({ line }) => !context.inScale(line))
    .flatMap(({ line, text }) =>
      [...text.matchAll(/\bseverity\s*=\s*\\?["'“]([A-Za-z0-9_-]+)\\?["'”]/g)].map((match) => ({
        line,
        text,
        raw: match[1]!,
      })),
    );
  const said = new Set(
    context.outline.texts
      .flatMap(({ text }) =>
        /severity/i.test(text) ? (text.match(/\b(critical|warning|info|high|medium|low)\b/gi) ?? []) : [],
      )
      .map((word) => word.toLowerCase()),
  );
  const [first] = found;
  if (!first || said.size > 1 || new Set(found.map(({ raw }) => raw)).size > 1) return [];
  const { raw, line } = first;
  const reach = documentReach(context);
  return [{ raw, label: null, via: 'inline', line, reach, own: ownReach(context, line), strength: 3 }];
};
