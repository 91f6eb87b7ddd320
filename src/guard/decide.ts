// The built-in policy: by what a command would do and where, one way in which a yes must be given. Policies of
// users and workspaces start from here.

import { compareRisk, type Risk } from '../shell/risk.ts';

/** From free to never; a stricter one is later in the list. */
export const consents = ['run', 'confirm', 'type-name', 'two-person', 'refuse'] as const;
export type Consent = (typeof consents)[number];

/** 1 is the worst; null where no incident has been declared. */
export type IncidentLevel = 1 | 2 | 3 | 4 | null;

export interface Situation {
  readonly risk: Risk;
  readonly production: boolean;
  readonly incidentLevel: IncidentLevel;
  /** The document demands approval for this step, and in which words. */
  readonly demandsApproval?: string | undefined;
  /** The document says that it is for emergencies, or only if needed, and in which words. */
  readonly caution?: string | undefined;
  /** The command leaves the pinned cluster or namespace, and how. */
  readonly outsidePin?: string | undefined;
}

export interface Decision {
  readonly consent: Consent;
  /** Why, a sentence each, the strictest first. Empty where it simply runs. */
  readonly reasons: readonly string[];
}

type Row = 'read' | 'write' | 'secret' | 'change' | 'unknown' | 'destroy' | 'approval' | 'outside';

/** Columns: not production; production without an incident; incident of level 3 to 4; of level 1 to 2. */
export type PolicyTable = Readonly<Record<Row, readonly [Consent, Consent, Consent, Consent]>>;

export const builtInTable: PolicyTable = {
  read: ['run', 'run', 'run', 'run'],
  write: ['run', 'run', 'run', 'run'],
  secret: ['run', 'confirm', 'confirm', 'run'],
  change: ['run', 'confirm', 'confirm', 'confirm'],
  unknown: ['confirm', 'confirm', 'confirm', 'confirm'],
  destroy: ['confirm', 'two-person', 'type-name', 'type-name'],
  approval: ['confirm', 'two-person', 'two-person', 'two-person'],
  outside: ['confirm', 'refuse', 'type-name', 'type-name'],
};

const columnNames = [
  'outside production',
  'in production without an incident',
  'in production, in an incident',
  'in production, in a severe incident',
];

function columnOf({ production, incidentLevel }: Situation): 0 | 1 | 2 | 3 {
  if (!production) return 0;
  if (incidentLevel === null) return 1;
  return incidentLevel <= 2 ? 3 : 2;
}

/** The strictest consent that anything about the situation asks for. */
export function decide(situation: Situation, table: PolicyTable = builtInTable): Decision {
  const column = columnOf(situation);
  const where = columnNames[column]!;
  const asked: { consent: Consent; reason: string }[] = [
    { consent: table[situation.risk][column], reason: `${situation.risk} ${where}` },
  ];
  if (situation.demandsApproval !== undefined) {
    asked.push({
      consent: table.approval[column],
      reason: `the runbook says: “${situation.demandsApproval}”`,
    });
  }
  // Beside a demand that is asked for it adds nothing but words.
  const demanded = situation.demandsApproval !== undefined && table.approval[column] !== 'run';
  if (situation.caution !== undefined && !demanded) {
    asked.push({ consent: 'confirm', reason: `the runbook says: “${situation.caution}”` });
  }
  // A read elsewhere hits nothing; everything else elsewhere hits the wrong cluster or namespace.
  if (situation.outsidePin !== undefined && compareRisk(situation.risk, 'write') > 0) {
    asked.push({ consent: table.outside[column], reason: situation.outsidePin });
  }
  const consent = strictest(asked.map((one) => one.consent));
  if (consent === 'run') return { consent, reasons: [] };
  const sorted = asked
    .filter((one) => one.consent !== 'run')
    .sort((one, other) => consents.indexOf(other.consent) - consents.indexOf(one.consent));
  return { consent, reasons: sorted.map((one) => one.reason) };
}

export function strictest(asked: Iterable<Consent>): Consent {
  let found = 0;
  for (const consent of asked) found = Math.max(found, consents.indexOf(consent));
  return consents[found]!;
}
