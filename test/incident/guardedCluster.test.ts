// The guard with the real kubectl and a real API: one question lists what a loop will do, a no does nothing, and no
// way around the pinned cluster goes unasked.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openReverts } from '../../src/incident/reverts.ts';
import { type GuardedCluster, openGuardedCluster } from './guardedCluster.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

const certificates = ['one', 'two', 'three'].map(
  (name) => `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: ${name} }
spec: { secretName: ${name}, dnsNames: [a.example.com], issuerRef: { name: practice-ca } }
`,
);

/** `/dev/fd/63` of this process is a pipe that nobody writes to meanwhile: whoever read it would wait for ever. */
async function withForeignDescriptors(body: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'descriptors-'));
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const held: number[] = [];
  try {
    while ((held.at(-1) ?? 0) < 64) held.push(openSync(pipe, constants.O_RDWR));
    await body();
  } finally {
    for (const one of held) closeSync(one);
    await rm(folder, { recursive: true });
  }
}

describe('the guard of a real cluster', function () {
  this.timeout(120_000);
  let cluster: GuardedCluster;
  before(async () => {
    cluster = await openGuardedCluster();
  });
  after(() => cluster.close());

  const session = (body: (bench: SessionBench) => Promise<void>, more: object = {}) =>
    withNotebook(body, { env: cluster.env, incidentLevel: () => 1, ...more });
  const names = async (kind: string) =>
    (await cluster.kubectl('get', kind, '-o', 'name')).split('\n').filter(Boolean);
  const calls = async (bench: SessionBench) =>
    (await bench.events()).flatMap((event) => (event.type === 'gate.call' ? [event] : []));
  const asked = ({ person }: SessionBench) =>
    person.questions.map(({ calls }) => calls.map(({ text }) => text));

  it('asks once for a loop and lists all of it; a no deletes none, a yes all', async () => {
    await writeFile(path.join(cluster.folder, 'certificates.yaml'), certificates.join('---\n'));
    await cluster.kubectl('apply', '-f', path.join(cluster.folder, 'certificates.yaml'));
    const text = bash('for name in one two three; do\n  kubectl delete certificate "$name"\ndone');
    await session(async (bench) => {
      await cluster.counted();
      bench.person.answer = () => ({ yes: false, reason: 'the operator said no' });
      const refused = await bench.run(text);
      assert.equal(refused.status, 'refused');
      assert.equal(bench.person.questions.length, 1);
      const [question] = bench.person.questions;
      for (const name of ['one', 'two', 'three']) {
        assert.match(question!.calls[0]!.text, new RegExp(`→ kubectl delete certificate ${name}`));
        assert.match(question!.why.join('\n'), new RegExp(`certificate/${name}`));
      }
      assert.equal(question!.target?.name, 'prod');
      assert.equal(question!.target?.production, true);
      assert.deepEqual(await cluster.counted(), []);
      assert.equal((await names('certificates')).length, 4);
      bench.person.answer = (one) => ({ yes: true, typed: one.typed! });
      const done = await bench.run(text);
      assert.equal(done.status, 'done', done.message + done.stderr);
      assert.equal(bench.person.questions.length, 2, 'nothing is asked again at the gate');
      assert.equal((await names('certificates')).length, 1);
    });
  });

  it('records each call that the real kubectl got, through loops, xargs, subprocesses and scripts', async () => {
    await writeFile(
      path.join(cluster.folder, 'script.sh'),
      'kubectl get cm -o name\nkubectl get pods -o name\n',
    );
    await session(async (bench) => {
      await cluster.counted();
      const outcome = await bench.run(
        bash(
          [
            'for kind in pods services; do kubectl get "$kind" -o name; done',
            'printf "cm\\nsa\\n" | xargs -n1 kubectl get -o name',
            `bash ${path.join(cluster.folder, 'script.sh')}`,
            'f() { kubectl "$@"; }; f version --client -o json',
            `python3 -c 'import subprocess; subprocess.run(["kubectl", "get", "deploy", "-l", "a in (b, c)"])'`,
            'N=$(kubectl get ns -o name | wc -l); timeout 20 kubectl get nodes -o name > /dev/null',
          ].join('\n'),
        ),
      );
      assert.equal(outcome.status, 'done', outcome.message + outcome.stderr);
      const recorded = (await calls(bench)).map(({ argv }) => argv.slice(1).join(' '));
      const counted = await cluster.counted();
      assert.equal(counted.length, 10);
      assert.deepEqual(recorded.sort(), counted.sort());
    });
  });

  it('asks at the gate, once, for what only the run can tell', async () => {
    await session(async (bench) => {
      await cluster.kubectl('create', 'configmap', 'passing', '--from-literal=a=b');
      const outcome = await bench.run(bash('kubectl get cm -o name | grep passing | xargs kubectl delete'));
      assert.equal(outcome.status, 'done', outcome.message);
      assert.deepEqual(asked(bench), [['kubectl delete configmap/passing']]);
      const wrapped = await bench.run(
        bash('kubectl create cm passing --from-literal=a=b\ntimeout 20 kubectl delete cm passing'),
      );
      assert.equal(wrapped.status, 'done', wrapped.message);
      assert.equal(bench.person.questions.length, 2, 'a wrapper before a call is asked once, too');
    });
  });

  it('asks once for a call with a date in it, and again for one that is not what it showed', async () => {
    await session(async (bench) => {
      const dated =
        'stamp=$(date +%Y%m%d-%H%M%S)\nkubectl annotate ns default "seen=$stamp" at=$(date -u +%s) --overwrite';
      const done = await bench.run(bash(dated));
      assert.equal(done.status, 'done', done.message + done.stderr);
      assert.equal(bench.person.questions.length, 1, 'not again at the gate');
      assert.match(bench.person.questions[0]!.calls[0]!.text, /"seen=\$stamp" at=\$\(date -u \+%s\)/);
      assert.match(bench.person.questions[0]!.why.join('\n'), /annotations\.seen: \d{8}-\d{6}/);
      assert.equal((await calls(bench)).at(-1)?.decision, 'shown before');
      assert.ok(done.undo && done.undo.steps.length > 0, 'with its way back');
      const forged = await bench.run(bash(`date() { echo 'kube-system --all'; }\n${dated.split('\n')[1]}`));
      assert.equal(forged.status, 'done', forged.message + forged.stderr);
      assert.equal(bench.person.questions.length, 3, 'the gate asks for other words');
      assert.match(bench.person.questions[2]!.calls[0]!.text, /at=kube-system --all/);
    });
  });

  it('hits the pinned cluster after another terminal switched, and asks before a switch of its own', async () => {
    await session(async (bench) => {
      await cluster.kubectl('config', 'use-context', 'other');
      try {
        const outcome = await bench.run(bash('kubectl get pods -o name'));
        assert.match(outcome.stdout, /pod\/pqc-audit-/);
      } finally {
        await cluster.kubectl('config', 'use-context', 'prod');
      }
      bench.person.answer = () => ({ yes: false, reason: 'the operator said no' });
      const refused = await bench.run(bash('kubectl config use-context other'));
      assert.equal(refused.status, 'refused');
      assert.match(bench.person.questions[0]!.why.join(), /switches this session from prod to other/);
      assert.equal(bench.session.target?.pin.context, 'prod');
      bench.person.answer = (one) => ({ yes: true, ...(one.typed ? { typed: one.typed } : {}) });
      const outcome = await bench.run(
        bash(
          'kubectl delete cm gone --ignore-not-found\nkubectl config use-context system-of-prod\nkubectl get cm',
        ),
      );
      assert.equal(outcome.status, 'done', outcome.message + outcome.stderr);
      assert.equal(bench.session.target?.pin.namespace, 'kube-system');
      const before = bench.person.questions.length;
      // The yes was for the namespace before.
      await bench.run(bash('X=gone; sh -c "kubectl delete cm $X --ignore-not-found"'));
      assert.equal(bench.person.questions.length, before + 1);
      assert.ok((await bench.events()).some((event) => event.type === 'note' && event.about === 'target'));
    });
  });

  it('asks for every way away from the pin', async () => {
    await session(async (bench) => {
      const ways = [
        'kubectl --context other label ns x a=b',
        `kubectl --kubeconfig ${cluster.kubeconfig} --context other label ns x a=b`,
        'kubectl --server https://127.0.0.1:9 label ns x a=b',
        'kubectl --token abcdef label ns x a=b',
        'kubectl label ns x a=b --as admin',
        `KUBECONFIG=/nowhere kubectl label ns x a=b`,
        '(export KUBECONFIG=/nowhere; W=label; kubectl $W ns x a=b)',
        'S=--server=https://127.0.0.1:9; A=(label ns x a=b); eval "kubectl $S ${A[*]}"',
        "kubectl config set-cluster prod --server=https://127.0.0.1:9; sh -c 'kubectl label ns x a=b'",
      ];
      bench.person.answer = () => ({ yes: false, reason: 'the operator said no' });
      await cluster.counted();
      for (const way of ways) {
        const before = bench.person.questions.length;
        const outcome = await bench.run(bash(way));
        assert.equal(outcome.status, 'refused', `${way}: ${outcome.message}`);
        assert.ok(bench.person.questions.length > before, way);
      }
      assert.deepEqual(await cluster.counted(), []);
    });
  });

  it('asks for every way away from the pin also where a change needs no yes', async () => {
    const home = path.join(cluster.folder, 'home');
    const evil = path.join(cluster.folder, 'evil');
    for (const folder of [home, evil]) await mkdir(path.join(folder, '.kube'), { recursive: true });
    await copyFile(cluster.kubeconfig, path.join(home, '.kube/config'));
    const elsewhere = (await readFile(cluster.kubeconfig, 'utf8')).replace(
      'current-context: prod',
      'current-context: other',
    );
    await writeFile(path.join(evil, '.kube/config'), elsewhere);
    await writeFile(path.join(cluster.folder, 'bin/helm'), '#!/bin/bash\n: > "$0.ran"\n', { mode: 0o755 });
    const { HOME } = process.env;
    process.env.HOME = home;
    try {
      await session(
        async (bench) => {
          bench.person.answer = () => ({ yes: false, reason: 'the operator said no' });
          const own = await bench.run(bash('kubectl label ns default seen=yes --overwrite'));
          assert.equal(own.status, 'done', own.message + own.stderr);
          assert.deepEqual(bench.person.questions, [], 'here a change simply runs');
          await cluster.counted();
          for (const way of [
            'export HOME=$EVIL; unset KUBECONFIG; kubectl label ns default seen=no --overwrite',
            'cd $EVIL/.kube; export KUBECONFIG=config; kubectl label ns default seen=no --overwrite',
            'export KUBECONFIG=$EVIL/.kube/config; helm upgrade a b',
            'export HELM_KUBECONTEXT=other; helm upgrade a b',
            'HELM_KUBEAPISERVER=https://127.0.0.1:9 helm upgrade a b',
          ]) {
            const before: number = bench.person.questions.length;
            const outcome = await bench.run(bash(`( ${way} )`));
            assert.equal(outcome.status, 'refused', `${way}: ${outcome.message}`);
            assert.equal(bench.person.questions.length, before + 1, way);
          }
          assert.deepEqual(await cluster.counted(), []);
          assert.ok(!existsSync(path.join(cluster.folder, 'bin/helm.ran')));
          const helm = await bench.run(bash('helm upgrade a b'));
          assert.equal(helm.status, 'done', helm.message + helm.stderr);
        },
        { env: { ...cluster.env, EVIL: evil }, policy: cluster.staging },
      );
    } finally {
      process.env.HOME = HOME;
    }
  });

  it('takes no yes for the session’s cluster as one for a kubeconfig that was put in its place', async () => {
    await session(
      async (bench) => {
        await cluster.counted();
        let count = 0;
        bench.person.answer = (one) =>
          count++ === 0 ? { yes: true, typed: one.typed! } : { yes: false, reason: 'the operator said no' };
        const outcome = await bench.run(
          bash(
            'f() { kubectl delete cm gone --ignore-not-found; }\nf\nKUBECONFIG=$OTHER\nexport KUBECONFIG\nf',
          ),
        );
        assert.equal(outcome.status, 'refused', outcome.message);
        assert.equal(count, 2);
        assert.equal((await cluster.counted()).length, 1);
      },
      { env: { ...cluster.env, OTHER: cluster.kubeconfig } },
    );
  });

  it('refuses a changing cell whose file is missing, before anything is deleted', async () => {
    await session(async (bench) => {
      await cluster.kubectl('create', 'configmap', 'kept', '--from-literal=a=b');
      for (const second of [
        'kubectl apply -f k8s/missing.yaml',
        'kubectl create configmap kept --from-env-file=missing.env',
        'kubectl create configmap kept --from-file=key=missing.txt',
      ]) {
        const outcome = await bench.run(bash(`kubectl delete configmap kept\n${second}`));
        assert.equal(outcome.status, 'refused', second);
        assert.match(outcome.message, /missing.*looked at before anything is changed/);
      }
      assert.deepEqual(bench.person.questions, []);
      assert.ok((await names('cm')).includes('configmap/kept'));
      const made = await bench.run(
        bash(
          'echo a=c > made.env\nkubectl delete configmap kept\nkubectl create configmap kept --from-env-file=made.env',
        ),
      );
      assert.equal(made.status, 'done', made.message + made.stderr);
    });
  });

  it('previews what comes on standard input and from a process substitution, and covers only that', () =>
    withForeignDescriptors(async () => {
      const manifest = (value: string) =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kept }\ndata: { a: ${value} }`;
      await session(async (bench) => {
        const here = await bench.run(bash(`kubectl apply -f - <<'E'\n${manifest('heredoc')}\nE`));
        assert.equal(here.status, 'done', here.message + here.stderr);
        assert.equal(bench.person.questions.length, 1);
        assert.match(bench.person.questions[0]!.why.join('\n'), /configmap\/kept[\s\S]*→ heredoc/);
        await writeFile(path.join(bench.folder, 'kept.yaml'), manifest('PLACE'));
        for (const [index, text] of [
          'sed s/PLACE/piped/ kept.yaml | kubectl apply -f -',
          'kubectl apply -f <(sed s/PLACE/substituted/ kept.yaml)',
        ].entries()) {
          const outcome = await bench.run(bash(text));
          assert.equal(outcome.status, 'done', outcome.message + outcome.stderr);
          assert.equal(bench.person.questions.length, 2 + index);
          assert.match(bench.person.questions.at(-1)!.why.join('\n'), /→ (piped|substituted)/);
        }
        await bench.run(
          bash('f() { sed "s/PLACE/$1/" kept.yaml | kubectl apply -f -; }\nf first\nf second\nf second'),
        );
        assert.equal(bench.person.questions.length, 5, 'other input is another call, the same is not');
      });
    }));

  it('shows another namespace than the pinned one', async () => {
    await session(async (bench) => {
      await bench.run(bash('kubectl -n kube-system delete cm nothing --ignore-not-found'));
      assert.equal(bench.person.questions[0]!.calls[0]!.namespace, 'kube-system');
    });
  });

  it('reminds of what has to be taken back in time, until it is', async () => {
    await session(async (bench) => {
      const text = bash(
        '# More replicas, temporarily for 30 minutes\nkubectl scale deployment/pqc-audit --replicas=4',
      );
      const outcome = await bench.run(text);
      assert.equal(outcome.status, 'done', outcome.message);
      const { folder } = bench.incident;
      const [open, ...others] = await openReverts(folder);
      assert.deepEqual(others, []);
      assert.equal(open!.steps[0]!.title, 'deployment/pqc-audit: 3 replicas again');
      assert.ok(Math.abs(open!.dueMs - Date.now() - 30 * 60_000) < 60_000);
      const back = await bench.run(text, 0, { run: open!.run, steps: open!.steps });
      assert.equal(back.status, 'done', back.message);
      assert.deepEqual(await openReverts(folder), []);
      const replicas = await cluster.kubectl('get', 'deploy', 'pqc-audit', '-o', 'jsonpath={.spec.replicas}');
      assert.equal(replicas, '3');
    });
  });

  it('offers the way back from what was changed, and nothing for what was not', async () => {
    await session(async (bench) => {
      const outcome = await bench.run(bash('kubectl scale deployment/pqc-audit --replicas=2'));
      assert.equal(outcome.status, 'done', outcome.message);
      assert.deepEqual(
        outcome.undo?.steps.map(({ title }) => title),
        ['deployment/pqc-audit: 3 replicas again'],
      );
      const back = await bench.run(bash(outcome.undo!.steps[0]!.command));
      assert.equal(back.status, 'done', back.message + back.stderr);
      const replicas = await cluster.kubectl('get', 'deploy', 'pqc-audit', '-o', 'jsonpath={.spec.replicas}');
      assert.equal(replicas, '3');
      bench.person.answer = () => ({ yes: false, reason: 'no' });
      assert.equal(
        (await bench.run(bash('kubectl scale deployment/pqc-audit --replicas=1'))).undo,
        undefined,
      );
      const result = (await bench.events()).find((event) => event.type === 'cell.result');
      assert.match(JSON.stringify(result), /3 replicas again/);
    });
  });
});
