// Each lint rule: what it tells, what it leaves alone, and what its fix makes of the text.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LintOptions } from '../../src/lint/lintDocument.ts';
import { toolsOnPath } from '../../src/lint/toolsOnPath.ts';
import { filesIn, fixed, lintText } from './lintFile.ts';

const bash = (text: string): string => `# x\n\n\`\`\`bash\n${text}\n\`\`\`\n`;

/** Messages of one code. */
async function told(code: string, text: string, options?: Partial<LintOptions>): Promise<string[]> {
  return (await lintText(text, options)).filter((one) => one.code === code).map(({ message }) => message);
}

function rule(
  code: string,
  bad: readonly string[],
  good: readonly string[],
  fixes: readonly [string, string][] = [],
) {
  describe(code, () => {
    for (const text of bad) {
      it(`tells of: ${text.split('\n')[0]}`, async () => {
        assert.notDeepEqual(await told(code, bash(text)), [], 'nothing was told');
      });
    }
    for (const text of good) {
      it(`leaves alone: ${text.split('\n')[0]}`, async () =>
        assert.deepEqual(await told(code, bash(text)), []));
    }
    for (const [before, after] of fixes) {
      it(`mends: ${before.split('\n')[0]}`, async () => {
        const mended = fixed(bash(before), await lintText(bash(before)), code);
        assert.equal(mended, bash(after));
        assert.deepEqual(await told(code, mended), before === after ? await told(code, bash(before)) : []);
      });
    }
  });
}

rule(
  'kubectl-unknown-flag',
  [
    'kubectl get events --since=24h',
    'kubectl -n a get events --since 24h',
    'kubectl exec -it -l app=a -- ls',
    'kubectl scale nodepool a --size=10',
    'kubectl drain n --delete-local-data',
    'sudo kubectl get po --show-all',
    'X=$(kubectl get po --bogus)',
    'kubectl create secret generic a --bogus',
    'kubectl get pods | xargs kubectl delete --bogus',
  ],
  [
    'kubectl logs --since=24h p',
    'kubectl logs -l app=a --previous',
    'kubectl exec -it p -c c -- grep -l a --bogus',
    'kubectl get pods -Aowide --sort-by=.a',
    'kubectl get pods $FLAGS',
    'kubectl create secret generic a --from-literal=b=c',
    'kubectl rollout status deployment/a --timeout=300s',
    'kubectl someplugin --any-flag',
    'echo kubectl get --bogus',
    '# kubectl get --bogus',
    "cat <<'EOF'\nkubectl get --bogus\nEOF",
    'kubectl get pod <pod> -o yaml',
    'kubectl top po --containers',
    'kubectl --context=a --namespace b auth can-i --list --as=c',
  ],
  [
    ['kubectl drain n --delete-local-data', 'kubectl drain n --delete-emptydir-data'],
    ['kubectl get events --since=24h', 'kubectl get events --since=24h'],
    ['kubectl delete node n --delete-local-data', 'kubectl delete node n --delete-local-data'],
  ],
);

rule(
  'kubectl-removed',
  ['kubectl get psp', 'kubectl get networkpolicies,podsecuritypolicies -A', 'kubectl rolling-update a b'],
  ['kubectl get pods psp', 'kubectl get networkpolicies -A', 'kubectl get pdb'],
  [['kubectl get networkpolicies,podsecuritypolicies -A', 'kubectl get networkpolicies -A']],
);

rule(
  'alertmanager-v1',
  ['curl -s http://alertmanager:9093/api/v1/alerts', 'curl http://localhost:9093/api/v1/silences'],
  ['curl http://prometheus:9090/api/v1/alerts', 'curl http://alertmanager:9093/api/v2/alerts'],
  [
    [
      "curl http://alertmanager:9093/api/v1/alerts | jq '.data[] | .labels'",
      "curl http://alertmanager:9093/api/v2/alerts | jq '.[] | .labels'",
    ],
    ['curl http://alertmanager:9093/api/v1/alerts', 'curl http://alertmanager:9093/api/v2/alerts'],
    // What reads the answer in another way would break: told, not mended.
    [
      'curl http://alertmanager:9093/api/v1/alerts | ./read',
      'curl http://alertmanager:9093/api/v1/alerts | ./read',
    ],
  ],
);

