import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { combinePolicies, policyDigest } from '../../src/guard/combinePolicies.ts';
import { decide } from '../../src/guard/decide.ts';
import { loadPolicy } from '../../src/guard/loadPolicy.ts';
import { emptyPolicy, type Policy } from '../../src/guard/policy.ts';
import { projectTools } from '../../src/guard/projectTools.ts';
import { readWorkspacePolicy } from '../../src/guard/readWorkspacePolicy.ts';
import { targetOf } from '../../src/guard/targetOf.ts';
import { assess } from '../../src/shell/assess.ts';
import { shellParser } from '../shell/shellParser.ts';

function policy(text: string): Policy {
  const loaded = loadPolicy(text);
  assert.deepEqual(loaded.problems, []);
  return loaded.policy!;
}

describe('a policy', () => {
  it('tells what is wrong in it, and where', () => {
    const { policy: none, problems } = loadPolicy(
      'consent:\n  destroy: maybe\n  chnge: run\ntargets:\n  - color: red\n    server: x\n',
    );
    assert.equal(none, null);
    const at = problems.map(({ message, range }) => [range.line, message]);
    assert.ok(
      at.some(([line, message]) => line === 1 && /destroy/.test(String(message))),
      JSON.stringify(at),
    );
    assert.ok(
      at.some(([line, message]) => line === 2 && /chnge/.test(String(message))),
      JSON.stringify(at),
    );
    assert.ok(
      at.some(([line, message]) => line === 4 && /needs `name`/.test(String(message))),
      JSON.stringify(at),
    );
    assert.equal(loadPolicy('a: [').policy, null);
    assert.equal(loadPolicy('[]').policy, null);
    assert.deepEqual(loadPolicy('').policy, emptyPolicy);
  });

  it('of the user goes both ways, of the workspace only to the stricter', () => {
    const user = policy('consent:\n  change: {production: two-person}\n  unknown: run\n');
    const text = 'consent:\n  change: run\n  read: {severeIncident: confirm}\n  destroy: refuse\n';
    const both = combinePolicies(user, { policy: policy(text), text });
    assert.deepEqual(both.table.change, ['run', 'two-person', 'confirm', 'confirm']);
    assert.deepEqual(both.table.unknown, ['run', 'run', 'run', 'run']);
    assert.deepEqual(both.table.read, ['run', 'run', 'run', 'confirm']);
    assert.deepEqual(both.table.destroy, ['refuse', 'refuse', 'refuse', 'refuse']);
    assert.equal(both.ignored.length, 3);
    assert.equal(both.workspaceDigest, policyDigest(text));
    const asked = decide({ risk: 'destroy', production: true, incidentLevel: 1 }, both.table);
    assert.equal(asked.consent, 'refuse');
  });

  it('of the workspace can free no target, name no signer, and trust no tool of its own', () => {
    const text = `targets: [{name: x, server: "https://x", production: false}]\nallowedSigners: s\nacceptWorkspaceTools: true\ntools: [{command: ./t, subcommands: {a: read, b: destroy}}]\nscripts: [{path: x.sh, sha256: "${'a'.repeat(64)}", risk: read}]\n`;
    const theirs = { policy: policy(text), text };
    const alone = combinePolicies(emptyPolicy, theirs);
    assert.equal(alone.targets[0]!.production, true);
    assert.deepEqual(alone.saidProduction, [], 'it did not say so: it counts as such');
    assert.equal(alone.allowedSigners, undefined);
    assert.deepEqual([...alone.tools[0]!.subcommands], [['b', 'destroy']]);
    assert.deepEqual(alone.scripts, []);
    assert.equal(alone.ignored.length, 4);
    for (const accept of [true, [policyDigest(text)]]) {
      const accepted = combinePolicies({ ...emptyPolicy, acceptWorkspaceTools: accept }, theirs);
      assert.equal(accepted.tools[0]!.subcommands.get('a'), 'read');
      assert.equal(accepted.scripts.length, 1);
    }
    assert.deepEqual(
      combinePolicies({ ...emptyPolicy, acceptWorkspaceTools: ['sha256:0'] }, theirs).scripts,
      [],
    );
  });

  it('knows targets by server and CA; what is not listed is production', () => {
    const { targets } = policy(`targets:
  - {name: staging, color: green, production: false, server: "https://STAGING:443/"}
  - {name: by-ca, production: false, ca: "sha256:${'a'.repeat(64)}"}
  - {name: by-name, production: false, context: dev}
  - {name: shop, production: true, server: "https://staging", namespaces: ["shop*"]}
`);
    assert.deepEqual(targetOf(targets, { server: 'https://staging' }), {
      name: 'staging',
      color: 'green',
      production: false,
      listed: true,
    });
    assert.equal(targetOf(targets, { server: 'https://staging:443', namespace: 'shop-eu' }).production, true);
    assert.equal(
      targetOf(targets, { server: 'https://other', ca: `sha256:${'a'.repeat(64)}` }).production,
      false,
    );
    assert.equal(targetOf(targets, { server: 'https://staging.evil' }).production, true);
    assert.deepEqual(targetOf(targets, { server: 'https://prod', context: 'dev' }), {
      name: 'dev',
      color: undefined,
      production: true,
      listed: false,
    });
  });

  it('classes the project’s own tools by subcommand, and trusts scripts by digest', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
    try {
      mkdirSync(path.join(folder, 'scripts'));
      const body = 'echo hi\n';
      writeFileSync(path.join(folder, 'scripts/x.sh'), body);
      const sha256 = createHash('sha256').update(body).digest('hex');
      const { tools, scripts } = policy(`tools:
  - {command: ./pfctl, subcommands: {status: read, status update: change, config: unknown, config show: read}}
scripts:
  - {path: scripts/x.sh, sha256: "${sha256}", risk: change}
`);
      const parser = await shellParser();
      const riskOf = (text: string) =>
        assess(parser, text, { projectTools: projectTools({ tools, scripts, folder }) }).risk;
      assert.equal(riskOf('./pfctl status --env production'), 'read');
      assert.equal(riskOf('./pfctl status update --status "x"'), 'change');
      assert.equal(riskOf('./pfctl config show > a.json'), 'write');
      assert.equal(riskOf('./pfctl rotate'), 'unknown');
      assert.equal(riskOf('sudo ./pfctl status update'), 'change');
      assert.equal(riskOf('./pfctl $X'), 'unknown');
      assert.equal(riskOf('./scripts/x.sh a'), 'change');
      assert.equal(riskOf('bash scripts/x.sh'), 'change');
      writeFileSync(path.join(folder, 'scripts/x.sh'), `${body}rm -rf /\n`);
      assert.equal(riskOf('./scripts/x.sh a'), 'unknown');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('of the workspace is that of the default branch, not the edited file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        stdio: 'pipe',
      });
    try {
      assert.equal(await readWorkspacePolicy(folder), undefined);
      git('init', '-q', '-b', 'main');
      mkdirSync(path.join(folder, '.runbook'));
      writeFileSync(path.join(folder, '.runbook/policy.yaml'), 'version: 1\n');
      git('add', '.');
      git('commit', '-qm', 'a');
      git('checkout', '-qb', 'sneaky');
      writeFileSync(path.join(folder, '.runbook/policy.yaml'), 'consent: {destroy: run}\n');
      git('commit', '-qam', 'b');
      assert.deepEqual(await readWorkspacePolicy(folder), { text: 'version: 1\n', ref: 'refs/heads/main' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
