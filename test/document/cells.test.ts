// Which fences are cells, which run, and why not.

import assert from 'node:assert/strict';
import type { DocumentCell } from '../../src/document/documentCell.ts';
import { parseText } from '../../src/document/parseDocument.ts';
import { presentCell } from '../../src/document/presentCell.ts';
import { runnableText } from '../../src/document/runnableText.ts';
import { sectionsOf } from '../../src/document/sectionsOf.ts';
import { open } from './editing.ts';

const cellOf = (body: string, tag = 'bash'): DocumentCell =>
  parseText(`\`\`\`${tag}\n${body}\n\`\`\`\n`).cells[0]!;
const codes = (source: string): DocumentCell[] =>
  parseText(source).cells.filter((cell) => cell.kind === 'code');

describe('code cells', () => {
  it('are fences with an executable tag, wherever CommonMark sees one', () => {
    const source = `- a
  - b
    - c
      - d

        \`\`\`bash
        deep
        \`\`\`

> \`\`\`sh
> quoted
> \`\`\`

<details>

~~~Console
in details
~~~

</details>

\`\`\`\`markdown
\`\`\`bash
inside another
\`\`\`
\`\`\`\`

<!--
\`\`\`bash
in a comment
\`\`\`
-->

    \`\`\`bash
    indented code
    \`\`\`

\`\`\`yaml
kind: Pod
\`\`\`
`;
    assert.deepEqual(
      codes(source).map((cell) => [cell.language, cell.text, cell.lines]),
      [
        ['bash', 'deep', [5, 8]],
        ['sh', 'quoted', [9, 12]],
        ['console', 'in details', [15, 18]],
      ],
    );
  });

  it('bear every spelling of the tags', () => {
    for (const tag of [
      'bash',
      'SH',
      'shell',
      'zsh',
      'console',
      'shell-session',
      'shellsession',
      'terminal',
      'kubectl',
      'python',
      'promql',
      '{.bash}',
      'bash{name=x}',
      'bash,ignore',
    ]) {
      assert.equal(codes(`\`\`\`${tag}\nx\n\`\`\`\n`).length, 1, tag);
    }
    for (const tag of ['', 'text', 'yaml', 'bashful', 'json', 'fish', 'sql']) {
      assert.equal(codes(`\`\`\`${tag}\nx\n\`\`\`\n`).length, 0, tag);
    }
  });

  it('run when they hold commands', () => {
    for (const body of [
      'kubectl get pods',
      'FOO=bar',
      'for i in 1 2; do\n  echo $i\ndone',
      '# a comment\nls',
      './run.sh --now',
      'my-own-tool --flag',
      'cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: Pod\nEOF',
      '[ -f x ] && echo y',
      '$ ls\nNAME   READY',
      '#!/bin/bash\nls',
      'function f() {\n  ls\n}',
      'export A=1',
      '$EDITOR file',
      'kubectl get pod \\\n  -o yaml',
      'NAME=$(kubectl get pod -o name)',
      'sudo -i',
      '> app.log',
      'collect_pod_info',
      '(cd /tmp && ls)',
      'my_script - other_thing',
    ]) {
      // biome-ignore format: a list
      assert.deepEqual([cellOf(body).executable, cellOf(body).reason], [true, undefined], body);
    }
  });

  it('do not run when they hold something else', () => {
    const others: Record<string, RegExp> = {
      '': /empty/,
      '   \n': /empty/,
      '# TODO: find the command': /only comments/,
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x': /YAML/,
      '{\n  "a": 1\n}': /JSON/,
      'sum(rate(http_requests_total{job="x"}[5m])) by (pod)': /PromQL/,
      'container_memory_usage_bytes{pod="x"} > 100': /PromQL/,
      'level=error ts=2024-01-01T00:00:00Z msg="boom"': /log/,
      '2024-01-01 10:00:00 ERROR boom\n2024-01-01 10:00:01 INFO fine': /log/,
      'E0412 12:00:00.123456       1 file.go:12] boom': /log/,
      '├── a\n│   └── b\n└── c': /tree/,
      'NAME       READY   STATUS    RESTARTS\nweb-1      0/1     Pending   0': /columns/,
      'Error from server (NotFound): pods "x" not found': /error/,
      'https://grafana.example.com/d/abc': /address/,
      '(etcd_mvcc_db_size_in_bytes / etcd_server_quota_bytes) * 100': /PromQL/,
      node_filesystem_free_bytes: /PromQL/,
      '// top pods\ntopk(5,\n  sum by (pod) (\n    irate (cpu_seconds_total{pod!=""}[4m])\n  )\n)': /PromQL/,
      'update.go:2641] Rebooting node': /log/,
      'ERRO[0000] Exec   args="[]"': /log/,
      'pgbouncer=# show databases;\n name | host': /typed into another program/,
      '127.0.0.1:6379> info': /typed into another program/,
      '> info replication\nrole:master': /behind a `>`/,
      '> gpg --card-edit': /behind a `>`/,
      'POST /tasks/recover {"name": "x"}': /HTTP/,
      'gpg --edit-card\n\ngpg/card> admin\ngpg/card> login': /typed into another program/,
      'rs0:PRIMARY> rs.status()': /typed into another program/,
      '1) "master"\n2) (integer) 7': /Redis/,
      '* Rebuilt URL to: https://x/\n* Connected to x': /list/,
      ' - alertname = X\n...\n - namespace = y': /list/,
    };
    for (const [body, reason] of Object.entries(others)) {
      const cell = cellOf(body);
      assert.equal(cell.executable, false, body);
      assert.match(cell.reason!, reason, body);
    }
    const [unclosed] = codes('```bash\nls\n');
    assert.equal(unclosed!.executable, false);
    assert.match(unclosed!.reason!, /never closed/);
    assert.equal(parseText('```bash\nls\n').problems[0]!.code, 'fence-unclosed');
  });

  it('do not run here what was typed into a shell elsewhere', () => {
    const cell = cellOf('$ oc debug node/x\n# chroot /host\nsh-4.4# reboot', 'console');
    assert.equal(cell.executable, false);
    assert.match(cell.reason!, /chroot \/host/);
    assert.equal(cellOf('$ oc debug node/x -- chroot /host uptime\n$ ls').executable, true);
  });

  it('are offered where a fence has no tag and holds commands', () => {
    const source = '```\nkubectl get pods\n```\n\n```\nkind: Pod\n```\n\n```\n$ ls\nfile\n```\n';
    const [cell] = parseText(source).cells;
    assert.deepEqual(
      cell!.offers!.map((offer) => [offer.tag, offer.lines]),
      [
        ['bash', [0, 3]],
        ['console', [8, 12]],
      ],
    );
    assert.equal(codes(source).length, 0);
  });

  it('take attributes from the info string and from a comment before', () => {
    const source = `<!-- {timeout=5m background} -->
\`\`\`bash {name=x cwd="a b" option='Option A' interactive=false mine=1}
ls
\`\`\`
`;
    assert.deepEqual(codes(source)[0]!.attributes, {
      name: 'x', cwd: 'a b', option: 'Option A', interactive: false, timeoutMs: 300_000, background: true, unknown: { mine: '1' },
    }); // biome-ignore format: one thing
    assert.deepEqual(codes('```bash {"name": "x", "background": true}\nls\n```\n')[0]!.attributes, {
      name: 'x',
      background: true,
      unknown: {},
    });
    assert.deepEqual(codes('```bash timeout=soon\nls\n```\n')[0]!.attributes.unknown, { timeout: 'soon' });
  });
});

