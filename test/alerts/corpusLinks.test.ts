// The rules of kube-prometheus against the runbooks of the prometheus-operator project.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { linkRunbooks, type RunbookLinks } from '../../src/alerts/rules/linkRunbooks.ts';
import { type LoadedRules, loadRules } from '../../src/alerts/rules/loadRules.ts';
import { loadRunbooks } from '../../src/alerts/rules/loadRunbooks.ts';
import type { RunbookEntry } from '../../src/alerts/rules/runbookEntry.ts';

const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus');
const rulesFolder = path.join(corpus, 'kube-prometheus-rules');
const runbooksFolder = path.join(corpus, 'prometheus-runbooks');

describe('the corpus: rules and runbooks', () => {
  let loaded: LoadedRules;
  let runbooks: RunbookEntry[];
  let result: RunbookLinks;

  before(async function () {
    if (!existsSync(corpus)) {
      console.log(`      skipped: ${corpus} is not here`);
      this.skip();
    }
    loaded = await loadRules([rulesFolder]);
    runbooks = await loadRunbooks(
      [runbooksFolder],
      loaded.rules.map(({ name }) => name),
    );
    result = linkRunbooks(loaded.rules, runbooks);
  });

  it('finds every rule, at the line where it stands', () => {
    assert.deepEqual(loaded.problems, []);
    const wanted = readdirSync(rulesFolder)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .flatMap((name) =>
        readFileSync(path.join(rulesFolder, name), 'utf8')
          .split('\n')
          .flatMap((text, line) => {
            const match = /^ +- alert: (\S+)$/.exec(text);
            return match ? [`${name}:${line} ${match[1]}`] : [];
          }),
      );
    const got = loaded.rules.map(({ file, line, name }) => `${path.basename(file)}:${line} ${name}`);
    assert.equal(wanted.length, 139);
    assert.deepEqual(got, wanted);
  });

  it('ties each rule whose runbook exists, and reports the others', () => {
    const files = new Set(
      runbooks.map(({ file }) => path.relative(runbooksFolder, file).toLowerCase().replace(/\.md$/, '')),
    );
    const stems = new Set([...files].map((file) => path.basename(file)));
    const tied = new Set(result.links.map(({ rule }) => `${rule.file}:${rule.line}`));
    const dead = new Set(result.dead.map(({ rule }) => `${rule.file}:${rule.line}`));
    let exact = 0;
    for (const { annotations, file, line } of loaded.rules) {
      const place = `${file}:${line}`;
      const url = annotations.runbook_url;
      if (!url) continue;
      const end = url.split('/runbooks/')[1]!;
      if (files.has(end)) {
        exact += 1;
        assert.ok(tied.has(place) && !dead.has(place), `${place} is not tied`);
        const link = result.links.find(({ rule }) => `${rule.file}:${rule.line}` === place)!;
        assert.equal(link.via, 'runbook_url');
        assert.equal(
          path.relative(runbooksFolder, link.runbook).toLowerCase(),
          `${end}.md`,
          'tied to another file',
        );
      } else if (!stems.has(path.basename(end))) {
        assert.ok(dead.has(place), `${place} is not reported: ${url}`);
      }
    }
    console.log(
      `      ${loaded.rules.length} rules, ${exact} whose path exists; ${result.links.length} tied, ` +
        `${result.dead.length} dead, ${result.unlinked.length} without a link or runbook`,
    );
    const all = new Set([
      ...tied,
      ...dead,
      ...result.unlinked.map(({ rule }) => `${rule.file}:${rule.line}`),
    ]);
    assert.equal(all.size, loaded.rules.length, 'a rule fell through');
    assert.ok(exact > 90);
  });

  it('gives KubeAPIErrorBudgetBurn both of its severities', () => {
    const own = result.links.filter(({ name }) => name === 'KubeAPIErrorBudgetBurn');
    assert.deepEqual([...new Set(own.map(({ severity }) => severity))].sort(), ['critical', 'warning']);
    assert.equal(own.length, 4);
    assert.deepEqual(
      own.flatMap(({ conflicts }) => conflicts),
      [],
    );
  });

  it('ties PrometheusRemoteWriteBehind by its URL, and tells that the heading says otherwise', () => {
    const link = result.links.find(({ name }) => name === 'PrometheusRemoteWriteBehind')!;
    assert.equal(path.basename(link.runbook), 'PrometheusRemoteWriteBehind.md');
    assert.equal(link.via, 'runbook_url');
    assert.equal(link.conflicts.length, 1);
    assert.match(link.conflicts[0]!, /PrometheusRemoteStorageFailures/);
    const other = result.links.find(({ name }) => name === 'PrometheusRemoteStorageFailures')!;
    assert.equal(path.basename(other.runbook), 'PrometheusRemoteStorageFailures.md');
    assert.deepEqual(other.conflicts, []);
  });

  it('reads from each runbook of an alert the name of its file', () => {
    const odd = runbooks
      .filter(({ file }) => !/_index|README|add-runbook/.test(file))
      .filter(({ file, told }) => told.alerts[0]?.name !== path.basename(file, '.md'))
      .map(({ file, told }) => `${path.basename(file)}: ${told.alerts.map(({ name }) => name).join(',')}`);
    assert.deepEqual(odd, []);
    const pages = runbooks.filter(({ file }) => /_index|README|add-runbook/.test(file));
    assert.deepEqual(
      pages.flatMap(({ told }) => told.alerts),
      [],
    );
  });

  it('has conflicts in the one runbook that has one', () => {
    assert.deepEqual(
      runbooks.filter(({ told }) => told.conflicts.length > 0).map(({ file }) => path.basename(file)),
      ['PrometheusRemoteWriteBehind.md'],
    );
  });
});