rule(
  'delete-across-namespaces',
  [
    'kubectl get pods -A -o name | xargs kubectl delete',
    'kubectl get pods --all-namespaces | while read p; do kubectl delete pod $p; done',
    'for p in $(kubectl get pods -A -o name); do kubectl delete $p; done',
    'kubectl delete pod $(kubectl get pods -A -o name)',
    "kubectl get pods -A | awk '{print $2}' | xargs -n 1 kubectl delete pod",
  ],
  [
    'kubectl get pods -A -o name | xargs kubectl -n a delete',
    'kubectl get pods -A | while read n p; do kubectl delete pod -n $n $p; done',
    'kubectl get pods -o name | xargs kubectl delete',
    'kubectl get nodes -A -o name | xargs kubectl delete',
    'kubectl get pods -A\nkubectl delete pod a',
    'kubectl get pods -A -o name | xargs kubectl describe',
  ],
);

rule(
  'unquoted-variable',
  ['rm -rf $DIR/cache', 'kubectl delete pod $POD', 'find $D -delete', 'X=1; rm a_$X.b/$X.gz'],
  ['rm -rf "$DIR/cache"', 'kubectl get pod $POD', "rm '$A'", 'rm a', 'echo $A; rm a'],
  [
    ['rm -rf $DIR/cache', 'rm -rf "$DIR/cache"'],
    ['rm -rf $DIR/*.log', 'rm -rf "$DIR"/*.log'],
    ['rm ${A}_$B', 'rm "${A}_$B"'],
    // A list that is meant to fall apart.
    ['FILES="a b"\nrm $FILES', 'FILES="a b"\nrm $FILES'],
  ],
);

rule(
  'curl-glob',
  [
    'curl "http://p:9090/api/v1/query?query=rate(a[5m])"',
    'curl -s \'http://p:9090/api/v1/query?query=up{job="a"}\'',
    'curl -s http://p:9090/api/v1/query?query=rate(a[5m]) || true',
  ].slice(0, 2),
  [
    'curl -g "http://p:9090/api/v1/query?query=rate(a[5m])"',
    'curl -sg "http://p:9090/api/v1/query?query=rate(a[5m])"',
    'curl http://p/file[1-3].txt',
    'curl "http://p/?a=${B}"',
    "curl -G http://p/api --data-urlencode 'query=rate(a[5m])'",
    'curl "http://p/?q=a%5B5m%5D"',
  ],
  [
    ['curl "http://p/?query=rate(a[5m])"', 'curl -g "http://p/?query=rate(a[5m])"'],
    ['curl "http://p/?query=rate(a [5m])"', 'curl "http://p/?query=rate(a [5m])"'],
  ],
);

rule(
  'blocks-the-rest',
  ['kubectl port-forward svc/a 1:1\ncurl localhost:1', 'kubectl logs -f p\nkubectl get pods'],
  ['kubectl port-forward svc/a 1:1 &\ncurl localhost:1', 'kubectl get pods\nkubectl logs -f p'],
);

rule(
  'removed-api-version',
  ['kubectl apply -f - <<EOF\napiVersion: batch/v1beta1\nkind: CronJob\nEOF'],
  ['kubectl apply -f - <<EOF\napiVersion: batch/v1\nkind: CronJob\nEOF'],
  [
    [
      'kubectl apply -f - <<EOF\napiVersion: batch/v1beta1\nkind: CronJob\nEOF',
      'kubectl apply -f - <<EOF\napiVersion: batch/v1\nkind: CronJob\nEOF',
    ],
  ],
);

