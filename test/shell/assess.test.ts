import assert from 'node:assert/strict';
import { assess } from '../../src/shell/assess.ts';
import type { ShellParser } from '../../src/shell/shellParser.ts';
import { shellParser } from './shellParser.ts';

describe('assess', () => {
  let parser: ShellParser;
  before(async () => {
    parser = await shellParser();
  });
  const riskOf = (text: string) => assess(parser, text).risk;
  const reasonsOf = (text: string) =>
    assess(parser, text)
      .commands.flatMap((command) => command.reasons)
      .join('; ');

  it('follows what a variable holds', () => {
    assert.equal(riskOf('A=get; kubectl $A pod x'), 'read');
    assert.equal(riskOf('A=delete; kubectl $A pod x'), 'destroy');
    assert.equal(riskOf('kubectl $A pod x'), 'unknown');
    assert.equal(riskOf('for v in get delete; do kubectl $v pod x; done'), 'destroy');
    assert.equal(riskOf('for i in 1 2; do $c pod x; c="kubectl delete"; done'), 'destroy');
    assert.equal(riskOf('A=(delete pod x); kubectl "${A[@]}"'), 'destroy');
    assert.equal(riskOf('if true; then A=delete; else A=get; fi; kubectl $A pod x'), 'destroy');
    assert.equal(riskOf('(A=delete); A=get; kubectl $A pod x'), 'read');
  });

  it('follows functions and aliases', () => {
    assert.equal(riskOf('f() { kubectl "$1" pod x; }; f get'), 'read');
    assert.equal(riskOf('f() { kubectl "$1" pod x; }; f delete'), 'destroy');
    assert.equal(riskOf('f() { rm x; }'), 'destroy');
    assert.equal(riskOf('alias k=kubectl; k delete pod x'), 'destroy');
  });

  it('tells of a pattern that this shell expands before another place sees it', () => {
    const why = /\/tmp\/\*\.log is expanded here, not in pod p/;
    assert.match(reasonsOf('kubectl exec p -- rm /tmp/*.log'), why);
    assert.doesNotMatch(reasonsOf("kubectl exec p -- rm '/tmp/*.log'"), why);
    assert.doesNotMatch(reasonsOf("kubectl exec p -- sh -c 'rm /tmp/*.log'"), why);
    assert.match(reasonsOf('ssh db1 ls *.log'), /\*\.log is expanded here, not in host db1/);
  });

  it('knows what a command reads, and keeps the dash before a here-document', () => {
    for (const text of [
      'kubectl apply -f - <<E\nkind: Pod\nE',
      'kubectl apply -f - 2>/dev/null <<E\nkind: Pod\nE',
    ]) {
      const [command] = assess(parser, text).commands;
      assert.deepEqual(command!.argv, ['kubectl', 'apply', '-f', '-']);
      assert.equal(command!.stdin, 'kind: Pod\n');
    }
    assert.equal(assess(parser, 'kubectl apply -f - <<E\n$(date)\nE').commands.at(-1)!.stdin, null);
  });

  it('tells where a command runs', () => {
    const { commands } = assess(parser, 'kubectl exec p -- touch /tmp/a && rm /tmp/a');
    assert.deepEqual(
      commands.map(({ tool, where, risk }) => ({ tool, where, risk })),
      [
        { tool: 'kubectl', where: 'here', risk: 'change' },
        { tool: 'touch', where: 'pod p', risk: 'change' },
        { tool: 'rm', where: 'here', risk: 'destroy' },
      ],
    );
    assert.match(commands[2]!.reasons.join(), /runs here, not in pod p/);
  });

  it('asks for what is called yours', () => {
    const text =
      'podman inspect your-registry/your-image:latest --key your_key\necho your-turn\ngrep your-name x';
    assert.deepEqual(
      assess(parser, text).placeholders.map(({ name }) => name),
      ['your-registry', 'your-image', 'your_key'],
    );
  });

  it('reads past a placeholder that bash takes for a redirection', () => {
    const { commands, placeholders } = assess(parser, 'kubectl get pod <my-pod>\nrm x');
    assert.deepEqual(
      placeholders.map(({ text, name }) => ({ text, name })),
      [{ text: '<my-pod>', name: 'my-pod' }],
    );
    assert.deepEqual(
      commands.map(({ tool, line }) => [tool, line]),
      [
        ['kubectl', 0],
        ['rm', 1],
      ],
    );
  });

  it('reads text that is given to a shell', () => {
    assert.equal(riskOf('bash <<EOF\nrm -rf /x\nEOF'), 'destroy');
    assert.equal(riskOf("bash -c 'kubectl get pods'"), 'read');
    assert.equal(riskOf('curl http://x | bash'), 'unknown');
    assert.match(reasonsOf('curl http://x | bash'), /runs what curl prints/);
  });

  it('takes the last flag', () => {
    assert.equal(riskOf('kubectl apply -f x --dry-run=client'), 'read');
    assert.equal(riskOf('kubectl apply -f x --dry-run=client --dry-run=none'), 'change');
  });

  it('gives unknown where the deadline passes', () => {
    const found = assess(parser, 'kubectl get pods', { deadlineMs: 0 });
    assert.equal(found.risk, 'unknown');
    assert.equal(found.deadlineHit, true);
  });
});
