// The gate's doors, against real programs: every call is heard with its final arguments, a refusal ends the cell.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GateAnswer, GateCall, GateOutcome, HttpCall } from '../../src/kernel/types.ts';
import { withSession } from './harness.ts';

/** A counting stand-in for the real binary: writes its arguments a line a call. */
function installTool(name: string): { searchPath: string; calls: () => string[] } {
  const directory = mkdtempSync(path.join(tmpdir(), 'kernel-tool-'));
  const log = path.join(directory, 'calls');
  mkdirSync(path.join(directory, 'bin'));
  const file = path.join(directory, 'bin', name);
  writeFileSync(log, '');
  writeFileSync(
    file,
    `#!/bin/bash\nprintf '%q ' "$@" >> ${log}; echo >> ${log}\n[ "$1" != stdin ] || cat\n[ "$1" != sleep ] || exec sleep 60\n[ "$1" != fail ] || exit 7\n`,
  );
  chmodSync(file, 0o755);
  return {
    searchPath: `${path.dirname(file)}:${process.env.PATH}`,
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => line.trim()),
  };
}

class RecordingPort {
  readonly calls: GateCall[] = [];
  readonly outcomes: GateOutcome[] = [];
  readonly #answer: (call: GateCall) => GateAnswer;

  constructor(answer: (call: GateCall) => GateAnswer = () => ({ allow: true })) {
    this.#answer = answer;
  }

  async decide(call: GateCall): Promise<GateAnswer> {
    this.calls.push(call);
    return this.#answer(call);
  }

  finished(_: GateCall, outcome: GateOutcome): void {
    this.outcomes.push(outcome);
  }
}

describe('the command door', () => {
  it('puts aside what a call reads as a file, and hands it on as it came', () => {
    const tool = installTool('kubectl');
    const seen: (readonly [string, string])[][] = [];
    const gate = new RecordingPort((call) => {
      seen.push(
        [...call.inputs].map(([name, file]) => [name.replace(/\d+/, 'N'), readFileSync(file, 'utf8')]),
      );
      return { allow: true };
    });
    return withSession(
      async ({ run, session }) => {
        const { sink } = await run(
          [
            "kubectl stdin -f - <<'E'\n$HOME \\ x\nE",
            'printf "piped\\n" | kubectl stdin --filename=-',
            'kubectl get pods',
            'kubectl stdin -f <(printf one) -f <(printf two) < /dev/null',
            'cat() { echo no; }; printf own | kubectl stdin -f -',
          ].join('\n'),
        );
        assert.equal(sink.stdout, '$HOME \\ x\npiped\nown');
        assert.deepEqual(seen, [
          [['/dev/fd/N', '$HOME \\ x\n']],
          [['/dev/fd/N', 'piped\n']],
          [],
          [
            ['/dev/fd/N', 'one'],
            ['/dev/fd/N', 'two'],
          ],
          [['/dev/fd/N', 'own']],
        ]);
        assert.deepEqual(readdirSync(path.join(session.directory, 'spool')), []);
      },
      { gate, env: { PATH: tool.searchPath, HOME: '/nowhere' } },
    );
  });

  it('hears every call with its final arguments, from loops, functions, xargs and scripts', () => {
    const tool = installTool('kubectl');
    const gate = new RecordingPort();
    return withSession(
      async ({ run, directory }) => {
        const { result, sink } = await run(
          [
            'kubectl get pods -l "a b" ""',
            'for i in 1 2; do kubectl delete pod "p$i"; done',
            'f() { kubectl "$@"; }; f scale --replicas=0 $\'new\\nline\'',
            'printf "x\\ny\\n" | xargs -n1 kubectl describe',
            'echo "kubectl apply -f -" > s.sh; sh s.sh',
            'echo in | kubectl stdin',
            '(env kubectl fail) || echo "code $?"',
            'KUBECONFIG=/k kubectl config view',
          ].join('\n'),
        );
        assert.deepEqual(
          gate.calls.map((call) => call.args),
          [
            ['get', 'pods', '-l', 'a b', ''],
            ['delete', 'pod', 'p1'],
            ['delete', 'pod', 'p2'],
            ['scale', '--replicas=0', 'new\nline'],
            ['describe', 'x'],
            ['describe', 'y'],
            ['apply', '-f', '-'],
            ['stdin'],
            ['fail'],
            ['config', 'view'],
          ],
        );
        assert.equal(tool.calls().length, gate.calls.length);
        assert.equal(sink.stdout, 'in\ncode 7\n');
        assert.equal(result.ok, true);
        assert.deepEqual(new Set(gate.calls.map((call) => call.cellId)), new Set(['cell']));
        assert.equal(gate.calls[0]!.cwd, directory);
        assert.deepEqual(
          gate.calls.map((call) => call.kubeconfig),
          [...Array(9).fill(null), '/k'],
        );
        assert.equal(gate.outcomes.filter((outcome) => outcome.exitCode === 0).length, 9);
        assert.equal(gate.outcomes.filter((outcome) => outcome.exitCode === 7).length, 1);
      },
      { env: { PATH: tool.searchPath, HOME: '/' }, gate },
    );
  });

  it('interrupts the whole cell when a call is refused: none runs', () => {
    const tool = installTool('kubectl');
    const gate = new RecordingPort((call) =>
      call.args[0] === 'delete' ? { allow: false, reason: 'not here' } : { allow: true },
    );
    return withSession(
      async ({ run }) => {
        const { result, sink } = await run(
          'for i in 1 2 3; do kubectl delete cert $i; sleep 1; done; echo after',
        );
        assert.deepEqual(tool.calls(), []);
        assert.equal(gate.calls.length, 1);
        assert.equal(result.interrupted, false);
        assert.equal(result.refused, 'not here');
        assert.equal(result.ok, false);
        assert.equal(sink.stdout, '');
        assert.match(sink.stderr, /kubectl refused: not here/);
        assert.equal((await run('kubectl get x && echo on')).sink.stdout, 'on\n');
      },
      { env: { PATH: tool.searchPath, HOME: '/' }, gate },
    );
  });

  it('refuses when the port fails, without the token, and when the kernel is gone', () => {
    const tool = installTool('helm');
    let shim = '';
    return withSession(
      async ({ run, session }) => {
        const { result } = await run('helm upgrade x');
        assert.match(result.refused ?? '', /asked: broken/);
        shim = readFileSync(path.join(session.directory, 'bin/helm'), 'utf8');
        const forged = shim.replace(/[0-9a-f]{48}/, 'f'.repeat(48));
        writeFileSync(path.join(session.directory, 'forged'), forged, { mode: 0o700 });
        const { sink } = await run(`${session.directory}/forged list; echo $?`);
        assert.equal(sink.stdout, '126\n');
      },
      {
        env: { PATH: tool.searchPath, HOME: '/' },
        gate: { decide: () => Promise.reject(new Error('broken')), finished: () => {} },
      },
    ).then(() => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'kernel-shim-')), 'helm');
      writeFileSync(file, shim, { mode: 0o700 });
      assert.throws(
        () => execFileSync(file, ['list'], { env: { PATH: tool.searchPath }, stdio: 'pipe' }),
        (error: { status: number; stderr: Buffer }) =>
          error.status === 126 && /kernel does not answer/.test(error.stderr.toString()),
      );
      assert.deepEqual(tool.calls(), []);
    });
  });

  it('passes signals on, and an interrupt leaves nothing of the call', () => {
    const tool = installTool('kubectl');
    const gate = new RecordingPort();
    return withSession(
      async ({ run, session }) => {
        const { sink } = await run('kubectl sleep & p=$!\nsleep 0.5; kill $p; wait $p; echo $?');
        assert.equal(sink.stdout, '143\n');
        const running = run('kubectl sleep; echo after');
        const timer = setTimeout(() => session.interrupt(), 500);
        const ended = await running;
        clearTimeout(timer);
        assert.equal(ended.sink.stdout, '');
        assert.equal(ended.result.interrupted, true);
        assert.equal(session.processes().length, 1);
      },
      { env: { PATH: tool.searchPath, HOME: '/' }, gate },
    );
  });
});

