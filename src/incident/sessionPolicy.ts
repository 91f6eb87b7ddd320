// The policy that a session runs under: the built-in one, the user's own above it, and the workspace's as its
// default branch has it, which only tightens.

import { readFile } from 'node:fs/promises';
import { RunbookError } from '../base/runbookError.ts';
import { combinePolicies, type EffectivePolicy } from '../guard/combinePolicies.ts';
import { loadPolicy } from '../guard/loadPolicy.ts';
import type { Policy } from '../guard/policy.ts';
import { readWorkspacePolicy } from '../guard/readWorkspacePolicy.ts';
import { targetOf } from '../guard/targetOf.ts';
import type { SessionTarget } from './sessionTarget.ts';

/**
 * @param userFile the user's own policy, from `--policy` or the setting; undefined for none.
 * @param folder the runbook's: its repository's policy counts.
 * @throws RunbookError for a policy that can't be read or has a problem: half a policy would be half a guard.
 */
export async function sessionPolicy(userFile: string | undefined, folder: string): Promise<EffectivePolicy> {
  const user = userFile ? understood(await readPolicy(userFile), userFile) : undefined;
  const committed = await readWorkspacePolicy(folder);
  if (!committed) return combinePolicies(user);
  const name = `.runbook/policy.yaml of ${committed.ref}`;
  return combinePolicies(user, { policy: understood(committed.text, name), text: committed.text });
}

async function readPolicy(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RunbookError({
      code: 'policy-unreadable',
      message: `The policy ${file} can't be read.`,
      mend: 'Check the path; nothing runs without the policy that was named.',
      cause,
    });
  }
}

function understood(text: string, name: string): Policy {
  const { policy, problems } = loadPolicy(text);
  if (policy) return policy;
  const [first] = problems;
  throw new RunbookError({
    code: 'policy-invalid',
    message: `The policy ${name} has a mistake${first ? ` on line ${first.range.line + 1}: ${first.message}` : '.'}`,
    mend: 'Mend it; nothing runs under half a policy.',
  });
}

/** Whether the pinned cluster counts as production: one that no policy lists does; the practice cluster never. */
export function isProduction(target: SessionTarget, policy: EffectivePolicy): boolean {
  if (target.isPractice) return false;
  const { server, caDigest, context, namespace } = target.pin;
  return targetOf(policy.targets, { server, ca: `sha256:${caDigest}`, context, namespace }).production;
}
