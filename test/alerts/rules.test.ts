// Rules out of every kind of file that holds them, and their ties to runbooks by URL and by name.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PlacedRule } from '../../src/alerts/rules/alertRule.ts';
import { linkRunbooks } from '../../src/alerts/rules/linkRunbooks.ts';
import { loadRules } from '../../src/alerts/rules/loadRules.ts';
import { readRunbook } from '../../src/alerts/rules/loadRunbooks.ts';
import { parseRuleText } from '../../src/alerts/rules/parseRuleText.ts';
import { rulesOfObject } from '../../src/alerts/rules/rulesOfObject.ts';

const group = `groups:
  - name: g
    rules:
      - record: a:b
        expr: up
      - alert: DiskFull
        expr: disk > 90
        for: 5m
        labels: { severity: critical, tier: 1 }
        annotations: { runbook_url: "https://a/b" }
`;
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const lines = (text: string): string[] =>
  parseRuleText(text).rules.map(({ name, line }) => `${name}:${line}`);

describe('parseRuleText', () => {
  it('reads a rule file, with the places of its rules', () => {
    const [rule] = parseRuleText(group).rules;
    assert.deepEqual(rule, {
      name: 'DiskFull',
      expr: 'disk > 90',
      for: '5m',
      labels: { severity: 'critical', tier: '1' },
      annotations: { runbook_url: 'https://a/b' },
      group: 'g',
      line: 5,
    });
  });

  it('reads manifests, lists of them, several documents, bare rules and ConfigMaps', () => {
    const manifest = `kind: PrometheusRule\nspec:\n${indented(group, 2)}`;
    assert.deepEqual(lines(manifest), ['DiskFull:7']);
    assert.deepEqual(lines(`---\n${manifest}---\n${manifest}`), ['DiskFull:8', 'DiskFull:21']);
    assert.deepEqual(lines(`kind: List\nitems:\n  - spec:\n${indented(group, 6)}`), ['DiskFull:8']);
    assert.deepEqual(lines('- alert: A\n  expr: b\n- alert: B\n  expr: c\n'), ['A:0', 'B:2']);
    assert.deepEqual(lines(`kind: ConfigMap\ndata:\n  r.yml: |\n${indented(group, 4)}`), ['DiskFull:8']);
    assert.deepEqual(lines(JSON.stringify({ groups: [{ rules: [{ alert: 'A', expr: 'b' }] }] })), ['A:0']);
  });

  it('takes nothing else for a rule, and tells what YAML can not read', () => {
    assert.deepEqual(lines('alert: sounds\n'), []);
    assert.deepEqual(lines(''), []);
    const { rules, problems } = parseRuleText('groups:\n- rules:\n  - alert: A\n    expr: b\n  bad: [\n');
    assert.deepEqual(
      rules.map(({ name }) => name),
      ['A'],
    );
    assert.equal(problems[0]?.code, 'rule-file-unreadable');
  });

  it('reads an object of the cluster', () => {
    const rule = { alert: 'A', expr: 'b', for: '1m', labels: { severity: 'info' } };
    const object = { spec: { groups: [{ name: 'g', rules: [rule, { record: 'x' }, null] }] } };
    const [only, ...others] = rulesOfObject(object, 'ns/rules');
    assert.deepEqual(
      [only?.name, only?.group, only?.file, only?.labels],
      ['A', 'g', 'ns/rules', { severity: 'info' }],
    );
    assert.deepEqual(others, []);
    for (const odd of [null, 1, 'a', [], { spec: 1 }, { spec: { groups: {} } }])
      assert.deepEqual(rulesOfObject(odd, ''), []);
  });
});

describe('loadRules', () => {
  it('reads folders without what is no rule file, and files by name', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'runbook-rules-'));
    mkdirSync(path.join(folder, 'sub/node_modules'), { recursive: true });
    writeFileSync(path.join(folder, 'a.yaml'), group);
    writeFileSync(path.join(folder, 'sub/b.rules'), group);
    writeFileSync(path.join(folder, 'sub/node_modules/c.yml'), group);
    writeFileSync(path.join(folder, 'values.yaml'), 'a: [\n');
    writeFileSync(path.join(folder, 'noted.txt'), group);
    const { rules, problems } = await loadRules([folder, path.join(folder, 'noted.txt')]);
    const files = rules.map(({ file }) => path.relative(folder, file));
    assert.deepEqual(files, ['a.yaml', path.join('sub', 'b.rules'), 'noted.txt']);
    assert.deepEqual(problems, []);
    await assert.rejects(loadRules([path.join(folder, 'gone')]), { code: 'ENOENT' });
  });
});