describe('the HTTP door', () => {
  it('sees method and URL, answers for the cluster, passes on, and refuses', async () => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => response.end(`${request.method} ${request.url} ${body}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seen: HttpCall[] = [];
    const statuses: (number | null)[] = [];
    const python = (method: string, url: string, data = ''): string =>
      `python3 -c 'import urllib.request as u; print(u.urlopen(u.Request("${url}", method="${method}"${data ? `, data=b"${data}"` : ''})).read().decode())'`;
    try {
      await withSession(
        async ({ run }) => {
          const get = await run(python('GET', `${base}/a?b=c`));
          assert.equal(get.sink.stdout, 'GET /a?b=c \n', get.sink.stderr);
          const service = await run(python('GET', 'http://prometheus:9090/api'));
          assert.equal(service.sink.stdout, 'from the cluster\n');
          const post = await run(python('POST', `${base}/silence`, 'x=1'));
          assert.equal(post.result.refused, 'a change');
          assert.deepEqual(
            seen.map((call) => `${call.method} ${call.url} ${call.cellId}`),
            [`GET ${base}/a?b=c cell`, 'GET http://prometheus:9090/api cell', `POST ${base}/silence cell`],
          );
          assert.deepEqual(statuses, [200, 200, null]);
        },
        {
          http: {
            decide: async (call) => {
              seen.push(call);
              return call.method === 'GET' ? { allow: true } : { allow: false, reason: 'a change' };
            },
            answer: async (call) =>
              call.url.startsWith('http://prometheus:')
                ? { status: 200, headers: {}, body: Buffer.from('from the cluster') }
                : null,
            finished: (_, outcome) => void statuses.push(outcome.status),
          },
        },
      );
    } finally {
      server.close();
    }
  });
});
