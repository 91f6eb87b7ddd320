import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { createApiClient } from '../../src/cluster/apiClient.ts';
import { createTransport } from '../../src/cluster/clientNodeTransport.ts';
import { ClusterError } from '../../src/cluster/clusterError.ts';
import { type ExecConfig, runExecPlugin } from '../../src/cluster/execPlugin.ts';
import { mergeKubeconfigs } from '../../src/cluster/kubeconfigFile.ts';
import { answerJson, kubeconfigText, startServer, statusBody, tempFolder } from './fixtureServer.ts';

const bash = (script: string): ExecConfig => ({ command: 'bash', args: ['-c', script] });
const credential = (token: string): string =>
  `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"}}`;

async function failure(config: ExecConfig, timeoutMs = 5_000): Promise<ClusterError> {
  const error = await runExecPlugin(config, { timeoutMs }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ClusterError, String(error));
  assert.equal(error.code, 'cluster-exec-plugin');
  return error;
}

describe('exec credential plugins', () => {
  it('get the environment of the kubeconfig and the protocol, and no standard input', async () => {
    const script = `read -r line; printf '{"status":{"token":"%s-%s-%s"}}' "$ROLE" "\${line:-none}" "$(printf %s "$KUBERNETES_EXEC_INFO" | tr -cd '[:alnum:]')"`;
    const got = await runExecPlugin(
      {
        ...bash(script),
        env: [{ name: 'ROLE', value: 'ops' }],
        apiVersion: 'client.authentication.k8s.io/v1beta1',
      },
      { timeoutMs: 5_000 },
    );
    assert.match(got.token ?? '', /^ops-none-apiVersionclientauthenticationk8siov1beta1kindExecCredential/);
  });

  it('fail with what they say', async () => {
    assert.match(
      (await failure(bash('echo "run sso login" >&2; exit 7'))).message,
      /ended with 7 \(run sso login\)/,
    );
    assert.match((await failure(bash('echo hello'))).message, /no JSON/);
    assert.match((await failure(bash('echo "{}"'))).message, /neither token nor certificate/);
    assert.match(
      (await failure({ command: 'no-such-plugin-anywhere', installHint: 'brew it' })).message,
      /ENOENT.*brew it/,
    );
  });

  it('end at their time limit, children too', async () => {
    const temp = await tempFolder();
    try {
      const error = await failure(bash(`sleep 30 & echo $! > ${temp.folder}/pid; wait`), 400);
      assert.match(error.message, /within 0.4 s/);
      const { readFile } = await import('node:fs/promises');
      const pid = Number(await readFile(`${temp.folder}/pid`, 'utf8'));
      await assert.doesNotReject(async () => {
        for (let tries = 0; tries < 100; tries++) {
          const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'x) Z');
          if (/\) Z/.test(state)) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error(`process ${pid} still runs`);
      });
    } finally {
      await temp.remove();
    }
  });

  it('run once for calls that come at once, and again when the server refuses their token', async () => {
    const temp = await tempFolder();
    const server = await startServer((request, response) => {
      if (request.headers.authorization === 'Bearer t2') answerJson(response, 200, { ok: true });
      else answerJson(response, 401, statusBody(401, 'Unauthorized', 'token expired'));
    });
    try {
      const counter = `${temp.folder}/count`;
      const plugin = await temp.write(
        'login.sh',
        `#!/bin/bash\necho x >> ${counter}\nn=$(wc -l < ${counter})\nprintf '%s' '${credential('tN')}' | sed "s/tN/t$n/"\n`,
      );
      await chmod(plugin, 0o700);
      const text = kubeconfigText({ server: server.url }, { exec: { command: './login.sh' } });
      const config = mergeKubeconfigs([{ file: `${temp.folder}/config`, text }]);
      const api = createApiClient(createTransport(config, 'fixture'));
      assert.deepEqual(await api.json('GET', '/version'), { ok: true });
      assert.deepEqual(await Promise.all([api.json('GET', '/a'), api.json('GET', '/b')]), [
        { ok: true },
        { ok: true },
      ]);
      const { readFile } = await import('node:fs/promises');
      assert.equal((await readFile(counter, 'utf8')).split('\n').length - 1, 2);
      api.transport.dispose();
    } finally {
      await server.close();
      await temp.remove();
    }
  });
});
