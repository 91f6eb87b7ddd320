import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { ClusterError } from '../../src/cluster/clusterError.ts';
import { compareTarget } from '../../src/cluster/compareTarget.ts';
import { listContexts, loadKubeconfig } from '../../src/cluster/kubeconfigFile.ts';
import { caDigest, normalServer, targetOf, writePrivateKubeconfig } from '../../src/cluster/pinnedTarget.ts';
import { type Certificate, makeCertificate, tempFolder } from './fixtureServer.ts';

const entry = (name: string, key: string, value: object) => ({ name, [key]: value });

describe('the kubeconfig and the pinned target', () => {
  let temp: Awaited<ReturnType<typeof tempFolder>>;
  let ca: Certificate;
  let main: string;
  let second: string;

  before(async () => {
    temp = await tempFolder();
    ca = await makeCertificate(['localhost']);
    await temp.write('ca.crt', ca.certificate);
    main = await temp.write(
      'config',
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'shop',
        extensions: [{ name: 'kept', extension: { by: 'us' } }],
        clusters: [
          entry('c1', 'cluster', { server: 'https://API.example.com/', 'certificate-authority': 'ca.crt' }),
          entry('c2', 'cluster', {
            server: 'https://other.example.com:6443',
            'insecure-skip-tls-verify': true,
          }),
        ],
        users: [
          entry('u1', 'user', { 'client-certificate': 'me.crt', 'client-key': 'me.key', tokenFile: 'token' }),
          entry('u2', 'user', { exec: { command: './bin/login', args: ['./x'], apiVersion: 'v1' } }),
        ],
        contexts: [
          entry('shop', 'context', { cluster: 'c1', user: 'u1', namespace: 'shop' }),
          entry('other', 'context', { cluster: 'c2', user: 'u2' }),
        ],
      }),
    );
    second = await temp.write(
      'second',
      stringify({
        'current-context': 'other',
        clusters: [entry('c1', 'cluster', { server: 'https://shadowed' })],
        contexts: [entry('third', 'context', { cluster: 'c1', user: 'u2', namespace: 'x' })],
      }),
    );
  });
  after(() => temp.remove());

  const load = () =>
    loadKubeconfig({ env: { KUBECONFIG: [main, `${temp.folder}/gone`, second].join(path.delimiter) } });

  it('merges KUBECONFIG as kubectl does', async () => {
    const config = await load();
    assert.deepEqual(
      listContexts(config).map(({ name, current, server, namespace }) => [name, current, server, namespace]),
      [
        ['shop', true, 'https://API.example.com/', 'shop'],
        ['other', false, 'https://other.example.com:6443', 'default'],
        ['third', false, 'https://API.example.com/', 'x'],
      ],
    );
  });

  it('agrees with the real kubectl on the merge', async () => {
    const env = { KUBECONFIG: [main, `${temp.folder}/gone`, second].join(path.delimiter) };
    const { stdout } = await execa('kubectl', ['config', 'view', '--raw', '-o', 'json'], { env });
    const theirs = JSON.parse(stdout) as Record<string, { name: string }[] | string>;
    const ours = await load();
    assert.equal(ours.currentContext, theirs['current-context']);
    for (const list of ['contexts', 'clusters', 'users'] as const) {
      const names = (theirs[list] as { name: string }[]).map(({ name }) => name).sort();
      assert.deepEqual([...ours[list].keys()].sort(), names);
    }
  });

  it('tells missing and broken files apart', async () => {
    const code = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'none',
        (error: unknown) => (error instanceof ClusterError ? error.code : String(error)),
      );
    assert.equal(
      await code(loadKubeconfig({ env: { KUBECONFIG: `${temp.folder}/gone` } })),
      'kubeconfig-missing',
    );
    assert.equal(await code(loadKubeconfig({ file: `${temp.folder}/gone` })), 'kubeconfig-missing');
    const broken = await temp.write('broken', 'clusters: [');
    assert.equal(await code(loadKubeconfig({ file: broken })), 'kubeconfig-invalid');
    assert.equal(await code(targetOf(await load(), { context: 'nope' })), 'kubeconfig-context');
  });

  it('knows a cluster by its address and its CA, inline or as a file', async () => {
    const target = await targetOf(await load());
    assert.deepEqual(target, {
      server: 'https://api.example.com:443',
      caDigest: caDigest(ca.certificate),
      namespace: 'shop',
      context: 'shop',
    });
    assert.equal(caDigest(`comment\n${ca.certificate.replace(/\n/g, '\r\n')}`), target.caDigest);
    assert.equal((await targetOf(await load(), { context: 'other' })).caDigest, 'insecure');
    assert.equal(normalServer('HTTPS://Api:443/'), normalServer('https://api'));
    assert.notEqual(normalServer('https://api/a'), normalServer('https://api/b'));
  });

  it('writes a private kubeconfig that the real kubectl reads: pinned, 0600, all contexts, absolute paths', async () => {
    const config = await load();
    const target = await targetOf(config, { context: 'third', namespace: 'pinned' });
    const file = path.join(temp.folder, 'private');
    await writePrivateKubeconfig(config, target, file);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const { stdout } = await execa(
      'kubectl',
      ['config', 'view', '--raw', '-o', 'json', '--kubeconfig', file],
      {
        cwd: '/',
      },
    );
    const view = JSON.parse(stdout);
    assert.equal(view['current-context'], 'third');
    const contexts = Object.fromEntries(
      view.contexts.map((one: { name: string; context: object }) => [one.name, one.context]),
    );
    assert.deepEqual(Object.keys(contexts).sort(), ['other', 'shop', 'third']);
    assert.equal(contexts.third.namespace, 'pinned');
    assert.equal(contexts.shop.namespace, 'shop');
    const users = Object.fromEntries(
      view.users.map((one: { name: string; user: object }) => [one.name, one.user]),
    );
    assert.equal(users.u1['client-certificate'], path.join(temp.folder, 'me.crt'));
    assert.equal(users.u1.tokenFile, path.join(temp.folder, 'token'));
    assert.equal(users.u2.exec.command, path.join(temp.folder, 'bin/login'));
    assert.deepEqual(users.u2.exec.args, ['./x']);
    assert.match(await readFile(file, 'utf8'), /by: us/);
    // Nothing of the user's own file has changed.
    assert.match(await readFile(main, 'utf8'), /current-context: shop/);
  });

  it('compares a call with the pin', async () => {
    const config = await load();
    const pin = await targetOf(config);
    const privateKubeconfig = path.join(temp.folder, 'private-2');
    await writePrivateKubeconfig(config, pin, privateKubeconfig);
    const env = { KUBECONFIG: privateKubeconfig };
    const table: [args: string, outside: boolean, differences: string[], env?: NodeJS.ProcessEnv][] = [
      ['get pods', false, []],
      ['get pods -n shop', false, []],
      ['get pods --context shop --cluster=c1', false, []],
      ['get pods -n kube-system', true, ['namespace by --namespace: kube-system']],
      ['get pods --namespace=x', true, ['namespace by --namespace: x']],
      ['get pods -A', true, ['namespace by -A: all namespaces']],
      ['--context=third get pods', true, ['namespace by --context: x']],
      ['--context=third get pods -n shop', false, []],
      ['--context other delete pod x', true, ['cluster by --context: https://other.example.com:6443', 'namespace by --context: default']],
      ['-s https://api.example.com get pods', false, []],
      ['--server=https://evil:6443 get pods', true, ['cluster by --server: https://evil:6443']],
      ['--kubeconfig /nowhere/config get pods', true, ['unknown by --kubeconfig: /nowhere/config']],
      [`--kubeconfig ${second} get pods`, true, [`unknown by --kubeconfig: ${second}`]],
      [`--kubeconfig ${second} --context third get pods`, true, ['cluster by --context: https://shadowed:443', 'namespace by --context: x']],
      [`--kubeconfig ${privateKubeconfig} get pods`, false, []],
      ['--token abc get pods', false, ['identity by --token: (given)']],
      ['--as ann get pods', false, ['identity by --as: ann']],
      ['--insecure-skip-tls-verify get pods', true, ['cluster by --insecure-skip-tls-verify: true']],
      ['get pods', false, [], { KUBECONFIG: main }],
      ['get pods', true, [`unknown by KUBECONFIG: ${second}`], { KUBECONFIG: second }],
      ['get pods', true, ['unknown by KUBECONFIG: /nowhere'], { KUBECONFIG: '/nowhere' }],
      ['exec web -- kubectl --context other get pods', false, []],
    ]; // biome-ignore format: a table
    for (const [line, outside, differences, own] of table) {
      const result = await compareTarget(line.split(' '), own ?? env, { pin, privateKubeconfig, config });
      const told = result.differences.map(({ what, by, given }) => `${what} by ${by}: ${given}`);
      assert.deepEqual(told, differences, line);
      assert.equal(result.outside, outside, line);
    }
  });
});
