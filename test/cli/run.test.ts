// `runbook run` as people and scripts start it: what it prints where, how it ends, and that nothing survives it.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn as spawnTerminal } from '@lydell/node-pty';

const program = [process.execPath, '--import', 'tsx', path.resolve('src/cli/runbook.ts')] as const;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('runbook run', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'runbook-cli-'));
  });
  afterEach(async () => {
    // Every process of a cell has the folder as its directory or in its arguments.
    await until(
      () => processesIn(folder).length === 0,
      () => processesIn(folder).join('\n'),
    );
    rmSync(folder, { recursive: true, force: true });
  });

  const env = () => {
    const { KUBECONFIG: _, ...rest } = process.env;
    return { ...rest, RUNBOOK_EVIDENCE: path.join(folder, 'evidence'), HOME: folder };
  };
  const write = (...cells: string[]): string => {
    const file = path.join(folder, 'a.runbook.md');
    writeFileSync(
      file,
      `# A\n\n${cells.map((cell) => `## Part\n\n\`\`\`bash\n${cell}\n\`\`\`\n`).join('\n')}`,
    );
    return file;
  };
  const start = (
    args: readonly string[],
  ): { child: ChildProcess; ended: Promise<Ended>; told: () => string } => {
    const child = spawn(program[0], [...program.slice(1), 'run', ...args], {
      env: env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream]!.on('data', (chunk: Buffer) => (text[stream] += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...text })));
    return { child, ended, told: () => text.stdout + text.stderr };
  };

  it('goes into no incident that is closed', async () => {
    const file = write('echo one');
    assert.equal((await start([file]).ended).code, 0);
    const [id] = readdirSync(path.join(folder, 'evidence'));
    const { code, stdout, stderr } = await start([file, '--incident', id!]).ended;
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /is closed, since .*: nothing more is recorded under it/);
    assert.equal((await start([file, '--incident', '2026-01-01-none-0000']).ended).code, 2);
  });

  it('opens no incident for arguments that it can not use', async () => {
    const file = write('echo one');
    for (const [option, value] of [
      ['--var', 'x'],
      ['--copy-kib', 'many'],
      ['--approval', path.join(folder, 'none')],
      ['--policy', path.join(folder, 'none.yaml')],
    ] as const) {
      const { code, stderr } = await start([file, option, value]).ended;
      assert.equal(code, 2, stderr);
      assert.deepEqual(readdirSync(folder), ['a.runbook.md'], option);
    }
  });

  it("prints the cells' own output to stdout, the rest to stderr, and stops at the first failure", async () => {
    const file = write(
      'echo one; echo bad >&2',
      'echo two\nls /nonexistent 2>/dev/null\necho on',
      'echo three',
    );
    const { code, stdout, stderr } = await start([file]).ended;
    assert.equal(code, 1);
    assert.equal(stdout, 'one\ntwo\non\n');
    assert.match(stderr, /▶ \d+ {2}Part/);
    assert.match(stderr, /^bad$/m);
    assert.match(stderr, /✔ \d+ {2}Done in/);
    assert.match(stderr, /✘ \d+ {2}Failed: ls failed \(2\) on line 2/);
    assert.match(stderr, /1 of 3 cells done in .*; incident .*, evidence in /);
    assert.equal(existsSync(path.join(folder, 'evidence')), true);
  });

  it('tells with --plan what would run, asks nothing, runs nothing, and writes nothing', async () => {
    const file = write('touch ran', 'kubectl delete pod <pod>');
    const { code, stdout } = await start([file, '--plan']).ended;
    assert.equal(code, 0);
    assert.match(stdout, /write +touch ran/);
    assert.match(stdout, /destroy +kubectl delete pod <pod>[\s\S]*needs +<pod>/);
    assert.deepEqual(readdirSync(folder), ['a.runbook.md']);
  });

  it('tells events with --json, a line each', async () => {
    const { code, stdout } = await start([write('echo one; false'), '--json']).ended;
    assert.equal(code, 1);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['begin', 'cell', 'output', 'result', 'end'],
    );
    assert.equal(events[2]!.text, 'one\n');
    assert.equal(events[3]!.status, 'failed');
  });

  it('is interrupted by one Ctrl-C, in order', async () => {
    const { child, ended, told } = start([write('echo begun; sleep 600', 'echo never')]);
    await until(() => told().includes('begun'), told);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 130);
    assert.equal(stdout, 'begun\n');
    assert.match(stderr, /✘ \d+ {2}Interrupted after/);
    assert.match(stderr, /0 of 2 cells done/);
  });

  it('is killed by a second one, and the supervisor ends what heeds nothing', async () => {
    const stubborn = "trap '' INT TERM; bash -c \"trap '' INT TERM; echo begun; while :; do sleep 1; done\"";
    const { child, ended, told } = start([write(stubborn)]);
    await until(() => told().includes('begun'), told);
    child.kill('SIGINT');
    await until(() => told().includes('Stopping: SIGINT'), told);
    child.kill('SIGINT');
    assert.equal((await ended).code, 130);
  });

  it('is interrupted in order too where its terminal hangs up', async () => {
    const { child, ended, told } = start([write('echo begun; sleep 600', 'touch never')]);
    await until(() => told().includes('begun'), told);
    child.kill('SIGHUP');
    const { code, stderr } = await ended;
    assert.equal(code, 130);
    assert.match(stderr, /0 of 2 cells done/);
    assert.equal(existsSync(path.join(folder, 'never')), false);
  });

  it('runs nothing unseen: it is interrupted where nobody reads its output any more', async () => {
    const { child, ended, told } = start([write('echo begun; sleep 1; echo more; sleep 600', 'touch never')]);
    await until(() => told().includes('begun'), told);
    child.stdout!.destroy();
    const { code, stderr } = await ended;
    assert.equal(code, 130);
    assert.match(stderr, /✘ \d+ {2}Interrupted after/);
    assert.equal(existsSync(path.join(folder, 'never')), false);
  });

  it('runs what does not end beside the next cells, and holds what follows it', async () => {
    const follow = 'touch log\nname=x\ntail -f log\necho held >> log';
    const { code, stdout, stderr } = await start([write(follow, 'echo "next $name" >> log; sleep 1')]).ended;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'next x\n');
    assert.match(stderr, /Held, not run: 1 command after “tail -f log”/);
    assert.match(stderr, /Stopped after/);
    assert.match(stderr, /2 of 2 cells done/);
  });

  it('gives a terminal to what needs one, counts a sleep down, and offers what is held', async () => {
    const file = write("sleep 5; printf '%s\\n' slept", 'a=kept\nbash\necho "after $a"');
    const terminal = spawnTerminal(program[0], [...program.slice(1), 'run', file], { env: env(), cols: 120 });
    let text = '';
    terminal.onData((data) => (text += data));
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    const answer = async (what: string, typed: string): Promise<void> => {
      const from = text.length;
      await until(
        () => text.slice(Math.max(0, from - 200)).includes(what),
        () => text,
      );
      terminal.write(typed);
    };
    await until(
      () => /waits in a sleep: 00:0\d left/.test(text),
      () => text,
    );
    await answer('Run it?', 'y\r');
    await until(
      () => /[#$] $/.test(text),
      () => text,
    );
    terminal.write('test -t 0 && echo in a terminal; exit\r');
    await answer('Run what follows “bash”?', 'y\r');
    assert.equal(await ended, 0, text);
    assert.match(text, /\rin a terminal\r+\n/);
    assert.match(text, /after kept/);
  });

  it('says that a terminal is needed where there is none', async () => {
    const { code, stderr } = await start([write('top')]).ended;
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Not run: “top” needs a terminal \(shows a full screen\), and there is none here\. Run it/,
    );
  });
});

async function until(condition: () => boolean, why: () => string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited 60 s in vain: ${why()}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Command lines of the processes whose directory or arguments lie in the folder. Linux; elsewhere none is found. */
function processesIn(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return environment.includes(folder) ? [readFileSync(`/proc/${pid}/cmdline`, 'latin1')] : [];
      } catch {
        return [];
      }
    });
}
