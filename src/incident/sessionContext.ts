// What a notebook's session is started with.

import type { EffectivePolicy } from '../guard/combinePolicies.ts';
import type { IncidentLevel } from '../guard/decide.ts';
import type { SessionOptions } from '../kernel/types.ts';
import type { AlertWords } from './alertLabels.ts';
import type { CellArtifactLimits } from './cellArtifacts.ts';
import type { Incident } from './incident.ts';
import type { MonitoringPlaces } from './monitoring.ts';
import type { Questioner } from './question.ts';
import type { RunbookCell } from './runbook.ts';
import type { TargetChoice } from './sessionTarget.ts';

export interface SessionContext {
  readonly incident: Incident;
  /** Where the session starts, absolute: the runbook's folder. */
  readonly folder: string;
  /** Whether the workspace is trusted; asked at each run. */
  readonly isTrusted: () => boolean;
  readonly questioner: Questioner;
  /** What the runbook asks for; the current context otherwise. */
  readonly target?: TargetChoice;
  /** Severity of the declared incident on the scale of 1 to 4; null without one. */
  readonly incidentLevel: () => IncidentLevel;
  /** Reads it again: the incident's severity may have been changed, by whomever. */
  readonly readLevel?: () => Promise<void>;
  /** The user's own policy file; it and the folder's are read at the start, unless `effectivePolicy` is what they gave. */
  readonly policyFile?: string | undefined;
  readonly effectivePolicy?: EffectivePolicy;
  /** Values that are known from the start, by the placeholder's name: `--var`. */
  readonly values?: ReadonlyMap<string, string>;
  /** The front matter's, as it stands there; what no file may set is left, and said beside the first cell. */
  readonly runbookEnv?: Readonly<Record<string, string>> | undefined;
  /** Over this process's own and the runbook's. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long a cell may take that says nothing of it, and how long it may be silent before that is told. */
  readonly limits?: Pick<SessionOptions, 'defaultTimeoutMs' | 'silenceMs'>;
  /** What is kept of the files that cells write. */
  readonly artifacts?: Partial<CellArtifactLimits>;
  /** Signed answers to approval requests: the contents of `--approval` files. */
  readonly approvals?: readonly string[];
  /** Where alerts and queries are asked; read at each use, since settings change. Without it: the pinned cluster's. */
  readonly monitoring?: () => MonitoringPlaces | Promise<MonitoringPlaces>;
  /** Why an option of a cell can't work here, where a preflight found that. */
  readonly doubtOf?: (cell: RunbookCell, option: string) => string | undefined;
  /** Labels and annotations of the alerts at hand: suggested for what the runbook leaves open. */
  readonly alertWords?: () => readonly AlertWords[];
}
