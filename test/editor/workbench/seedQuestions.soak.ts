// An hour of the seeds' work in an incident of level 1, in production, as a responder steps it in the window: every
// question with its cell and why it is wanted, as a table. None may be needless, and each names target, object and
// risk.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allSystems } from '../../../src/practice/systems/allSystems.ts';
import { type GuardedCluster, openGuardedCluster } from '../../incident/guardedCluster.ts';
import { layFiles } from '../../practice/seedFiles.ts';
import { host, recordedEvents, sharedFolder, useWindow } from '../harness.ts';
import { type Asked, type Reply, Responding, type Stepped } from './responder.ts';

const seeds = sharedFolder('seeds');
const mostMs = 25_000;
const wanted = (process.env.RUNBOOK_SEEDS ?? 'aureus-incident-response policy-enforcement').split(' ');

/** The seeds' own command, and how a policy of one's own classes it. */
const pfctl = `#!/bin/sh
echo "pfctl $*: done"
`;
const reads = [
  'status',
  'analyze',
  'collect',
  'config show',
  'config diff',
  'validate',
  'certs verify',
  'logs',
  'health',
  'test',
];
const changes = [
  'incident',
  'status update',
  'config update',
  'config deploy',
  'rotate',
  'policy',
  'security',
  'monitoring',
];
const policy = [
  'tools:',
  '  - command: ./pfctl',
  '    otherwise: change',
  '    subcommands:',
  ...reads.map((verb) => `      ${verb}: read`),
  ...changes.map((verb) => `      ${verb}: change`),
  '',
].join('\n');

/** Why somebody careful wants to be asked, by what the question itself says. */
function whyWanted({ form, title, text }: Asked): string {
  if (/^A command failed/.test(title)) return 'a command failed, and the next one changes something';
  if (/DESTROY:/.test(text)) return 'it takes away what nothing brings back';
  const said = /the runbook says: “([^”]+)”/.exec(text)?.[1];
  if (said) return `the document says so: “${said}”`;
  if (/turns off/.test(text)) return 'it turns off a security control';
  if (/CHANGE:/.test(text)) return 'it changes something in production';
  if (/UNKNOWN:/.test(text)) return 'nobody can tell from its text what it does';
  if (/SECRET:/.test(text)) return 'it shows credentials';
  if (/Type \S+ to run it/.test(text)) return 'the same question: the target by its name';
  if (/Why this one/.test(text)) return 'the choice is grave: the reviewer wants its reason';
  if (/alternatives/.test(text)) return 'only one of them may run';
  if (/makes another name/.test(text)) return 'the file was written under another name';
  return form === 'dialog' ? '' : 'the document leaves a value open';
}

/** As an engineer who goes ahead: a yes where it is asked for, the first suggestion, the first option. */
function reply({ form, title, text }: Omit<Asked, 'answer'>): Reply {
  if (form === 'dialog') {
    if (/^A command failed/.test(title)) return { kind: 'failure', press: 'Go On' };
    if (/Continue…/.test(text)) return { kind: /unapproved/.test(text) ? 'unapproved' : 'type-name' };
    return { kind: `confirm-${/(UNKNOWN|SECRET|CHANGE|DESTROY)/.exec(text)?.[1]?.toLowerCase() ?? 'other'}` };
  }
  const typed = /Type (\S+) to run it/.exec(text)?.[1];
  if (typed) return { kind: 'typed-name', type: typed };
  if (/Why this one/.test(text)) return { kind: 'option-reason', type: 'it looks right' };
  if (/alternatives/.test(text)) return { kind: 'options', keys: ['Enter'] };
  if (/Values of this step/.test(title)) return { kind: 'values', keys: ['Enter'] };
  if (/choose or type|kept for this incident/.test(text)) {
    const offered = !/Results Leave out/.test(text);
    return offered ? { kind: 'value' } : { kind: 'value-left-out', keys: ['ArrowDown', 'Enter'] };
  }
  return { kind: `other-${form}` };
}

describe('the questions of the seeds, in the workbench', function () {
  if (!seeds || host !== 'newest') {
    it.skip('(the seeds and the newest host are needed)');
    return;
  }
  this.timeout(1_800_000);
  let cluster: GuardedCluster;
  let folder = '';
  const window = useWindow(async () => {
    cluster = await openGuardedCluster(allSystems);
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-seeds-'));
    layFiles(folder);
    await writeFile(path.join(folder, 'pfctl'), pfctl, { mode: 0o755 });
    await writeFile(path.join(cluster.folder, 'policy.yaml'), policy);
    execFileSync(
      'sh',
      ['-c', 'git init -q . && git add . && git -c user.name=a -c user.email=a@x commit -qm all'],
      {
        cwd: folder,
      },
    );
    return {
      folder,
      files: wanted.map((name) => path.join(seeds, `${name}.runbook.md`)),
      env: { ...cluster.env },
      settings: {
        'runbook.policy': path.join(cluster.folder, 'policy.yaml'),
        'window.autoDetectColorScheme': true,
        'runbook.cell.timeout': '20s',
      },
    };
  });
  after(async () => {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const name of wanted) {
    it(name, async () => {
      const { workbench } = window;
      await workbench.openNotebook(`${name}.runbook.md`);
      await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
      await workbench.pick('Start an incident');
      await workbench.answer('practice of the worst');
      await workbench.quickPickRows();
      await workbench.press('Enter');
      await workbench.untilText(/(P0|SEV-1|critical|Severity 1|P1)\b.*<1 min/i);
      const responding = new Responding(workbench, { reply, prefix: 'questions' });
      const steps: Stepped[] = [];
      const count = await workbench.cellCount();
      for (let cell = 0; cell < count; cell++) {
        if ((await workbench.cellKind(cell)) !== 'code') continue;
        const stepped = await responding.step(cell, mostMs);
        steps.push(stepped);
        console.log(`      ${cell} ${stepped.state}: ${stepped.asked.map((one) => one.title).join(' | ')}`);
      }
      const asked = steps.flatMap((one) => one.asked);
      if (process.env.RUNBOOK_QUESTIONS) {
        const rows = asked.map(
          (one) => `${one.cell}\t${one.form}\t${one.title}\t${one.answer}\n${indented(one.text)}`,
        );
        await writeFile(path.join(process.env.RUNBOOK_QUESTIONS, `${name}.txt`), rows.join('\n\n'));
      }
      console.log(asked.map((one) => `      | ${one.cell} | ${one.title} | ${whyWanted(one)} |`).join('\n'));
      const events = await recordedEvents(window.evidence);
      const put = events.filter(({ type }) => type === 'cell.question');
      console.log(
        `      ${steps.length} cells, ${asked.length} times something asked, ${put.length} questions`,
      );
      for (const { form, title, text } of asked) {
        assert.notEqual(whyWanted({ cell: 0, form, title, text, answer: '' }), '', title);
        if (form !== 'dialog') continue;
        assert.match(text, /Target: /, title);
        assert.match(text, /(SECRET|CHANGE|UNKNOWN|DESTROY): /, title);
        assert.doesNotMatch(text, /Asked because: (read|write)/, title);
      }
    });
  }
});

const indented = (text: string): string => text.replaceAll(/^/gm, '      ');
