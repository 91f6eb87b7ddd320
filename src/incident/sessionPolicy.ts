// The policy that a session runs under: the built-in one, the user's own above it, and the workspace's as its
// default branch has it, which only tightens.

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { RunbookError } from '../base/runbookError.ts';
import { combinePolicies, type EffectivePolicy } from '../guard/combinePolicies.ts';
import { loadPolicy } from '../guard/loadPolicy.ts';
import { emptyPolicy, type Policy } from '../guard/policy.ts';
import { readWorkspacePolicy } from '../guard/readWorkspacePolicy.ts';
import { type KnownTarget, targetOf } from '../guard/targetOf.ts';
import type { SessionTarget } from './sessionTarget.ts';

/**
 * @param userFile the user's own policy, from `--policy` or the setting; undefined for none.
 * @param folder the runbook's: its repository's policy counts.
 * @throws RunbookError for a policy that can't be read or has a problem: half a policy would be half a guard.
 */
export async function sessionPolicy(userFile: string | undefined, folder: string): Promise<EffectivePolicy> {
  const read = userFile ? understood(await readPolicy(userFile), userFile) : undefined;
  const allowedSigners = await signersFile(read?.allowedSigners, userFile);
  const user = read || allowedSigners ? { ...(read ?? emptyPolicy), allowedSigners } : undefined;
  const committed = await readWorkspacePolicy(folder);
  if (!committed) return combinePolicies(user);
  const name = `.runbook/policy.yaml of ${committed.ref}`;
  return combinePolicies(user, { policy: understood(committed.text, name), text: committed.text });
}

/** Who may approve: as the user's policy says, else as git is told on this machine. Never as a repository says. */
async function signersFile(
  named: string | undefined,
  userFile: string | undefined,
): Promise<string | undefined> {
  const from = (file: string, folder: string): string =>
    path.resolve(folder, file.startsWith('~/') ? path.join(os.homedir(), file.slice(2)) : file);
  if (named !== undefined) return from(named, path.dirname(userFile ?? ''));
  const { stdout } = await execa('git', ['config', '--global', '--get', 'gpg.ssh.allowedSignersFile'], {
    reject: false,
    timeout: 2000,
  });
  return typeof stdout === 'string' && stdout.trim() ? from(stdout.trim(), os.homedir()) : undefined;
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

/**
 * The pinned cluster as the policy knows it: one that none lists is production, the practice cluster only where a
 * policy says so itself: to practise what production asks, and since a tunnel may look like the practice cluster.
 */
export function knownTarget(target: SessionTarget, policy: EffectivePolicy): KnownTarget {
  const { server, caDigest, context, namespace } = target.pin;
  const cluster = { server, ca: `sha256:${caDigest}`, context, namespace };
  const known = targetOf(policy.targets, cluster);
  if (!target.isPractice) return known;
  return { ...known, production: targetOf(policy.saidProduction, cluster).listed };
}
