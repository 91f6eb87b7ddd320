// Signatures by the SSH keys that people already have, through ssh-keygen as git uses it.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';

/** Signatures of another purpose (git commits, files) are none of ours, and of ours neither stands for the other. */
export type Purpose = 'approval' | 'countersign';

const namespaceOf = (purpose: Purpose): string => `${purpose}@runbook-notebooks`;

/** An armoured signature of `bytes`; the agent or the passphrase prompt is ssh-keygen's. @throws RunbookError */
export async function signWithSsh(
  bytes: Uint8Array,
  keyFile: string,
  purpose: Purpose = 'approval',
): Promise<string> {
  const done = await sshKeygen(['-Y', 'sign', '-q', '-n', namespaceOf(purpose), '-f', keyFile], bytes);
  if (done.exitCode === 0 && done.stdout.includes('BEGIN SSH SIGNATURE')) return done.stdout;
  throw new RunbookError({
    code: 'signing-failed',
    message: `ssh-keygen could not sign: ${done.stderr.trim().split('\n').at(-1) ?? 'no reason given'}.`,
    mend: 'Check that the key file exists and that its agent holds it.',
  });
}

/** The principals of the allowed-signers file whose key made this signature over these bytes; none fails closed. */
export async function verifiedPrincipals(
  bytes: Uint8Array,
  signature: string,
  allowedSignersFile: string,
  purpose: Purpose = 'approval',
): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'runbook-approval-'));
  try {
    const file = path.join(folder, 'signature');
    await writeFile(file, signature, { mode: 0o600 });
    const found = await sshKeygen(
      ['-Y', 'find-principals', '-q', '-s', file, '-f', allowedSignersFile],
      new Uint8Array(),
    );
    if (found.exitCode !== 0) return [];
    const verified: string[] = [];
    for (const principal of found.stdout
      .split(/[\n,]/)
      .map((one) => one.trim())
      .filter(Boolean)) {
      const args = [
        '-Y',
        'verify',
        '-q',
        '-f',
        allowedSignersFile,
        '-I',
        principal,
        '-n',
        namespaceOf(purpose),
        '-s',
        file,
      ];
      if ((await sshKeygen(args, bytes)).exitCode === 0) verified.push(principal);
    }
    return verified;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function sshKeygen(args: readonly string[], input: Uint8Array): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', args, { stdio: 'pipe', timeout: 120_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('error', (cause) =>
      reject(
        new RunbookError({
          code: 'ssh-keygen-missing',
          message: 'ssh-keygen can’t be started.',
          mend: 'Install OpenSSH 8.9 or newer.',
          cause,
        }),
      ),
    );
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
