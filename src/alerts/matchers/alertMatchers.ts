// The ordered table of alert matchers: one file a form, the surest first.

import type { AlertMatcher } from '../declaration.ts';
import { matchAlertHeading } from './alertHeading.ts';
import { matchCommand } from './commandAlert.ts';
import { matchFileName } from './fileNameAlert.ts';
import { matchFindingType } from './findingType.ts';
import { matchFrontMatter } from './frontMatterAlert.ts';
import { matchLabelLine } from './labelAlert.ts';
import { matchRuleFence } from './ruleFence.ts';
import { matchSectionHeading } from './sectionHeading.ts';
import { matchTable } from './tableAlert.ts';
import { matchTitle } from './titleAlert.ts';

export const alertMatchers: readonly AlertMatcher[] = [
  matchFrontMatter,
  matchLabelLine,
  matchAlertHeading,
  matchRuleFence,
  matchTable,
  matchFindingType,
  matchFileName,
  matchTitle,
  matchSectionHeading,
  matchCommand,
];
