// The guard's rarer questions in the window, each seen dark and light: the second person by a real signature, the broken
// glass with its countersignature, ways out of the pin, the gate, a refusal, values that are asked again, the way back,
// and the policy's editor.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { allSystems } from '../../../src/practice/systems/allSystems.ts';
import { type GuardedCluster, openGuardedCluster } from '../../incident/guardedCluster.ts';
import { host, project, recordedEvents, useWindow } from '../harness.ts';
import { type Asked, type Reply, Responding } from './responder.ts';

const cell = (title: string, text: string): string => `## ${title}\n\n\`\`\`bash\n${text}\n\`\`\`\n\n`;
const document = `# Guard\n\n${[
  cell('Unknown', './restore.sh --all'),
  cell('Destroy', 'kubectl delete configmap from-outside -n aureus'),
  cell('Pin', 'kubectl --context system-of-prod label node --all seen=yes'),
  cell(
    'Gate',
    'kubectl delete pod -n aureus $(kubectl get pods -n aureus -l component=redis -o name | head -1 | cut -d/ -f2)',
  ),
  cell('Failure', 'false\nkubectl annotate deployment/aureus-frontend -n aureus looked=yes --overwrite'),
  cell('Refused', 'kubectl get secret -n aureus -o yaml'),
  cell('Pod', 'kubectl logs <frontend-pod> -n aureus --tail=1'),
  cell('Severity', 'echo the level is <severity>'),
  cell('Values', 'echo <incident-id> in <namespace> for <commander>, <what>, $DB_PASSWORD | wc -c'),
  cell(
    'Approval',
    '# Scale up, REQUIRES APPROVAL, must be reverted within 1 hour\nkubectl scale deployment/aureus-frontend -n aureus --replicas=4',
  ),
  cell('Glass', '# Restart, REQUIRES APPROVAL\nkubectl rollout restart deployment/aureus-frontend -n aureus'),
  cell('Dated', 'kubectl annotate ns aureus "seen=$(date +%Y%m%d-%H%M%S)" --overwrite'),
  '## Emergency Procedures\n\n',
  cell('Look wider', 'kubectl annotate ns aureus wide=yes --overwrite').replace('##', '###'),
  '### Flush\n\nOnly as a LAST RESORT, since data loss is possible. **REQUIRES APPROVAL** of the incident commander.\n\n',
  '```bash\nkubectl annotate ns aureus flush=yes --overwrite\n```\n\n',
  cell(
    'Options',
    '# Option A: Note it\nkubectl annotate ns aureus noted=yes --overwrite\n\n# Option B: Ask the database\nkubectl exec -n aureus -l component=postgres -- psql -c "SELECT 1"',
  ),
  cell('Repin', 'kubectl config set-context --current --namespace=aureus'),
  cell(
    'Elsewhere',
    'false\nkubectl annotate deployment/sidecar-watcher -n production looked=yes --overwrite',
  ),
  cell('Second glass', '# Note, REQUIRES APPROVAL\nkubectl annotate ns aureus glass=two --overwrite'),
].join('')}`;