describe('runnable text', () => {
  const table: [shown: string, run: string][] = [
    ['$ ls -l\ntotal 0\n$ pwd\n/', 'ls -l\n\npwd\n'],
    ['$ kubectl get pod \\\n    -o yaml\nkind: Pod', 'kubectl get pod \\\n    -o yaml\n'],
    ['$ cat <<EOF\n$ not a prompt\nEOF\nout', 'cat <<EOF\n$ not a prompt\nEOF\n'],
    ['user@host:~$ ls\nfile', 'ls\n'],
    ['[root@host etc]# ls\nfile', 'ls\n'],
    ['sh-4.4# ls\nfile', 'ls\n'],
    ['❯ ls\nfile', 'ls\n'],
    ['% ls\nfile', 'ls\n'],
    ['$ curl -d \'{\n  "a": 1\n}\' http://x\nok', 'curl -d \'{\n  "a": 1\n}\' http://x\n'],
    ['$ for i in 1 2; do\n>   echo $i\n> done\n1\n2', 'for i in 1 2; do\n  echo $i\ndone\n\n'],
    ['# a comment\nls', '# a comment\nls'],
    ['kubectl get pods\nNAME READY STATUS\nweb-1 1/1 Running\n\nls', 'kubectl get pods\n\n\n\nls'],
    ['kubectl get pods\nNAME    READY   STATUS\nweb-1   1/1     Running\n\nls', 'kubectl get pods\n\n\n\nls'],
    ['kubectl edit cm\n...\nmetricsBindAddress: 0.0.0.0:10249\n...', 'kubectl edit cm\n\n\n'],
    ['ls\n...\npwd', 'ls\n\npwd'],
    ['$> ls\nfile', 'ls\n'],
    ['curl -v https://x/\n* Trying 1.2.3.4\n< HTTP/1.1 200 OK\n\nls', 'curl -v https://x/\n\n\n\nls'],
    ['psql\ndb=# select 1;\n1\n\nls', 'psql\n\n\n\nls'],
    [
      'ls -al\n\ntotal 8\ndrwxr-x---+ 2 me staff 352 Sep 22 .\n-rw------- 1 me staff 129 Sep 23 x',
      'ls -al\n\n\n\n',
    ],
    ["echo 'it is\nNAME    READY   STATUS'\nls", "echo 'it is\nNAME    READY   STATUS'\nls"],
    ['ls\n', 'ls\n'],
  ];
  for (const [shown, run] of table) {
    it(`of ${JSON.stringify(shown)}`, () => {
      const { text } = runnableText({ language: 'console', text: shown });
      assert.equal(text.split('\n').length, shown.split('\n').length);
      assert.equal(text, run.padEnd(run.length, '\n'));
    });
  }

  it('names the lines that it leaves out, and the prompts it cut', () => {
    const { removedLines, promptLengths } = runnableText({ language: 'bash', text: '$ ls\nfile\n\n$ pwd' });
    assert.deepEqual(removedLines, [1]);
    assert.deepEqual(promptLengths, [2, 0, 0, 2]);
  });
});

