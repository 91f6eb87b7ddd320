// Finding types of Amazon's GuardDuty and Macie, which play the part of an alert's name:
// ThreatPurpose:ResourceType/ThreatFamily, as their user guides lay it down.

import { type AlertDeclaration, type AlertMatcher, widenedReach } from '../declaration.ts';

const purposes =
  'AttackSequence|Backdoor|Behavior|CredentialAccess|CryptoCurrency|DefenseEvasion|Discovery|Execution|Exfiltration|' +
  'Impact|InitialAccess|Object|PenTest|Pentest|Persistence|Policy|PrivilegeEscalation|Recon|ResourceConsumption|' +
  'SensitiveData|Stealth|Trojan|UnauthorizedAccess';
const findingType = new RegExp(
  `\\b(?:${purposes}):[A-Z][A-Za-z0-9]+/[A-Z][A-Za-z0-9_]*(?:[.!-][A-Za-z0-9_]+)*`,
  'g',
);

export const matchFindingType: AlertMatcher = (context) => {
  const found: AlertDeclaration[] = [];
  const seen = new Set<string>();
  const lines = [
    ...context.outline.headings,
    ...context.outline.texts,
    ...context.outline.tables.flatMap((table) =>
      table.rows.map((row) => ({ line: row.line, text: row.cells.join(' | ') })),
    ),
  ].sort((a, b) => a.line - b.line);
  for (const { line, text } of lines) {
    for (const [name] of text.matchAll(findingType)) {
      const reach = widenedReach(context, line);
      const key = `${name} ${reach.line} ${reach.endLine}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ name, via: 'finding-type', confidence: 0.85, line, reach, tier: 'declared' });
    }
  }
  return found;
};
