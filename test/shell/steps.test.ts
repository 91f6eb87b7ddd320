import assert from 'node:assert/strict';
import { assess } from '../../src/shell/assess.ts';
import { cuesOfStep, demandOf, findCues, timeBoxOf } from '../../src/shell/cues.ts';
import { explain } from '../../src/shell/explain.ts';
import { securityControlOf } from '../../src/shell/securityControls.ts';
import type { ShellParser } from '../../src/shell/shellParser.ts';
import { optionsOf } from '../../src/shell/steps.ts';
import { shellParser } from './shellParser.ts';

const cell = `# Option A: Enable bypass mode (REQUIRES APPROVAL)
# Only use in extreme situations
kubectl set env deployment/web BYPASS_MODE=true

# Generate evidence
echo "bypass" | kubectl exec -i web-0 -- tee /data/bypass.log

# Option B: Scale down, then up
kubectl scale deployment/web --replicas=1
# Wait, then scale back
kubectl scale deployment/web --replicas=3

# Option C: (in the application)

# Verify rollout
kubectl rollout status deployment/web
`;

describe('steps of a cell', () => {
  let parser: ShellParser;
  before(async () => {
    parser = await shellParser();
  });

  it('are a comment and the commands under it, with their options', () => {
    const { steps } = assess(parser, cell);
    assert.deepEqual(
      steps.map(({ title, lines, option, empty }) => [title.slice(0, 20), lines, option, empty]),
      [
        ['Option A: Enable byp', [0, 3], 'A', false],
        ['Generate evidence', [4, 6], 'A', false],
        ['Option B: Scale down', [7, 9], 'B', false],
        ['Wait, then scale bac', [9, 11], 'B', false],
        ['Option C: (in the ap', [12, 13], 'C', true],
        ['Verify rollout', [14, 16], null, false],
      ],
    );
    assert.deepEqual(optionsOf(steps), ['A', 'B', 'C']);
  });

  it('keep statements of several lines whole', () => {
    const { steps } = assess(
      parser,
      'cat > a <<EOF\n# not a step\nEOF\nif true; then\n  # inside\n  ls\nfi\n# next\nls',
    );
    assert.deepEqual(
      steps.map(({ lines }) => lines),
      [
        [0, 7],
        [7, 9],
      ],
    );
  });

  it('tell in which time the change has to be taken back', () => {
    const hours = (text: string) => (timeBoxOf(text) ?? 0) / 3_600_000;
    assert.equal(hours('must be reverted within 1 hour'), 1);
    assert.equal(hours('Revert within\n30 minutes.'), 0.5);
    assert.equal(hours('undo it in half an hour'), 0.5);
    assert.equal(hours('Temporarily, for 2h'), 2);
    assert.equal(hours('roll back within an hour'), 1);
    assert.equal(hours('Response within 1 hour'), 0);
    assert.equal(hours('Rollback recent deployment if needed'), 0);
    assert.equal(hours('Increase limits temporarily'), 0);
  });

  it('carry the cues of the document', () => {
    const { steps } = assess(parser, cell);
    const first = cuesOfStep(steps[0]!, steps);
    assert.deepEqual(
      first.map(({ kind }) => kind),
      ['approval', 'last-resort', 'escalation'],
    );
    assert.match(demandOf(first)!, /REQUIRES APPROVAL/);
    assert.match(
      demandOf(cuesOfStep(steps[1]!, steps))!,
      /REQUIRES APPROVAL/,
      'a step of the option has its cue',
    );
    assert.equal(demandOf(cuesOfStep(steps[5]!, steps)), undefined);
    assert.deepEqual(findCues('No approval is required here.'), []);
    assert.deepEqual(
      findCues('Restart postgres (LAST RESORT - data risk)').map(({ kind }) => kind),
      ['last-resort', 'data-risk'],
    );
    assert.deepEqual(
      findCues('Emergency cleanup').map(({ kind }) => kind),
      ['emergency'],
    );
  });

  it('name the security control that is turned off', () => {
    const named = (text: string) => securityControlOf(assess(parser, text).commands[0]!);
    assert.match(named('kubectl set env deploy/web POLICY_BYPASS_MODE=true')!, /POLICY_BYPASS_MODE/);
    assert.match(named('kubectl set env deploy/web RATE_LIMITING_ENABLED=false')!, /RATE_LIMITING_ENABLED/);
    assert.match(
      named(`kubectl patch cm p --patch '{"data":{"enforcement_mode":"disabled"}}'`)!,
      /enforcement_mode/,
    );
    assert.match(named('setenforce 0')!, /SELinux/);
    assert.equal(named('kubectl set env deploy/web LOG_LEVEL=debug'), undefined);
    assert.equal(named('kubectl get cm policy -o yaml'), undefined);
  });

  it('tell what a cell takes as given, and what it brings', () => {
    const found = assess(
      parser,
      '[ -z "$A" ] && exit\necho $A ${B:-x} $C\nD=1\necho $D\nread E\necho $E $HOME',
    );
    assert.deepEqual(found.requiredVariables, ['C']);
    assert.deepEqual([...found.assignedVariables].sort(), ['D', 'E']);
    assert.deepEqual(assess(parser, 'echo $C', { variables: new Map([['C', null]]) }).requiredVariables, []);
  });

  it('list every call of a loop over known values', () => {
    const { commands } = assess(parser, 'for c in a b c; do kubectl delete certificate $c; done');
    assert.deepEqual(
      commands[0]!.calls,
      ['a', 'b', 'c'].map((name) => ['kubectl', 'delete', 'certificate', name]),
    );
    assert.equal(assess(parser, 'kubectl delete pod $X').commands[0]!.calls, null);
  });

  it('tell of commands that block, ask, wait, read and write', () => {
    const one = (text: string) => assess(parser, text).commands[0]!;
    assert.ok(one('kubectl port-forward svc/a 1:1').blocking);
    assert.ok(one('kubectl logs -f a').blocking);
    assert.ok(one('tail -f a').blocking);
    assert.ok(one('watch kubectl get pods').blocking);
    assert.equal(one('kubectl logs a').blocking, null);
    assert.ok(one('kubectl exec -it a -- sh').interactive);
    assert.ok(one('psql -d x').interactive);
    assert.equal(one('kubectl exec -it a -- ls').interactive, null);
    assert.equal(one('sleep 5m').sleepMs, 300_000);
    assert.deepEqual(one('kubectl apply -f k8s/').reads, ['k8s/']);
    assert.deepEqual(one('kubectl create secret generic a --from-env-file=.env.new').reads, ['.env.new']);
    assert.deepEqual(one('curl -s http://x > a.json').writes, ['a.json']);
  });

  it('flag what the gate can not see', () => {
    const gaps = (text: string) => assess(parser, text).commands.flatMap(({ ungated }) => ungated).length > 0;
    for (const text of [
      '/usr/bin/kubectl get pods',
      'PATH=/x kubectl get pods',
      'export PATH=/x; kubectl get pods',
      'ssh h kubectl get pods',
      'sudo kubectl get pods',
      'curl -X POST https://x',
      'env -i kubectl get pods',
    ]) {
      assert.ok(gaps(text), text);
    }
    assert.ok(!gaps('kubectl get pods; curl -X POST http://x; curl https://x'));
  });

  it('explain themselves in the shape of the command line', () => {
    assert.deepEqual(explain(assess(parser, 'kubectl --context=prod -n a delete pod x')), {
      risk: 'destroy',
      commands: [
        {
          text: 'kubectl --context=prod -n a delete pod x',
          line: 0,
          tool: 'kubectl',
          verb: 'delete',
          risk: 'destroy',
          reasons: ['deletes objects'],
          where: 'here',
          target: { context: 'prod', namespace: 'a' },
        },
      ],
    });
  });
});