describe('front matter', () => {
  it('holds settings; unknown keys are kept', () => {
    const { settings, cells, preamble, problems } = parseText(
      '---\nalert: [A, B]\nseverity: 1\ncontext: prod\nnamespace: web\nshell: bash\ncwd: ..\nenv:\n  A: 1\nteam: x\n---\n\n# T\n',
    );
    assert.deepEqual(settings, {
      alert: ['A', 'B'], severity: '1', context: 'prod', namespace: 'web', shell: 'bash', cwd: '..', env: { A: '1' }, unknown: { team: 'x' },
    }); // biome-ignore format: one thing
    assert.deepEqual(problems, []);
    assert.ok(preamble.endsWith('---\n\n'));
    assert.deepEqual(cells[0]!.lines, [12, 13]);
  });

  it('is read alike by the short way and by the YAML parser', () => {
    for (const line of [
      'title: Some words (x) a/b-c',
      'weight: 20',
      'a: 0',
      'n: yes',
      't: true',
      'z: 007',
      'q: a #b',
      's: a ',
    ]) {
      const short = parseText(`---\n${line}\n---\n`).settings.unknown;
      const long = parseText(`---\n${line}\nlist: []\n---\n`).settings.unknown;
      assert.deepEqual({ ...short, list: [] }, long, line);
    }
  });

  it('may be TOML or JSON, and is no Markdown then', () => {
    assert.deepEqual(parseText('+++\nalert = "X"\n+++\n# T\n').cells.length, 1);
    assert.deepEqual(parseText('{\n"alert": "X"\n}\n# T\n').settings.alert, ['X']);
  });

  it('is not a rule across the page', () => {
    assert.equal(parseText('---\n\nSome words.\n\n---\n').preamble, '');
  });

  it('tells of what it cannot read', () => {
    assert.equal(parseText('---\na: [\n---\n').problems[0]!.code, 'front-matter-syntax');
    assert.equal(parseText('---\nenv: 3\n---\n').problems[0]!.code, 'front-matter-value');
  });
});

describe('headings', () => {
  const source =
    'intro\n\n# A `x` *y*\n\n```bash\nls\n```\n\n## B\n\ntext\n\nC\n===\n\n> # not mine\n\nend\n';

  it('begin Markdown cells and are told for each cell', () => {
    assert.deepEqual(
      parseText(source).cells.map((cell) => [cell.text.split('\n')[0], cell.headings]),
      [
        ['intro', []],
        ['# A `x` *y*', ['A x y']],
        ['ls', ['A x y']],
        ['## B', ['A x y', 'B']],
        ['C', ['C']],
      ],
    );
  });

  it('make sections', () => {
    assert.deepEqual(
      sectionsOf(parseText(source)).map(({ path, cells }) => [path.join(' / '), cells]),
      [
        ['A x y', [1, 4]],
        ['A x y / B', [3, 4]],
        ['C', [4, 5]],
      ],
    );
  });
});

describe('a present cell', () => {
  it('is judged by what it says now', () => {
    const [cell] = open('```bash {name=x}\n```\n').cells;
    assert.equal(cell!.languageId, 'plaintext');
    assert.equal(presentCell(cell!).executable, false);
    const typed = presentCell({ ...cell!, value: 'ls' });
    assert.deepEqual([typed.executable, typed.language, typed.attributes.name], [true, 'bash', 'x']);
    const changed = presentCell({ ...cell!, value: 'print()', languageId: 'python' });
    assert.deepEqual([changed.executable, changed.language], [true, 'python']);
    const fresh = presentCell({ kind: 'code', languageId: 'shellscript', value: 'kind: Pod', metadata: {} });
    assert.deepEqual([fresh.executable, fresh.language], [false, 'bash']);
  });
});
