import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { combinePolicies } from '../../src/guard/combinePolicies.ts';
import { loadPolicy } from '../../src/guard/loadPolicy.ts';
import { emptyPolicy } from '../../src/guard/policy.ts';
import { knownTarget } from '../../src/incident/sessionPolicy.ts';
import { SessionTarget } from '../../src/incident/sessionTarget.ts';

const kubeconfig = (context: string): string => `apiVersion: v1
kind: Config
current-context: ${context}
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443"}}]
contexts: [{name: ${context}, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: t}}]
`;

describe('the practice cluster', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'known-target-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function productionOf(context: string, user: string, workspace = ''): Promise<boolean> {
    const file = path.join(folder, 'config');
    writeFileSync(file, kubeconfig(context));
    const target = await SessionTarget.pin({ KUBECONFIG: file, XDG_RUNTIME_DIR: folder }, {});
    const said = (text: string) => loadPolicy(text).policy ?? emptyPolicy;
    const theirs = workspace ? { policy: said(workspace), text: workspace } : undefined;
    try {
      return knownTarget(target!, combinePolicies(said(user), theirs)).production;
    } finally {
      await target!.dispose();
    }
  }
  const listed = (production: boolean): string =>
    `targets: [{name: it, server: "https://127.0.0.1:*", production: ${production}}]\n`;

  it('is no production, but where a policy says so itself', async () => {
    assert.equal(await productionOf('practice', ''), false);
    assert.equal(await productionOf('practice', '', listed(false)), false);
    assert.equal(await productionOf('practice', listed(true)), true);
    assert.equal(await productionOf('practice', listed(false), listed(true)), true);
    assert.equal(await productionOf('elsewhere', ''), true);
  });
});
