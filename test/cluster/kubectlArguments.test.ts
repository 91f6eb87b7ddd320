import assert from 'node:assert/strict';
import { flag, isOn, listFlag, objectRefs, parseKubectl } from '../../src/cluster/kubectlArguments.ts';

const split = (line: string): string[] => line.split(' ').filter(Boolean);

describe('kubectl arguments', () => {
  const table: [line: string, verb: string, subverb: string | undefined, words: string[], flags: Record<string, string>][] = [
    ['get pods -A', 'get', undefined, ['pods'], { 'all-namespaces': 'true' }],
    ['--context=prod -n shop delete pod web-1', 'delete', undefined, ['pod', 'web-1'], { context: 'prod', namespace: 'shop' }],
    ['--context prod delete pod web-1 --namespace=shop', 'delete', undefined, ['pod', 'web-1'], { context: 'prod', namespace: 'shop' }],
    ['rollout restart deployment/web -nshop', 'rollout', 'restart', ['deployment/web'], { namespace: 'shop' }],
    ['set image deploy/web app=repo/app:v2 --all', 'set', 'image', ['deploy/web', 'app=repo/app:v2'], { all: 'true' }],
    ['logs -f web-1 -p -c app --tail=5', 'logs', undefined, ['web-1'], { follow: 'true', previous: 'true', container: 'app', tail: '5' }],
    ['apply -f a.yaml -f=b.yaml -Rk', 'apply', undefined, [], { recursive: 'true' }],
    ['patch deploy web -p {"a":1} --type merge', 'patch', undefined, ['deploy', 'web'], { patch: '{"a":1}', type: 'merge' }],
    ['exec -it web-1 -- rm -rf /tmp/x', 'exec', undefined, ['web-1'], { stdin: 'true', tty: 'true' }],
    ['apply view-last-applied deploy/web', 'apply', 'view-last-applied', ['deploy/web'], {}],
    ['scale deploy web --replicas=0 --dry-run', 'scale', undefined, ['deploy', 'web'], { replicas: '0', 'dry-run': 'true' }],
    ['delete pod web --wait=false --now', 'delete', undefined, ['pod', 'web'], { wait: 'false', now: 'true' }],
    ['get pods -o', 'get', undefined, ['pods'], { output: '' }],
    ['', '', undefined, [], {}],
  ]; // biome-ignore format: a table
  for (const [line, verb, subverb, words, flags] of table) {
    it(`reads: ${line || '(nothing)'}`, () => {
      const call = parseKubectl(split(line));
      assert.equal(call.verb, verb);
      assert.equal(call.subverb, subverb);
      assert.deepEqual(call.positionals, words);
      for (const [name, value] of Object.entries(flags)) assert.equal(flag(call, name), value, name);
    });
  }

  it('keeps what is behind -- apart, and every repeated flag', () => {
    const call = parseKubectl(split('exec web -c app -- kubectl delete ns shop'));
    assert.deepEqual(call.rest, ['kubectl', 'delete', 'ns', 'shop']);
    assert.deepEqual(parseKubectl(split('apply -f a -f b --filename=c')).flags.get('filename'), [
      'a',
      'b',
      'c',
    ]);
  });

  it('lets the last flag win', () => {
    const call = parseKubectl(split('delete pod x --dry-run=server --dry-run=none -n a -n b'));
    assert.equal(flag(call, 'dry-run'), 'none');
    assert.equal(flag(call, 'namespace'), 'b');
    assert.equal(isOn(parseKubectl(split('get pods -A=false')), 'all-namespaces'), false);
  });

  it('names objects as kubectl does', () => {
    const named = (line: string): string[] =>
      objectRefs(split(line)).map(({ resource, name }) => `${resource} ${name ?? '*'}`);
    assert.deepEqual(named('pods a b'), ['pods a', 'pods b']);
    assert.deepEqual(named('deploy/a sts/b'), ['deploy a', 'sts b']);
    assert.deepEqual(named('pods,services'), ['pods *', 'services *']);
    assert.deepEqual(named('deployments.apps/web'), ['deployments.apps web']);
    assert.deepEqual(named(''), []);
  });

  it('splits lists', () => {
    assert.deepEqual(listFlag(parseKubectl(split('set resources d --limits=cpu=1,memory=2Gi')), 'limits'), [
      'cpu=1',
      'memory=2Gi',
    ]);
  });
});
