// The workspace's policy as the default branch has it: what lies in the working tree may be somebody's edit of a
// minute ago, and must not decide what is asked.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const file = '.runbook/policy.yaml';

export interface CommittedPolicy {
  readonly text: string;
  /** The branch that it was read from. */
  readonly ref: string;
}

/** Undefined where the folder is no repository or the branch has no policy. */
export async function readWorkspacePolicy(folder: string): Promise<CommittedPolicy | undefined> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      const { stdout } = await run('git', ['-C', folder, ...args], { timeout: 5000, maxBuffer: 1 << 20 });
      return stdout;
    } catch {
      return undefined;
    }
  };
  const remote = (await git('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD'))?.trim();
  const top = (await git('rev-parse', '--show-toplevel'))?.trim();
  if (!top) return undefined;
  for (const ref of [remote, 'refs/heads/main', 'refs/heads/master', 'HEAD']) {
    if (!ref || (await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`)) === undefined) continue;
    const text = await git('show', `${ref}:${file}`);
    return text === undefined ? undefined : { text, ref };
  }
  return undefined;
}
