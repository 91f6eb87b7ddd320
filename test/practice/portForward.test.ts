// `kubectl port-forward` for real: the tunnel that kubectl opens by itself (WebSocket, or SPDY where it is told so),
// several requests through it at once, to a pod, a deployment and a service; and client-node's own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import * as k8s from '@kubernetes/client-node';
import { kubectlPath } from './kubectl.ts';
import { usePracticeCluster } from './usePracticeCluster.ts';

describe('forwarded ports of the practice cluster', function () {
  this.timeout(60_000);
  const practice = usePracticeCluster();

  /** Runs kubectl until it has told its local port, and `use`s it. */
  async function forwarded(
    words: readonly string[],
    env: NodeJS.ProcessEnv,
    use: (url: string) => Promise<void>,
  ): Promise<string> {
    const child = spawn(kubectlPath(), ['port-forward', ...words], {
      env: { ...process.env, HOME: practice.directory, KUBECONFIG: practice.cluster.kubeconfigPath, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    try {
      const port = await new Promise<string>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          told += chunk;
          const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(told)?.[1];
          if (found) resolve(found);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', () => reject(new Error(told)));
      });
      await use(`http://127.0.0.1:${port}`);
      return told;
    } finally {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGINT');
      await ended;
    }
  }

  const healthy = async (url: string): Promise<void> => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const answer = await fetch(`${url}/health`);
        return [answer.status, await answer.text()] as const;
      }),
    );
    for (const [status, text] of answers) {
      assert.equal(status, 200);
      assert.match(text, /healthy/);
    }
  };

  for (const [how, env] of [
    ['as kubectl chooses', {}],
    ['by WebSocket', { KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' }],
    ['by SPDY', { KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
  ] as const) {
    it(`answer through a tunnel ${how}`, async () => {
      for (const what of ['deployment/pqc-audit', 'service/pqc-audit'])
        await forwarded([what, ':8080'], env, healthy);
    });
  }

  it('tell where nothing listens', async () => {
    const told = await forwarded(['deployment/pqc-audit', ':9999'], {}, async (url) => {
      await assert.rejects(fetch(`${url}/health`));
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    assert.match(told, /9999/);
  });

  it('answer through client-node', async () => {
    const config = new k8s.KubeConfig();
    config.loadFromFile(practice.cluster.kubeconfigPath);
    const core = config.makeApiClient(k8s.CoreV1Api);
    const { items } = await core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=pqc-audit' });
    const forward = new k8s.PortForward(config);
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      void forward.portForward('default', items[0]!.metadata!.name!, [8080], socket, null, socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      assert.match(await answer.text(), /healthy/);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
