// The preview tells the truth: what the real kubectl then does is what was shown, and the undo brings back what was.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readableText } from '../../src/cluster/readableObject.ts';
import { openShop, type Shop, shopManifests } from './practiceShop.ts';

const resourceOf: Record<string, string> = {
  Deployment: 'deploy', StatefulSet: 'sts', ConfigMap: 'cm', Service: 'svc', Shelf: 'shelves', Pod: 'pods', Namespace: 'ns', Node: 'nodes',
}; // biome-ignore format: a table

describe('the preview of a change', function () {
  this.timeout(120_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
    const config = (name: string, data: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, labels: { app: web } }\ndata: ${data}\n`;
    await writeFile(path.join(shop.folder, 'new.yaml'), config('fresh', '{ a: "1" }'));
    await writeFile(path.join(shop.folder, 'settings.yaml'), config('settings', '{ mode: fancy }'));
  });
  after(() => shop.close());

  const now = async (kind: string, name: string): Promise<string> =>
    (await shop.cluster.objectNow({ resource: resourceOf[kind] ?? kind, name }))?.text ?? '';

  const apply = shopManifests
    .replace('shop/web:v1', 'shop/web:v3')
    .replace('value: plain }, { name: LEVEL, value: info', 'value: fancy');
  const table: [title: string, argv: string[], objects: string[], stdin?: string][] = [
    ['scale', ['scale', 'deployment/web', '--replicas=5'], ['Deployment/web']],
    ['scale to nothing', ['scale', 'sts', 'store', '--replicas=0'], ['StatefulSet/store']],
    ['a strategic patch', ['patch', 'deploy', 'web', '-p', '{"spec":{"template":{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"512Mi"}}}]}}}}'], ['Deployment/web']],
    ['a strategic patch in YAML', ['patch', 'cm', 'settings', '-p', 'data:\n  mode: fancy'], ['ConfigMap/settings']],
    ['a merge patch', ['patch', 'deploy/web', '--type=merge', '-p', '{"metadata":{"labels":{"team":null,"tier":"front"}}}'], ['Deployment/web']],
    ['a JSON patch', ['patch', 'deploy', 'web', '--type', 'json', '-p', '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"shop/web:v2"}]'], ['Deployment/web']],
    ['a merge patch of a custom object', ['patch', 'shelf', 'upper', '--type=merge', '-p', '{"spec":{"rows":4}}'], ['Shelf/upper']],
    ['set image', ['set', 'image', 'deployment/web', 'app=shop/web:v9'], ['Deployment/web']],
    ['set image of all containers', ['set', 'image', 'deploy', 'web', '*=shop/all:v1'], ['Deployment/web']],
    ['set env', ['set', 'env', 'deployment/web', 'LEVEL=debug', 'NEW=1', 'MODE-'], ['Deployment/web']],
    ['set env from a configmap', ['set', 'env', 'deployment/web', '--from=configmap/settings', '--keys=mode', '--prefix=CFG_'], ['Deployment/web']],
    ['set resources', ['set', 'resources', 'deploy/web', '-c', 'app', '--limits=cpu=2,memory=1Gi', '--requests=cpu=500m'], ['Deployment/web']],
    ['label by selector', ['label', 'deploy,sts', '-l', 'app', 'checked=yes'], ['Deployment/web', 'StatefulSet/store']],
    ['label away', ['label', 'deploy', 'web', 'team-'], ['Deployment/web']],
    ['label over', ['label', 'deploy', 'web', 'team=night', '--overwrite'], ['Deployment/web']],
    ['annotate', ['annotate', 'svc/web', 'example.com/note=seen at night'], ['Service/web']],
    ['apply from standard input', ['apply', '-f', '-'], ['Deployment/web'], apply],
    ['apply of a new object', ['apply', '-f', 'new.yaml'], ['ConfigMap/fresh']],
    ['create from a file', ['create', '-f', 'new.yaml'], ['ConfigMap/fresh']],
    ['replace', ['replace', '-f', 'settings.yaml'], ['ConfigMap/settings']],
    ['delete by name', ['delete', 'cm', 'settings'], ['ConfigMap/settings']],
    ['delete by file', ['delete', '-f', 'settings.yaml'], ['ConfigMap/settings']],
    ['delete by selector', ['delete', 'svc,cm', '-l', 'app=web'], ['Service/web', 'ConfigMap/settings']],
    ['rollout pause', ['rollout', 'pause', 'deploy/web'], ['Deployment/web']],
  ]; // biome-ignore format: a table

  for (const [title, argv, objects, stdin] of table) {
    it(`tells the truth of ${title}, and its undo brings back what was`, async () => {
      const input = { cwd: shop.folder, ...(stdin ? { stdin: Buffer.from(stdin) } : {}) };
      const preview = await shop.cluster.preview(argv, input);
      assert.equal(preview.cannot, undefined);
      assert.deepEqual(preview.missed, []);
      const changed = preview.objects.filter(({ action }) => action !== 'none');
      assert.deepEqual(
        changed.map(({ kind, name }) => `${kind}/${name}`),
        objects,
        JSON.stringify(preview.notes),
      );
      const before = new Map<string, string>();
      for (const { kind, name, refused, diff } of changed) {
        assert.equal(refused, undefined);
        assert.notEqual(diff.text, '');
        before.set(name, await now(kind, name));
      }
      const undo = shop.cluster.undo(argv, preview);
      // The dry run left no trace.
      for (const { kind, name } of changed) assert.equal(await now(kind, name), before.get(name));

      await shop.kubectl(argv, stdin);
      for (const { kind, name, after } of changed)
        assert.equal(await now(kind, name), readableText(after), name);

      assert.equal(undo.steps.length, changed.length, undo.notes.join('; '));
      for (const step of undo.steps) await shop.kubectl(step.argv, step.stdin);
      for (const { kind, name } of changed)
        assert.equal(await now(kind, name), before.get(name), `undo of ${name}`);
    });
  }

  it('tells the truth of rollout undo, which is its own way back', async () => {
    await shop.kubectl(['set', 'image', 'deployment/web', 'app=shop/web:v5']);
    const before = await now('Deployment', 'web');
    const argv = ['rollout', 'undo', 'deployment/web'];
    const preview = await shop.cluster.preview(argv, { cwd: shop.folder });
    assert.match(preview.objects[0]!.diff.text, /- +image: shop\/web:v5\n\+ +image: shop\/web:/);
    const undo = shop.cluster.undo(argv, preview);
    assert.match(undo.steps[0]!.command, /^kubectl rollout undo deployment\/web -n shop --to-revision=\d+$/);
    await shop.kubectl(argv);
    assert.equal(await now('Deployment', 'web'), readableText(preview.objects[0]!.after));
    await shop.kubectl(undo.steps[0]!.argv);
    assert.equal(await now('Deployment', 'web'), before);
    const gone = await shop.cluster.preview([...argv, '--to-revision=99'], { cwd: shop.folder });
    assert.match(gone.objects[0]!.refused ?? '', /no revision 99/);
  });

  it('names what a restart replaces, and says that no dry run shows it', async () => {
    const preview = await shop.cluster.preview(['rollout', 'restart', 'deploy/web'], { cwd: shop.folder });
    assert.match(preview.cannot ?? '', /replace the pods/);
    assert.deepEqual(preview.notes, ['deployment/web: 3 pods will be replaced']);
    assert.equal(preview.objects[0]?.name, 'web');
    assert.equal(preview.objects[0]?.asked, false);
  });

  it('says where the server can not show it', async () => {
    for (const line of [
      'exec web-1 -- rm -rf /x',
      'cp a web-1:/b',
      'edit deploy web',
      'create configmap x --from-literal=a=b',
    ]) {
      const preview = await shop.cluster.preview(line.split(' '), { cwd: shop.folder });
      assert.ok(preview.cannot, line);
      assert.equal(preview.changes, true, line);
      assert.equal(shop.cluster.undo(line.split(' '), preview).steps.length, 0);
    }
    const read = await shop.cluster.preview(['get', 'pods'], { cwd: shop.folder });
    assert.deepEqual([read.changes, read.cannot], [false, undefined]);
    const elsewhere = await shop.cluster.preview(['--context=x', 'delete', 'pod', 'y'], { cwd: shop.folder });
    assert.match(elsewhere.cannot ?? '', /not the pinned one/);
  });

  it('shows refusals: of kubectl, of validation, of names that are not there', async () => {
    const of = (argv: string[], stdin?: string) =>
      shop.cluster.preview(argv, { cwd: shop.folder, ...(stdin ? { stdin: Buffer.from(stdin) } : {}) });
    const over = await of(['label', 'deploy', 'web', 'team=night']);
    assert.match(over.objects[0]!.refused ?? '', /--overwrite/);
    const image = await of(['set', 'image', 'deploy/web', 'nope=x']);
    assert.match(image.objects[0]!.refused ?? '', /no container "nope"/);
    const invalid = await of(['patch', 'deploy', 'web', '-p', '{"spec":{"replicas":-1}}']);
    assert.match(invalid.objects[0]!.refused ?? '', /replicas/);
    const gone = await of(['delete', 'cm', 'gone']);
    assert.deepEqual(gone.notes, ['configmap/gone does not exist']);
    const nameless = await of(['delete', 'pods']);
    assert.match(nameless.notes[0] ?? '', /kubectl refuses/);
    const files = await of(['apply', '-f', 'missing.yaml']);
    assert.match(files.notes[0] ?? '', /missing.yaml can't be read/);
    const strict = await of(
      ['apply', '-f', '-'],
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndatta: {}\n',
    );
    assert.match(strict.objects[0]!.refused ?? '', /datta/);
  });

  it('counts what a selector hits, and what ends with it', async () => {
    const live = async () => (await shop.cluster.names({ resource: 'pods', selector: 'app=web' })).length;
    while ((await live()) !== 3) await new Promise((resolve) => setTimeout(resolve, 100));
    const pods = await shop.cluster.preview(['delete', 'pods', '-l', 'app=web'], { cwd: shop.folder });
    assert.equal(pods.objects.length, 3);
    const undo = shop.cluster.undo(['delete', 'pods', '-l', 'app=web'], pods);
    assert.equal(undo.steps.length, 0);
    assert.match(undo.notes[0] ?? '', /replicaset\/web-.* makes a new one by itself/);
    const deployment = await shop.cluster.preview(['delete', 'deploy', 'web'], { cwd: shop.folder });
    assert.deepEqual(deployment.notes, ['deployment/web: its 3 pods end with it']);
    const secret = await shop.cluster.preview(['delete', 'secret', 'login'], { cwd: shop.folder });
    assert.doesNotMatch(secret.objects[0]!.diff.text, /hunter2/);
    assert.match(shop.cluster.undo(['delete', 'secret', 'login'], secret).notes[0] ?? '', /not kept/);
  });
});
