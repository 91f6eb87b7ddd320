// Every kubectl call of the seeds runs against the practice cluster. Each shell fence runs in bash as it stands, on
// a fresh cluster: kubectl is a shim that runs the real one and notes how it ended; tools that would reach outside
// or change this machine do nothing.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { kubectlPath } from './kubectl.ts';
import { layFiles, write } from './seedFiles.ts';
import { refusals } from './seedRefusals.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const seeds = path.resolve(repository, '../shared/seeds');

/** The namespace that a seed's commands without `-n` mean. */
const contexts: Record<string, string> = {
  'rust-security-operations.runbook.md': 'practice-rust-security',
  'policy-enforcement.runbook.md': 'practice-production',
};
const doNothing = ['docker', 'pip', 'helm', 'trivy', 'git', 'sudo', 'sleep', 'aws', 'curl', 'rm', 'find', 'tar', 'mkdir', 'gzip', 'python3', 'ls', 'sha256sum']; // biome-ignore format: names

interface Call {
  readonly seed: string;
  readonly line: string;
  readonly code: number;
  readonly told: string;
}

function fencesOf(file: string): string[] {
  const text = readFileSync(path.join(seeds, file), 'utf8');
  return [...text.matchAll(/^([ \t]*)```bash\n([\s\S]*?)^[ \t]*```/gm)].map(([, indent, body]) =>
    body!.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Names that stand for a live one, and folders that lie on this machine's root. */
function resolved(fence: string, nameOf: (prefix: string) => string): string {
  return fence
    .replace(/\b([a-z]+(?:-[a-z]+)*)-xxx\b/g, (_whole, prefix: string) => nameOf(prefix))
    .replaceAll('> /tmp/', '> ./')
    .replaceAll('> /backup/', '> ./backup/')
    .replaceAll('BACKUP_DIR="/backup"', 'BACKUP_DIR="./backup"')
    .replaceAll('kubectl cp ./backups', 'kubectl cp backups');
}

/** Calls that a fence holds, by the word; comments aside. */
function countCalls(fence: string): number {
  const code = fence.replace(/^\s*#.*$/gm, '');
  return [...code.matchAll(/\bkubectl\b(?! *=)/g)].length;
}

const shim = (log: string): string => `#!/bin/bash
limit=60
case " $* " in *" -f "*|*" port-forward "*) [[ " $* " == *" apply "* ]] || limit=3;; esac
err=$(mktemp)
timeout $limit "$REAL_KUBECTL" "$@" 2> >(tee "$err" >&2)
code=$?
[ $code = 124 ] && [ $limit = 3 ] && code=0
{ printf '%s\\037' "$code" "$(tr '\\n' ' ' < "$err" | cut -c1-300)" "$@"; printf '\\036'; } >> ${JSON.stringify(log)}
rm -f "$err"
exit $code
`;

function runBash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = execFile('bash', ['-c', script], { cwd, env, timeout: 120_000, maxBuffer: 1 << 26 }, () =>
      resolve(),
    );
    child.stdin?.end();
  });
}

async function runFence(seed: string, fence: string): Promise<Call[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-seed-'));
  const pace = { podReadyMs: 100, podEndMs: 50, firstBackOffMs: 200 };
  const cluster = await startPracticeCluster({ runtimeDirectory: path.join(directory, 'run'), pace });
  try {
    const bin = path.join(directory, 'bin');
    const log = path.join(directory, 'calls');
    layFiles(directory);
    for (const name of doNothing) write(directory, `bin/${name}`, '#!/bin/bash\ncat > /dev/null\n');
    for (const name of ['pfctl', 'scripts/restore_from_backup.sh', 'scripts/evidence-export.sh']) {
      write(directory, name, '#!/bin/bash\nexit 0\n');
      chmodSync(path.join(directory, name), 0o755);
    }
    write(directory, 'bin/kubectl', shim(log));
    // The shim's own rm and mktemp must be the real ones.
    writeFileSync(path.join(bin, 'kubectl'), shim(log).replaceAll('rm -f', '/bin/rm -f'));
    for (const name of readdirSync(bin)) chmodSync(path.join(bin, name), 0o755);
    const context = contexts[seed];
    if (context) {
      const text = readFileSync(cluster.kubeconfigPath, 'utf8');
      writeFileSync(
        cluster.kubeconfigPath,
        text.replace('current-context: practice', `current-context: ${context}`),
      );
    }
    const nameOf = (prefix: string): string =>
      cluster.registry.store.list('/pods').find((pod) => pod.metadata.name.startsWith(prefix))?.metadata
        .name ?? prefix;
    const env = {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: directory,
      KUBECONFIG: cluster.kubeconfigPath,
      REAL_KUBECTL: kubectlPath(),
      REDIS_PASSWORD: 'x',
    };
    for (const SEVERITY of fence.includes('$SEVERITY" =') ? ['SEV-1', 'SEV-2'] : [''])
      await runBash(resolved(fence, nameOf), directory, { ...env, SEVERITY });
    if (!existsSync(log)) return [];
    return readFileSync(log, 'utf8')
      .split('\x1e')
      .filter(Boolean)
      .map((entry) => {
        const [code, told = '', ...argv] = entry.split('\x1f');
        return { seed, line: argv.slice(0, -1).join(' '), code: Number(code), told };
      });
  } finally {
    await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** It failed, and no list says that a real cluster or kubectl would refuse it. */
const isWrong = (call: Call): boolean =>
  call.code !== 0 && !refusals.some(({ line }) => line.test(call.line));

describe('the kubectl calls of the seeds', function () {
  this.timeout(900_000);
  const calls: Call[] = [];
  const unreached: string[] = [];

  before(async function () {
    if (!existsSync(seeds)) {
      console.log('      ../shared/seeds is not here: skipped');
      this.skip();
    }
    for (const seed of readdirSync(seeds).filter((name) => name.endsWith('.md')))
      for (const fence of fencesOf(seed)) {
        const wanted = countCalls(fence);
        if (wanted === 0) continue;
        let made = await runFence(seed, fence);
        // A pod that ends between a list and the reading of its log is not found, as on a real cluster: what is
        // wrong is wrong twice.
        if (made.some(isWrong)) made = await runFence(seed, fence);
        calls.push(...made);
        if (made.length < wanted)
          unreached.push(`${seed}: ${made.length} of ${wanted} calls ran of:\n${fence}`);
      }
  });

  it('all ran', () => {
    assert.deepEqual(unreached, []);
    assert.ok(calls.length > 150, `${calls.length} calls`);
  });

  it('exit 0, but those that a real cluster or kubectl refuses', () => {
    assert.deepEqual(calls.filter(isWrong), []);
  });

  it('refuse what the list says', () => {
    const idle = refusals.filter(
      ({ line, sometimes }) => !sometimes && !calls.some((call) => line.test(call.line) && call.code !== 0),
    );
    assert.deepEqual(
      idle.map(({ line }) => String(line)),
      [],
    );
    console.log(
      `      ${calls.length} calls, ${calls.filter((call) => call.code !== 0).length} refused as listed`,
    );
  });
});
