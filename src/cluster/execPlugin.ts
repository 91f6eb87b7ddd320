// Runs a kubeconfig's exec credential plugin, with a time limit, as client-go does
// (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/). client-node's own runner has no
// limit, passes no KUBERNETES_EXEC_INFO and leaves the plugin waiting on an open standard input.

import { spawn } from 'node:child_process';
import { toError } from '../base/runbookError.ts';
import { ClusterError } from './clusterError.ts';

export interface ExecConfig {
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { name: string; value: string }[] | null;
  readonly apiVersion?: string;
  readonly provideClusterInfo?: boolean;
  readonly installHint?: string;
}

export interface ExecCredential {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since the epoch; undefined: good until refused. */
  readonly expiresAt: number | undefined;
}

export interface ExecOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  /** Told to plugins that ask for it by provideClusterInfo. */
  readonly cluster?: Record<string, unknown>;
}

const stderrKept = 2_000;

/** Errors: `cluster-exec-plugin`, with what the plugin said on stderr. */
export async function runExecPlugin(config: ExecConfig, options: ExecOptions): Promise<ExecCredential> {
  const apiVersion = config.apiVersion ?? 'client.authentication.k8s.io/v1';
  const env: NodeJS.ProcessEnv = { ...(options.env ?? process.env) };
  for (const { name, value } of config.env ?? []) env[name] = value;
  env.KUBERNETES_EXEC_INFO = JSON.stringify({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(config.provideClusterInfo ? { cluster: options.cluster } : {}) },
  });
  const { code, stdout, stderr } = await runToEnd(config, env, options);
  if (code !== 0) throw failed(config, `it ended with ${code ?? 'a signal'}`, stderr);
  let answer: { status?: Record<string, unknown> };
  try {
    answer = JSON.parse(stdout);
  } catch (error) {
    throw failed(config, 'its answer is no JSON', stderr, error);
  }
  const status = answer?.status ?? {};
  const text = (key: string): string | undefined =>
    typeof status[key] === 'string' ? (status[key] as string) : undefined;
  const token = text('token');
  const certificate = text('clientCertificateData');
  const key = text('clientKeyData');
  if (!token && !(certificate && key)) throw failed(config, 'it gave neither token nor certificate', stderr);
  const expires = Date.parse(text('expirationTimestamp') ?? '');
  return { token, certificate, key, expiresAt: Number.isNaN(expires) ? undefined : expires };
}

function runToEnd(
  config: ExecConfig,
  env: NodeJS.ProcessEnv,
  { timeoutMs, signal }: ExecOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    // Its own process group: a plugin is often a script, and its children have to end with it.
    const child = spawn(config.command, [...(config.args ?? [])], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let stdout = '';
    let stderr = '';
    const end = (): void => {
      try {
        if (child.pid && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It was gone already.
      }
    };
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const timer = setTimeout(() => {
      finish();
      end();
      reject(failed(config, `it did not end within ${timeoutMs / 1000} s`, stderr));
    }, timeoutMs);
    const onAbort = (): void => {
      finish();
      end();
      reject(
        new ClusterError('cluster-cancelled', { message: `Logging in by ${config.command} was cancelled.` }),
      );
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-stderrKept);
    });
    child.on('error', (error) => {
      finish();
      reject(failed(config, toError(error).message, config.installHint ?? '', error));
    });
    child.on('close', (code) => {
      finish();
      resolve({ code, stdout, stderr });
    });
  });
}

function failed(config: ExecConfig, why: string, said: string, cause?: unknown): ClusterError {
  const words = said.trim();
  return new ClusterError('cluster-exec-plugin', {
    message: `The login plugin ${config.command} failed: ${why}${words ? ` (${words})` : ''}.`,
    mend: 'Run it by hand to see what it asks for; many need a fresh login.',
    cause,
  });
}
