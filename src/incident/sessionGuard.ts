// The guard of one session: its policy, its pinned target, its second people, and what it has allowed.

import os from 'node:os';
import path from 'node:path';
import { stateDirectory } from '../evidence/write/evidenceRoot.ts';
import { Allowances } from '../guard/allowances.ts';
import { projectTools } from '../guard/projectTools.ts';
import type { KnownTarget } from '../guard/targetOf.ts';
import { Approvals } from './approvals.ts';
import { BeforeChange } from './beforeChange.ts';
import type { GuardState } from './consent.ts';
import { ObjectChanges } from './objectChanges.ts';
import { RolloutWatch } from './rolloutWatch.ts';
import { RunNotices } from './runNotices.ts';
import type { SessionContext } from './sessionContext.ts';
import { knownTarget, sessionPolicy } from './sessionPolicy.ts';
import { SessionTarget } from './sessionTarget.ts';

/** @throws RunbookError for a policy that can't be read, ClusterError for the runbook's context. */
export async function openGuard(
  context: SessionContext,
  env: Readonly<Record<string, string>>,
): Promise<GuardState> {
  const { incident, folder } = context;
  const { writer } = incident;
  const policy = context.effectivePolicy ?? (await sessionPolicy(context.policyFile, folder));
  const target = await SessionTarget.pin(env, context.target ?? {});
  const notices = new RunNotices();
  return {
    policy,
    target,
    writer,
    projectTools: projectTools({ ...policy, folder }),
    questioner: context.questioner,
    allowances: new Allowances(),
    beforeChange: target && new BeforeChange({ target, writer }),
    objectChanges: target && new ObjectChanges({ target, writer }),
    notices,
    rollouts: target && new RolloutWatch(target, notices),
    incidentLevel: context.incidentLevel,
    runs: new Map(),
    approvals: new Approvals({
      writer,
      folder,
      signersFile: policy.allowedSigners,
      stateFolder: path.join(stateDirectory({ env: process.env, home: os.homedir() }), 'approvals'),
      given: context.approvals ?? [],
      notices,
    }),
    // Asked each time, since a switch inside of the session pins another one.
    get known(): KnownTarget | undefined {
      return target && knownTarget(target, policy);
    },
    get production(): boolean {
      return target !== undefined && knownTarget(target, policy).production;
    },
  };
}
