// Who sits here, as an allowed-signers file may know them: by mail and name, and by every SSH key that they hold.
// Whatever they sign with is their own, and never a second person's.

import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export interface OperatorIdentity {
  readonly principals: readonly string[];
  /** Base64 of public keys, as in a `.pub` file. */
  readonly keys: readonly string[];
  /** For people. */
  readonly name: string;
}

const publicKey = /(?:ssh|ecdsa|sk)-\S+\s+(\S+)/g;

/** Never throws: what can't be read is left out. */
export async function operatorIdentity(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<OperatorIdentity> {
  const home = env.HOME ?? os.homedir();
  const git = (key: string): Promise<string> => said('git', ['config', '--get', key], folder, env);
  const [mail, name, signingKey, held, agent] = await Promise.all([
    git('user.email'),
    git('user.name'),
    git('user.signingkey'),
    publicKeysIn(path.join(home, '.ssh')),
    said('ssh-add', ['-L'], folder, env),
  ]);
  const signing = await signingKeyText(signingKey, home);
  const user = userName();
  const principals = [mail, name, user, `${user}@${os.hostname()}`].filter(Boolean);
  const keys = [held, agent, signing].flatMap((text) =>
    [...text.matchAll(publicKey)].map((found) => found[1]!),
  );
  return { principals, keys: [...new Set(keys)], name: mail || `${user}@${os.hostname()}` };
}

async function publicKeysIn(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.pub'))
      .map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '')),
  );
  return texts.join('\n');
}

/** A file, its public half, or the key itself (`key::ssh-ed25519 …`). */
async function signingKeyText(named: string, home: string): Promise<string> {
  if (!named) return '';
  if (/^(key::)?(ssh|ecdsa|sk)-/.test(named)) return named.replace(/^key::/, '');
  const file = named.startsWith('~/') ? path.join(home, named.slice(2)) : named;
  return readFile(file.endsWith('.pub') ? file : `${file}.pub`, 'utf8').catch(() => '');
}

async function said(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { stdout, exitCode } = await execa(program, args, { cwd, env, reject: false, timeout: 2000 }).catch(
    () => ({ stdout: '', exitCode: 1 }),
  );
  return exitCode === 0 && typeof stdout === 'string' ? stdout.trim() : '';
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'unknown';
  }
}
