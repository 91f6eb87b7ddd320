// A checkpoint in git: once pushed, whoever holds the signing key can't rewrite what came before it unseen. The
// checkpoint alone is committed; whatever else is staged stays staged, and evidence itself never goes into git.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { RunbookError } from '../base/runbookError.ts';

export interface CommittedCheckpoint {
  /** Relative to the repository's top. */
  readonly file: string;
  /** Abbreviated hash. */
  readonly commit: string;
}

/** Throws `git-failed` where `folder` lies in no repository, or git refuses the commit. */
export async function commitCheckpoint(
  folder: string,
  { incident, writer, note }: { readonly incident: string; readonly writer: string; readonly note: string },
): Promise<CommittedCheckpoint> {
  const git = async (cwd: string, ...args: string[]): Promise<string> => {
    const { stdout, stderr, exitCode, failed } = await execa('git', args, {
      cwd,
      reject: false,
      timeout: 30_000,
      stdin: 'ignore',
    });
    if (!failed && exitCode === 0) return stdout.trim();
    throw new RunbookError({
      code: 'git-failed',
      message: `The checkpoint is not committed: ${String(stderr).trim().split('\n')[0] || 'git did not run'}.`,
      mend: 'Name a git repository, or hand the checkpoint out by chat.',
    });
  };
  const top = await git(folder, 'rev-parse', '--show-toplevel');
  const file = path.join('.runbook', 'checkpoints', incident, `${writer}.note`);
  await mkdir(path.dirname(path.join(top, file)), { recursive: true });
  await writeFile(path.join(top, file), note);
  await git(top, 'add', '--force', '--', file);
  await git(top, 'commit', '--quiet', '--only', '-m', `Checkpoint of incident ${incident}`, '--', file);
  return { file, commit: await git(top, 'rev-parse', '--short', 'HEAD') };
}