describe('linkRunbooks', () => {
  const ruleOf = (name: string, more: Partial<PlacedRule> = {}): PlacedRule => ({
    name,
    expr: 'up',
    for: '',
    labels: {},
    annotations: {},
    group: 'g',
    line: 3,
    file: 'r.yml',
    ...more,
  });
  const runbook = (file: string, text: string) => readRunbook(file, new TextEncoder().encode(text));
  const byUrl = (url: string) => ruleOf('DiskFull', { annotations: { runbook_url: url } });

  it('matches path, file name and anchor without regard to case', () => {
    const books = [
      runbook('docs/node/disk-full.md', '# Disk full\n\n## Disk Full\n'),
      runbook('docs/db/disk-full.md', '# Disk full\n'),
      runbook('docs/many.md', '# All\n\n## KubeAPIDown\n'),
    ];
    const link = (url: string) =>
      linkRunbooks([byUrl(url)], books).links.map(({ runbook: file, line }) => [file, line]);
    assert.deepEqual(link('https://x/runbooks/DB/Disk-Full'), [['docs/db/disk-full.md', null]]);
    assert.deepEqual(link('https://x/blob/main/docs/node/disk-full.md?plain=1#disk-full-1'), [
      ['docs/node/disk-full.md', 2],
    ]);
    assert.deepEqual(link('https://x/many.html#kubeapidown'), [['docs/many.md', 2]]);
    assert.deepEqual(link('https://x/many/#KubeAPIDown'), [['docs/many.md', 2]]);
    assert.deepEqual(link('docs/node/DISKFULL.md'), [['docs/node/disk-full.md', null]]);
  });

  it('tells dead links by their reason, and several that match as well', () => {
    const books = [runbook('a/x.md', '# x\n'), runbook('b/x.md', '# x\n')];
    const { dead, links } = linkRunbooks(
      [byUrl('https://h/x#none'), byUrl('https://h/gone'), byUrl('https://h/x')],
      books,
    );
    assert.deepEqual(
      dead.map(({ reason }) => reason),
      ['a/x.md has no section "#none"', 'no runbook here matches https://h/gone'],
    );
    assert.match(links[0]!.conflicts.join(), /1 more runbooks match/);
    assert.deepEqual(dead[0]!.rule, { file: 'r.yml', line: 3 });
  });

  it('gives the annotation runbook_url precedence over link, and that over the label', () => {
    const books = ['one', 'two', 'three'].map((name) => runbook(`${name}.md`, '# x\n'));
    const annotations = { runbook_url: 'https://h/one', link: 'https://h/two' };
    const labels = { link: 'https://h/three' };
    const via = (rule: PlacedRule) =>
      linkRunbooks([rule], books).links.map((link) => `${link.via} ${link.runbook}`);
    assert.deepEqual(via(ruleOf('A', { annotations, labels })), ['runbook_url one.md']);
    assert.deepEqual(via(ruleOf('A', { annotations: { link: 'https://h/two' }, labels })), ['link two.md']);
    assert.deepEqual(via(ruleOf('A', { labels })), ['link-label three.md']);
  });

  it('ties by the name that a runbook declares, tells the dead URL, and leaves the rest unlinked', () => {
    const books = [runbook('notes.md', '# x\n\nAlert Name: `DiskFull`\n')];
    const { links, dead, unlinked } = linkRunbooks([byUrl('https://h/gone'), ruleOf('Other')], books);
    assert.deepEqual([links[0]?.via, links[0]?.runbook, links[0]?.line], ['label', 'notes.md', 2]);
    assert.match(links[0]!.conflicts.join(), /leads to no runbook/);
    assert.equal(dead.length, 1);
    assert.deepEqual(
      unlinked.map(({ name }) => name),
      ['Other'],
    );
  });

  it('tells where names and severities disagree, but not where one of two severities fits', () => {
    const books = [runbook('a.md', '# x\n\nAlert Name: `InodesFull`\n\nSeverity: critical\n')];
    const rule = (severity: string) =>
      ruleOf('DiskFull', { annotations: { runbook_url: 'a.md' }, labels: { severity } });
    const [both] = linkRunbooks([rule('warning')], books).links;
    assert.deepEqual(both?.conflicts, [
      'the runbook names InodesFull, the rule DiskFull',
      'the runbook says critical, the rule warning',
    ]);
    const two = linkRunbooks([rule('warning'), rule('critical')], books).links;
    assert.deepEqual(
      two.map(({ conflicts }) => conflicts.length),
      [1, 1],
    );
  });
});