describe('the guard’s questions, in the workbench', function () {
  if (host !== 'newest') {
    it.skip('(the newest host is needed)');
    return;
  }
  this.timeout(600_000);
  let cluster: GuardedCluster;
  let folder = '';
  let responding: Responding | undefined;
  let asked: Asked[] = [];
  const pods: string[] = [];
  let chosenPod = '';
  const key = (name: string): string => path.join(cluster.folder, name);
  const state = (): string => path.join(cluster.folder, 'state');
  const approve = async (...args: string[]): Promise<string> => {
    const cli = path.join(project, 'dist/cli/runbook.js');
    return (
      await promisify(execFile)(process.execPath, [cli, 'approve', ...args, '--key', key('bob')])
    ).stdout.trim();
  };
  /** The newest request that was made. */
  const request = async (): Promise<string> => {
    const requests = path.join(state(), 'runbook-notebooks/approvals/requests');
    const names = await readdir(requests);
    const times = await Promise.all(
      names.map(
        async (name) => JSON.parse(await readFile(path.join(requests, name), 'utf8')).createdAt as string,
      ),
    );
    return path.join(requests, names[times.indexOf([...times].sort().at(-1)!)]!);
  };

  async function reply({ form, title, text }: Omit<Asked, 'answer'>): Promise<Reply> {
    const kind = title.replace(/\W+/g, '-').replace(/^-|-$/g, '').slice(0, 40);
    if (/alternatives/.test(text)) {
      // The row for the reason by keyboard alone, then the first option.
      return /say why, too/.test(text)
        ? { kind: 'options', keys: ['ArrowUp', 'Enter'] }
        : { kind: 'options-why' };
    }
    if (/Why this one/.test(text)) return { kind: 'option-reason', type: 'it does no harm' };
    if (form === 'dialog' && /Request Approval/.test(text))
      return /Glass|Restart|Note|Flush/i.test(title)
        ? { kind, press: 'Break the Glass' }
        : { kind, press: 'Request Approval' };
    if (/\(1 of 2\)/.test(title)) return { kind, type: 'prod' };
    if (/\(2 of 2\)/.test(title)) return { kind, type: 'all pagers are down' };
    if (/^Request Approval/.test(title)) return { kind, type: 'it is slow' };
    if (/runbook-approved/.test(text)) return { kind: 'answer', type: await approve(await request()) };
    const typed = /Type (\S+) to run it/.exec(text)?.[1];
    if (typed) return { kind, type: typed };
    if (/frontend-pod/.test(title)) {
      pods.push(text);
      return { kind: `pod-${pods.length}` };
    }
    if (/\$DB_PASSWORD/.test(title)) return { kind: 'masked', type: 'hunter2-blue' };
    if (/<what>/.test(title)) return { kind: 'value', type: 'the test' };
    return { kind: kind || form };
  }

  const window = useWindow(async () => {
    cluster = await openGuardedCluster(allSystems);
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-guard-'));
    mkdirSync(path.join(folder, '.runbook'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bob', '-f', key('bob')]);
    await writeFile(key('allowed'), `bob@x ${await readFile(`${key('bob')}.pub`, 'utf8')}`);
    await writeFile(key('policy.yaml'), `allowedSigners: ${key('allowed')}\nconsent: { secret: refuse }\n`);
    await writeFile(
      path.join(folder, '.runbook/policy.yaml'),
      'version: 1\nconsent:\n  change: maybe\ncolour: red\n',
    );
    await writeFile(path.join(folder, 'guard.runbook.md'), document);
    await writeFile(path.join(folder, 'restore.sh'), 'echo restored\n', { mode: 0o755 });
    await cluster.kubectl('create', 'configmap', 'from-outside', '-n', 'aureus', '--from-literal=a=1');
    return {
      folder,
      env: { ...cluster.env, XDG_STATE_HOME: state() },
      settings: { 'runbook.policy': key('policy.yaml'), 'window.autoDetectColorScheme': true },
    };
  });
  after(async () => {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const step = async (text: string): Promise<string> => {
    const index = await window.workbench.findCell(text);
    const stepped = await responding!.step(index, 40_000);
    asked = [...stepped.asked];
    console.log(`      ${text}: ${stepped.state}, ${asked.map(({ title }) => title).join(' | ')}`);
    return stepped.state;
  };

  /** In whichever of the tests comes first: one may be run alone. */
  beforeEach(async () => {
    if (responding) return;
    const { workbench } = window;
    await workbench.openNotebook('guard.runbook.md');
    responding = new Responding(workbench, { reply, prefix: 'guard' });
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.pick('Start an incident');
    await workbench.answer('practice of the guard');
    await workbench.quickPickRows();
    await workbench.press('Enter');
    await workbench.untilText('<1 min');
  });

  it('are of each kind', async () => {
    await step('./restore.sh');
    assert.match(asked[0]!.text, /UNKNOWN: .*restore\.sh/);
    assert.equal(await step('from-outside'), 'success');
    assert.match(asked[0]!.text, /DESTROY: /);
    assert.match(asked[1]!.text, /Type prod/);
    await step('system-of-prod');
    assert.match(asked[0]!.text, /system-of-prod/);
    await step('component=redis');
    assert.match(asked.at(-2)!.text, /no question has shown before/);
    await step('looked=yes');
    assert.match(asked.at(-1)!.title, /A command failed/);
    assert.match(asked.at(-1)!.text, /Target: prod, namespace aureus/);
    assert.equal(await step('get secret'), 'error');
    assert.equal(asked.length, 0);
    await responding!.picture('refused');
  });

  it('ask again for a pod that is gone, and for what came from the severity', async () => {
    const { workbench } = window;
    assert.equal(await step('<frontend-pod>'), 'success');
    await step('<frontend-pod>');
    assert.equal(asked.length, 0, 'it is remembered');
    const used = (await recordedEvents(window.evidence)).flatMap(({ extra }) =>
      Object.values((extra as { values?: object } | undefined)?.values ?? {}),
    );
    chosenPod = String(used[0]);
    await cluster.kubectl('delete', 'pod', chosenPod, '-n', 'aureus');
    await step('<frontend-pod>');
    assert.match(pods[1]!, new RegExp(`${chosenPod} is gone`));
    assert.match(pods[1]!, /aureus-frontend-\S+.*pod, Running/);
    await step('<severity>');
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.pick('Change the severity');
    await workbench.quickPickRows();
    await workbench.press('ArrowDown', 'Enter');
    await step('<severity>');
    assert.match(asked[0]!.text, /was given when the severity was/);
    await step('$DB_PASSWORD');
    await responding!.picture('after-values');
    const written = JSON.stringify(await recordedEvents(window.evidence));
    assert.doesNotMatch(written, /hunter2-blue/);
  });

  it('have a second person, a broken glass that one countersigns, and a way back', async () => {
    const { workbench } = window;
    assert.equal(await step('--replicas=4'), 'success');
    await responding!.picture('approved-with-time-box');
    assert.equal(await step('rollout restart'), 'success');
    await responding!.picture('glass-broken');
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.quickPickRows();
    await responding!.picture('menu-with-glass');
    await workbench.pick('Have a broken glass countersigned');
    await workbench.quickInput.locator('input').first().waitFor();
    await responding!.picture('countersign');
    const broken = (await recordedEvents(window.evidence)).find(
      ({ decision }) => decision === 'break-glass',
    )!;
    const { request: line } = broken.extra as { request: string };
    await workbench.answer(await approve('--countersign', line));
    await workbench.untilText('Countersigned by bob@x');
    const decisions = (await recordedEvents(window.evidence))
      .sort((one, other) => String(one.time).localeCompare(String(other.time)))
      .flatMap(({ type, decision }) => (type === 'approval' ? [decision] : []));
    assert.deepEqual(decisions, ['requested', 'approved', 'break-glass', 'countersigned']);
    const index = await workbench.findCell('--replicas=4');
    await workbench.pressStatusItem(index, 'Undo:');
    const undone = await responding!.until(index, 40_000);
    console.log(`      undo: ${undone.state}, ${undone.asked.map(({ title }) => title).join(' | ')}`);
    assert.equal(
      await cluster.kubectl(
        'get',
        'deployment/aureus-frontend',
        '-n',
        'aureus',
        '-o',
        'jsonpath={.spec.replicas}',
      ),
      '3',
    );
    await responding!.picture('undone');
  });

  it('quote the document, show a date once, take a reason by keyboard, and say where a call goes', async () => {
    await step('%Y%m%d-%H%M%S');
    assert.equal(asked.length, 1, 'not again at the gate');
    assert.match(asked[0]!.text, /date \+%Y/);
    await step('wide=yes');
    assert.match(asked[0]!.text, /the runbook says: “Emergency Procedures”/);
    await responding!.picture('after-cue');
    await step('flush=yes');
    assert.match(asked[0]!.text, /the runbook says: “.*(LAST RESORT|REQUIRES APPROVAL)/);
    assert.equal(await step('noted=yes'), 'success');
    assert.match(asked[0]!.text, /can't work here: kubectl exec has no -l/);
    const chosen = (await recordedEvents(window.evidence)).find(({ type }) => type === 'cell.choice');
    assert.deepEqual(chosen?.extra, { reason: 'it does no harm' });
    await step('set-context');
    await step('sidecar-watcher');
    assert.match(asked.at(-1)!.title, /A command failed/);
    assert.match(asked.at(-1)!.text, /⚠ NOT aureus: goes to namespace production/);
  });

  it('have a glass that is countersigned after the close, as report, review and verification tell', async () => {
    const { workbench } = window;
    assert.equal(await step('glass=two'), 'success');
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.pick('Close the incident');
    if (
      await workbench.dialog.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      )
    ) {
      await responding!.picture('closing');
      await workbench.pressDialogButton('Close All the Same');
    }
    await workbench.answer('over');
    await workbench.untilText(/is closed, sealed and packed/);
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.quickPickRows();
    await responding!.picture('menu-closed-with-glass');
    await workbench.pick('Have a broken glass countersigned');
    await workbench.quickInput.locator('input').first().waitFor();
    const broken = (await recordedEvents(window.evidence)).findLast(
      ({ decision, covers }) => decision === 'break-glass' && /glass=two/.test(JSON.stringify(covers)),
    )!;
    await workbench.answer(await approve('--countersign', (broken.extra as { request: string }).request));
    await workbench.untilText('Countersigned by bob@x');
    await responding!.picture('countersigned-after-close');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Runbook: Open Report of Incident');
    await workbench.untilText('countersigned by bob@x');
    await responding!.picture('report-glass');
    await workbench.runCommand('Runbook: Review Incident or Pack');
    await workbench.pick('practice of the guard');
    await workbench.untilText(/Verified, \d+ events/);
    await workbench.findCell('glass=two');
    await responding!.picture('review-glass');
    const root = path.join(window.evidence);
    const [id] = (await readdir(root)).filter((name) => !name.includes('.'));
    const cli = path.join(project, 'dist/cli/runbook.js');
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'verify', path.join(root, id!)]);
    console.log(stdout);
    assert.match(stdout, /verified: incident/);
  });

  it('have a policy that is written with help', async () => {
    const { workbench } = window;
    await workbench.openFile(path.join(folder, '.runbook/policy.yaml'));
    await workbench.runCommand('View: Toggle Problems');
    await workbench.untilText(/colour/);
    await responding!.picture('policy-problems');
    await workbench.page.locator('.editor-instance:visible .view-lines').first().click();
    await workbench.press('Control+End');
    await workbench.page.keyboard.type('consent:\n  destroy: ');
    await workbench.press('Control+Space');
    await workbench.untilText('two-person');
    await responding!.picture('policy-completion');
  });
});
