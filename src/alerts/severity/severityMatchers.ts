// The ordered table of severity matchers: one file a form.

import type { SeverityMatcher } from '../declaration.ts';
import { matchFrontMatterSeverity } from './frontMatterSeverity.ts';
import { matchHeadingSeverity } from './headingSeverity.ts';
import { matchInlineSeverity } from './inlineSeverity.ts';
import { matchLabelSeverity } from './labelSeverity.ts';
import { matchProseSeverity } from './proseSeverity.ts';
import { matchTableSeverity } from './tableSeverity.ts';

export const severityMatchers: readonly SeverityMatcher[] = [
  matchFrontMatterSeverity,
  matchLabelSeverity,
  matchHeadingSeverity,
  matchTableSeverity,
  matchProseSeverity,
  matchInlineSeverity,
];
