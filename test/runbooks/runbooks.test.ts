// Our own runbooks, held to what they teach: every cell is sound shell, every link and rule leads somewhere, every
// section has the alert and severity that a reader would give it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { declarationsOf } from '../../src/alerts/declarationsOf.ts';
import { linkRunbooks } from '../../src/alerts/rules/linkRunbooks.ts';
import { loadRules } from '../../src/alerts/rules/loadRules.ts';
import { loadRunbooks } from '../../src/alerts/rules/loadRunbooks.ts';
import type { DocumentCell, RunbookDocument } from '../../src/document/documentCell.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { loadPolicy } from '../../src/guard/loadPolicy.ts';
import { faults } from '../../src/practice/faults/faults.ts';
import { alertRules } from '../../src/practice/metrics/alertRules.ts';

const folder = path.resolve(import.meta.dirname, '../../runbooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.runbook.md'));
const documentOf = (name: string): RunbookDocument => parseDocument(readFileSync(path.join(folder, name)));
const codeOf = (name: string): DocumentCell[] => documentOf(name).cells.filter(({ kind }) => kind === 'code');

describe('our own runbooks', () => {
  it('are five, one for each system and kind of work', () => {
    assert.deepEqual(names, [
      'aureus-incident-response.runbook.md',
      'policy-enforcement.runbook.md',
      'pqc-maintenance.runbook.md',
      'pqc-scan-failure.runbook.md',
      'security-platform-operations.runbook.md',
    ]);
  });

  for (const name of names) {
    describe(name, () => {
      const cells = codeOf(name);
      const shell = cells.filter(({ executable, language }) => executable && language === 'bash');

      it('has sound shell in every bash cell', () => {
        assert.ok(shell.length >= 10);
        for (const { text, attributes } of shell) {
          const filled = text.replace(/<[a-z]+(-[a-z]+)*>/g, 'value');
          const { status, stderr } = spawnSync('bash', ['-n'], { input: filled, encoding: 'utf8' });
          assert.equal(status, 0, `${attributes.name}: ${stderr}`);
        }
      });

      it('names and limits every cell that runs, each name once', () => {
        const running = cells.filter(({ executable }) => executable);
        const cellNames = running.map(({ attributes }) => attributes.name);
        assert.equal(cellNames.includes(undefined), false);
        assert.equal(new Set(cellNames).size, cellNames.length);
        for (const { attributes, language } of running) {
          if (language !== 'promql') assert.ok(attributes.timeoutMs, `${attributes.name} has no timeout`);
          assert.deepEqual(attributes.unknown, {}, attributes.name);
        }
      });

      it('has no problem of its own, and nothing that asks for a terminal', () => {
        assert.deepEqual(documentOf(name).problems, []);
        for (const { text, attributes } of shell) {
          assert.doesNotMatch(text, /exec .*-(it|ti)\b|logs .*(-f|--follow)\b|kubectl edit/, attributes.name);
        }
      });

      it('refers only to what is there', () => {
        const text = readFileSync(path.join(folder, name), 'utf8');
        for (const [, file] of text.matchAll(/(?:^|[\s`(])\.?\/?((?:k8s|scripts|rules)\/[\w./-]+)/gm)) {
          assert.ok(existsSync(path.join(folder, file!)), `${name} names ${file}`);
        }
        for (const [, target] of text.matchAll(/\]\(([\w-]+\.runbook\.md)(?:#[^)]*)?\)/g)) {
          assert.ok(names.includes(target!), target);
        }
      });

      it('links only to headings that it has', async () => {
        const [entry] = await loadRunbooks([path.join(folder, name)]);
        const text = readFileSync(path.join(folder, name), 'utf8');
        for (const [, anchor] of text.matchAll(/\]\(#([^)]*)\)/g)) {
          assert.ok(entry!.anchors.has(anchor!), `#${anchor}`);
        }
      });
    });
  }

  it('answer every rule, and every rule leads to one', async () => {
    const { rules } = await loadRules([path.join(folder, 'rules')]);
    const runbooks = await loadRunbooks(
      [folder],
      rules.map(({ name }) => name),
    );
    const { links, dead, unlinked } = linkRunbooks(rules, runbooks);
    assert.deepEqual(dead, []);
    assert.deepEqual(unlinked, []);
    assert.equal(links.length, rules.length);
    assert.equal(rules.length, 16);
    assert.deepEqual(
      links.flatMap(({ name, conflicts }) => conflicts.map((one) => `${name}: ${one}`)),
      [],
    );
    for (const runbook of names) {
      const declared = documentOf(runbook).settings.alert ?? [];
      const known = new Set(rules.map(({ name }) => name));
      assert.deepEqual(
        declared.filter((name) => !known.has(name)),
        [],
        runbook,
      );
    }
  });

  it('declare only alerts that the practice cluster has a rule for, and a fault but for the backup', () => {
    const declared = names.flatMap((runbook) =>
      declarationsOf(documentOf(runbook), runbook).alerts.map(({ name }) => name),
    );
    const practised = new Set(alertRules.map(({ alert }) => alert));
    const broken = new Set(faults.map(({ alert }) => alert));
    assert.ok(declared.length >= 16, declared.join());
    assert.deepEqual(
      declared.filter((name) => !practised.has(name)),
      [],
    );
    assert.deepEqual(
      declared.filter((name) => !broken.has(name)),
      ['BackupFailure'],
    );
  });

  it('tell each cell the alert and severity that a reader would give it', () => {
    const table: [runbook: string, cell: string, alert: string, level: number | null][] = [
      ['pqc-scan-failure', 'memory-cure', 'PQCAuditOutOfMemory', 2],
      ['pqc-maintenance', 'daily-health', '', null],
      ['pqc-maintenance', 'weekly-roll', 'MaintenanceRequired', 3],
      ['pqc-maintenance', 'damage-restore', '', 1],
      ['policy-enforcement', 'enforce', 'PolicyEnforcementDisabled', 1],
      ['policy-enforcement', 'faster', '', 2],
      ['policy-enforcement', 'certificates', 'CertificateExpired', 1],
      ['pqc-maintenance', 'backup-make', 'BackupFailure', 1],
      ['security-platform-operations', 'login-restart', 'AuthServiceCrashLooping', 1],
      ['security-platform-operations', 'latency-cure', 'AuthLatencyHigh', 2],
      ['security-platform-operations', 'slow-cure', 'PolicyEvaluationSlow', 3],
      ['aureus-incident-response', 'frontend-mend', 'AureusFrontendDown', 1],
      ['aureus-incident-response', 'engine-mend', 'AureusPolicyEngineDown', 2],
      ['aureus-incident-response', 'limit-mend', 'AureusRateLimitFalsePositives', 3],
    ]; // biome-ignore format: a table
    const wrong: string[] = [];
    for (const [runbook, cell, alert, level] of table) {
      const document = documentOf(`${runbook}.runbook.md`);
      const index = document.cells.findIndex(({ attributes }) => attributes.name === cell);
      assert.ok(index >= 0, cell);
      const told = declarationsOf(document, `${runbook}.runbook.md`).cells[index]!;
      const alerts = told.alerts.map((one) => one.name);
      if ((alerts[0] ?? '') !== alert)
        wrong.push(`${cell}: ${alerts.join(', ') || 'no alert'}, not ${alert}`);
      if ((told.severity?.level ?? null) !== level) {
        wrong.push(`${cell}: ${told.severity?.raw} (${told.severity?.level}), not ${level}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('come with a policy that is valid and trusts exactly the scripts that are there', () => {
    const { policy, problems } = loadPolicy(readFileSync(path.join(folder, '.runbook/policy.yaml'), 'utf8'));
    assert.deepEqual(problems, []);
    assert.ok(policy);
    assert.ok(policy.scripts.length >= 3);
    for (const { path: file, sha256 } of policy.scripts) {
      const digest = createHash('sha256')
        .update(readFileSync(path.join(folder, file)))
        .digest('hex');
      assert.equal(
        digest,
        sha256,
        `${file} has changed since it was read: read it again, then mend its digest`,
      );
    }
  });

  it('come with manifests that parse and scripts that say how they are used', () => {
    for (const name of readdirSync(path.join(folder, 'k8s'))) {
      for (const document of parseAllDocuments(readFileSync(path.join(folder, 'k8s', name), 'utf8'))) {
        assert.deepEqual(document.errors, [], name);
        const { apiVersion, kind, metadata } = document.toJS();
        assert.ok(apiVersion && kind && metadata.name && metadata.namespace, name);
      }
    }
    for (const name of readdirSync(path.join(folder, 'scripts'))) {
      const file = path.join(folder, 'scripts', name);
      assert.ok(statSync(file).mode & 0o100, `${name} is not executable`);
      const run = spawnSync(file, ['--no-such-flag'], { encoding: 'utf8' });
      assert.equal(run.status, 2, name);
      assert.match(run.stderr, /no-such-flag|usage/, name);
    }
  });
});
