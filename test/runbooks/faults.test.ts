import { describeFaults } from './faultRuns.ts';

// Alerts over a rate stay for a minute after their cause is gone; those wait in the long runs.
describeFaults('faults and their runbooks', [
  'expired-certificate',
  'crash-loop',
  'full-volume',
  'policy-engine-down',
]);
