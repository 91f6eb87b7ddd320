// The ordered table of lint rules: one file a rule.

import type { LintRule } from '../lintRule.ts';
import { alertConflict } from './alertConflict.ts';
import { alertmanagerV1 } from './alertmanagerV1.ts';
import { blocksTheRest } from './blocksTheRest.ts';
import { commandOutsideCell } from './commandOutsideCell.ts';
import { curlGlob } from './curlGlob.ts';
import { deadLink } from './deadLink.ts';
import { deleteAcrossNamespaces } from './deleteAcrossNamespaces.ts';
import { environmentNotTaken } from './environmentNotTaken.ts';
import { kubectlFlag } from './kubectlFlag.ts';
import { kubectlRemoved } from './kubectlRemoved.ts';
import { removedApiVersion } from './removedApiVersion.ts';
import { toolMissing } from './toolMissing.ts';
import { unclosedFence } from './unclosedFence.ts';
import { unknownAlert } from './unknownAlert.ts';
import { unmappedSeverity } from './unmappedSeverity.ts';
import { unquotedVariable } from './unquotedVariable.ts';

export const lintRules: readonly LintRule[] = [
  unclosedFence,
  commandOutsideCell,
  kubectlFlag,
  kubectlRemoved,
  removedApiVersion,
  alertmanagerV1,
  deleteAcrossNamespaces,
  unquotedVariable,
  curlGlob,
  blocksTheRest,
  deadLink,
  unknownAlert,
  alertConflict,
  unmappedSeverity,
  environmentNotTaken,
  toolMissing,
];

/** Codes that the rules and the document room make; a suppression of another is a mistake. */
export const lintCodes: ReadonlySet<string> = new Set([
  ...lintRules.flatMap(({ codes }) => codes),
  'front-matter-syntax',
  'front-matter-value',
  'risk-raised',
]);
