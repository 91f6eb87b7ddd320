// What a session's cells find in their environment, and that an ad-hoc session becomes an incident with all it has.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IncidentLevel } from '../../src/guard/decide.ts';
import { declareIncident } from '../../src/incident/declareIncident.ts';
import { Incident } from '../../src/incident/incident.ts';
import { incidentLevel } from '../../src/incident/incidentLevel.ts';
import { incidentStatus } from '../../src/incident/incidentStatus.ts';
import { fileVariables } from '../../src/incident/sessionVariables.ts';
import { bash, withNotebook } from './sessionBench.ts';

describe('the variables of a session', () => {
  it("are the folder's .env, the runbook's own above it, and the incident's, as it is now", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'runbook-env-'));
    await writeFile(
      path.join(folder, '.env'),
      'FROM_FILE="a b" # said\nexport BOTH=file\nBASH_ENV=./evil\nRUNBOOK_SEVERITY=none\n',
    );
    await writeFile(path.join(folder, 'evil'), 'echo evil');
    await withNotebook(
      async ({ run, session, incident }) => {
        const text = bash(
          'echo "$FROM_FILE,$BOTH,$BASH_ENV"; env | grep ^RUNBOOK_ | grep -v "SESSION\\|EVIDENCE\\|HOST\\|CACHE" | sort',
        );
        const before = await run(text);
        assert.match(before.stdout, /^a b,front,\n/);
        const left = before.notices.filter((text) => text.startsWith('Not taken from'));
        assert.match(left.join(), /: BASH_ENV, RUNBOOK_SEVERITY\. /);
        assert.match(before.stdout, new RegExp(`^RUNBOOK_INCIDENT=${incident.id}$`, 'm'));
        assert.doesNotMatch(before.stdout, /SEVERITY|ALERT/);
        await declareIncident(incident, {
          title: 'Checkout is down',
          severity: 'P1',
          alert: 'CheckoutDown',
          labels: { pod: 'web-1', 'kube-cluster': 'blue' },
        });
        await session.readIncident();
        const after = await run(text);
        assert.doesNotMatch(after.notices.join(), /Not taken/, 'said once');
        for (const line of [
          'RUNBOOK_INCIDENT_TITLE=Checkout is down',
          'RUNBOOK_SEVERITY=P1',
          'RUNBOOK_ALERT=CheckoutDown',
          'RUNBOOK_ALERT_LABEL_POD=web-1',
          'RUNBOOK_ALERT_LABEL_KUBE_CLUSTER=blue',
        ])
          assert.match(after.stdout, new RegExp(`^${line}$`, 'm'));
        const { title, runs } = await incidentStatus(incident.folder);
        assert.deepEqual([title, runs.done], ['Checkout is down', 2]);
      },
      { folder, runbookEnv: { BOTH: 'front' } },
    );
    await rm(folder, { recursive: true });
  });
});

describe('what others declare', () => {
  it('counts from the next run on: its variables, and the level that the guard goes by', async () => {
    let level: IncidentLevel = null;
    let dir = '';
    const readLevel = async (): Promise<void> => {
      level = await incidentLevel(dir, { scales: [] });
    };
    await withNotebook(
      async ({ run, incident, folder }) => {
        dir = incident.folder;
        const place = {
          flag: path.dirname(incident.folder),
          env: { XDG_STATE_HOME: path.join(folder, 'state') },
          tool: { name: 'other', version: '0' },
        };
        const other = await Incident.join(place, incident.id, folder);
        const text = bash('env | grep ^RUNBOOK_SEVERITY');
        const seen: unknown[] = [];
        for (const severity of ['critical', 'low']) {
          await declareIncident(other, { severity });
          seen.push((await run(text)).stdout, level);
        }
        await other.leave();
        assert.deepEqual(seen, ['RUNBOOK_SEVERITY=critical\n', 1, 'RUNBOOK_SEVERITY=low\n', 4]);
      },
      { incidentLevel: () => level, readLevel },
    );
  });
});

describe('the variables of a file', () => {
  it('are none that run code, choose programs or lead elsewhere before anybody is asked', () => {
    const harmless = {
      REGION: 'eu-1',
      PAGER: 'less',
      EDITOR: '',
      PGHOST: 'db',
      AWS_PROFILE: 'x',
      KEEP_DAYS: '30',
    };
    const hostile = {
      BASH_ENV: './evil',
      ENV: './evil',
      PATH: '/opt/repository/bin:/usr/bin',
      KUBECONFIG: './kubeconfig',
      HELM_KUBECONTEXT: 'prod',
      HOME: '.',
      XDG_CONFIG_HOME: '.',
      'BASH_FUNC_ls%%': '() { ./evil; }',
      LD_PRELOAD: './evil.so',
      PROMPT_COMMAND: './evil',
      PS4: '$(./evil)',
      PAGER: './evil',
      GIT_SSH_COMMAND: './evil',
      GIT_CONFIG_COUNT: '1',
      AWS_CONFIG_FILE: './aws',
      OPENSSL_CONF: './openssl.cnf',
      DOCKER_HOST: 'tcp://elsewhere',
      no_proxy: '*',
      HTTPS_PROXY: 'http://elsewhere',
      SHELLOPTS: 'xtrace',
      RUNBOOK_SEVERITY: 'none',
      TF_CLI_ARGS: '-destroy',
    };
    assert.deepEqual(fileVariables({ ...hostile, ...harmless }).taken, harmless);
    assert.deepEqual(fileVariables(hostile), { taken: {}, left: Object.keys(hostile) });
    assert.deepEqual(fileVariables(), { taken: {}, left: [] });
  });
});

describe('the question after a failure', () => {
  it('comes before a change inside a loop, once for what failed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'runbook-fail-'));
    const bin = path.join(folder, 'bin');
    await writeFile(path.join(folder, 'kubectl'), '#!/bin/sh\necho "ran $*"\n', { mode: 0o755 });
    await withNotebook(
      async ({ run, person }) => {
        const text = bash(
          'for i in 1 2; do\n  ls /nonexistent 2>/dev/null\n  kubectl get pods\n  kubectl annotate pod web a=$i\ndone',
        );
        const asked = () =>
          person.questions.filter(({ title }) => /failed/.test(title)).map(({ calls }) => calls[0]!.text);
        const went = await run(text);
        assert.equal(
          went.stdout,
          'ran get pods\nran annotate pod web a=1\nran get pods\nran annotate pod web a=2\n',
        );
        assert.deepEqual(asked(), ['kubectl annotate pod web a=1', 'kubectl annotate pod web a=2']);
        person.questions.length = 0;
        person.answer = ({ title, typed }) =>
          /failed/.test(title) ? { yes: false, reason: 'no' } : { yes: true, ...(typed ? { typed } : {}) };
        const stopped = await run(text);
        assert.equal(stopped.status, 'refused');
        assert.equal(stopped.stdout, 'ran get pods\n');
      },
      { folder, env: { PATH: `${folder}:${bin}:${process.env.PATH}` } },
    );
    await rm(folder, { recursive: true });
  });
});
