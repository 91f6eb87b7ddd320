// Every system of the practice cluster, the platform first.

import { aureus } from './aureus.ts';
import { monitoring } from './monitoring.ts';
import { platform } from './platform.ts';
import { pqcAudit } from './pqcAudit.ts';
import { production } from './production.ts';
import { rustSecurity } from './rustSecurity.ts';
import type { PracticeSystem } from './system.ts';

export const allSystems: readonly PracticeSystem[] = [
  platform,
  pqcAudit,
  production,
  rustSecurity,
  aureus,
  monitoring,
];