describe('lint of the document', () => {
  it('tells of fences that are never closed, cells or not', async () => {
    assert.deepEqual((await told('fence-unclosed', '# x\n\n```bash\nls\n\n## y\n')).length, 1);
    assert.deepEqual((await told('fence-unclosed', '# x\n\n```\nls\n\n## y\n')).length, 1);
    assert.deepEqual(await told('fence-unclosed', '# x\n\n````\n```\nls\n```\n````\n'), []);
  });

  it('tells of commands outside cells, and tags a fence', async () => {
    const text = '# x\n\n```\nkubectl get pods\n```\n';
    const problems = await lintText(text);
    assert.match(problems[0]!.message, /kubectl get pods/);
    assert.equal(fixed(text, problems, 'command-outside-cell'), '# x\n\n```bash\nkubectl get pods\n```\n');
    assert.equal((await told('command-outside-cell', '# x\n\n    kubectl get pods\n')).length, 1);
    assert.equal((await told('command-outside-cell', '# x\n\n<div>\n```bash\nls\n```\n</div>\n')).length, 1);
    assert.equal((await told('command-outside-cell', '# x\n\n```kubectl get pods```\n')).length, 1);
    assert.deepEqual(await told('command-outside-cell', '# x\n\n```\nname: value\n```\n\nRun `ls`.\n'), []);
  });

  it('gives places of the file for cells in lists and behind prompts', async () => {
    const text = '1. a\n   ```console\n   $ kubectl get pods --bogus\n   ```\n';
    const [problem] = (await lintText(text)).filter(({ code }) => code === 'kubectl-unknown-flag');
    const { line, character, endCharacter } = problem!.range;
    assert.equal(text.split('\n')[line]!.slice(character, endCharacter), '--bogus');
  });

  it('tells of dead links and anchors, and mends the case of one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'runbook-lint-'));
    mkdirSync(path.join(folder, 'sub'));
    writeFileSync(path.join(folder, 'sub/other page.md'), '# Top\n\n## The End\n');
    const files = filesIn(folder);
    const text = [
      '# First Part',
      '[a](#first-part) [b](sub/other%20page.md#the-end) [c](sub) [d](https://example.com/none) [e](mailto:a@b.c)',
      '[f](none.md)',
      '[g](#First-Part)',
      '![h](none.png)',
      '[i](sub/other%20page.md#nowhere)',
      '[j][ref]',
      '',
      '<a id="here"></a>[k](#here)',
      '',
      '[ref]: gone.md',
      '',
      '| a |\n|-|\n| [l](lost.md) |',
      '',
    ].join('\n');
    const problems = await lintText(text, { files });
    const got = problems.map(({ code, range }) => `${range.line} ${code}`);
    assert.deepEqual(got, [
      '2 dead-link',
      '3 dead-anchor',
      '4 dead-link',
      '5 dead-anchor',
      '6 dead-link',
      '14 dead-link',
    ]);
    assert.match(fixed(text, problems, 'dead-anchor'), /\[g\]\(#first-part\)/);
    assert.equal((await lintText(text)).length, 1, 'without files only the own anchors are judged');
  });

  it('tells of alerts that no rule has, and mends the spelling', async () => {
    const text = '# x\n\nAlert Name: `DiskFul`\n\n## Do\n\nAlert Name: `inodesfull`\n';
    const problems = await lintText(text, { knownAlerts: ['DiskFull', 'InodesFull'] });
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['no known rule is named `DiskFul`', '`inodesfull` is spelled `InodesFull` in its rule'],
    );
    assert.match(fixed(text, problems, 'unknown-alert'), /`InodesFull`/);
    assert.deepEqual(await told('unknown-alert', text), []);
    const front = '---\nseverity: high\nalert: inodesfull\n---\n\n# x\n';
    const found = await lintText(front, { knownAlerts: ['InodesFull'] });
    assert.equal(fixed(front, found, 'unknown-alert'), front.replace('inodesfull', 'InodesFull'));
  });

  it('tells of conflicting alerts and of severities that nothing maps', async () => {
    const text = '# DiskFull\n\nSeverity: page\n';
    const codes = (await lintText(text, { fileName: 'InodesFull.md' })).map(({ code }) => code);
    assert.deepEqual(codes, ['alert-conflict', 'unmapped-severity']);
  });

  it('tells of variables of the front matter that no session takes', async () => {
    const text = '---\nenv:\n  REGION: eu\n  PATH: /tmp/bin\n  KUBECONFIG: ./other\n---\n# x\n';
    const found = (await lintText(text)).filter(({ code }) => code === 'environment-not-taken');
    assert.deepEqual(
      found.map(({ message, range }) => [message.slice(0, 12), range.line, range.character]),
      [
        ['`PATH` decid', 3, 2],
        ['`KUBECONFIG`', 4, 2],
      ],
    );
  });

  it('tells of programs that are not here, but not of those in pods, functions or the shell itself', async () => {
    const has = async (name: string): Promise<boolean> => name === 'kubectl';
    const text = bash(
      'f() { echo; }\nf\nkubectl exec p -- psql -c 1\nchrony sources\nexport A=1\nX=1 sudo -u a mytool x',
    );
    const messages = await told('tool-missing', text, { tools: { has } });
    assert.match(messages.join('\n'), /`chrony`/);
    assert.match(messages.join('\n'), /`mytool`/);
    assert.doesNotMatch(messages.join('\n'), /psql|export|`f`|echo/);
  });

  it('knows the programs of the PATH', async () => {
    const tools = toolsOnPath();
    assert.equal(await tools.has('bash'), true);
    assert.equal(await tools.has('no-such-program-here'), false);
    assert.equal(await toolsOnPath('').has('bash'), false);
  });

  it('never throws, and is quick, on odd documents', async () => {
    for (const text of [
      '',
      '\0',
      '```',
      '[](',
      '<!-- lint-disable',
      `${'> '.repeat(200)}\`\`\`bash\nrm $X`,
      '# x\n'.repeat(2000),
    ])
      assert.ok(Array.isArray(await lintText(text)));
  });
});
