// The pseudo-terminal: a real one, with the session's environment; gone with the session.

import assert from 'node:assert/strict';
import { MemorySink, withSession } from './harness.ts';

describe('terminal', () => {
  it("is a terminal with the session's variables, functions and directory, and is recorded", () =>
    withSession(async ({ run, session, directory }) => {
      await run('given="a b"; say() { echo "$1 $PWD"; }; mkdir t; cd t; set -eu');
      const sink = new MemorySink();
      const terminal = await session.openTerminal(sink, {
        command: 'test -t 0 && say "tty $given"; read -r x; echo "got $x"; exit 3',
      });
      terminal.write('typed\r');
      assert.deepEqual(await terminal.exited, { exitCode: 3 });
      assert.match(sink.stdout, new RegExp(`tty a b ${directory}/t\r\n`));
      assert.match(sink.stdout, /got typed\r\n/);
    }));

  it('is a shell where no command is given, past a failing one, and leaves the session as it was', () =>
    withSession(async ({ run, session }) => {
      await run("set -eu; alias hello='echo hello there'; a=1; trap 'echo bye' EXIT");
      const sink = new MemorySink();
      const terminal = await session.openTerminal(sink);
      terminal.write('false\rhello; a=2; exit 5\r');
      assert.deepEqual(await terminal.exited, { exitCode: 5 });
      assert.match(sink.stdout, /hello there\r\n/);
      assert.doesNotMatch(sink.stdout, /bye\r\n/);
      assert.equal((await run('echo $a')).sink.stdout, '1\n');
    }));

  it('is told to the gate by its own name, and what is refused in it stops nothing else', () => {
    const calls: (string | null)[] = [];
    return withSession(
      async ({ run, session }) => {
        const sink = new MemorySink();
        const running = run('sleep 1; echo ran on');
        const terminal = await session.openTerminal(sink, { runId: 'typed' });
        terminal.write('uname\recho "status $?"\rexit\r');
        await terminal.exited;
        assert.match(sink.stdout, /refused: not here[\s\S]*status 130/);
        assert.deepEqual(calls, ['typed']);
        assert.equal((await running).sink.stdout, 'ran on\n');
      },
      {
        gatedCommands: ['uname'],
        gate: {
          decide: async (call) => {
            calls.push(call.cellId);
            return { allow: false, reason: 'not here' };
          },
          finished: () => {},
        },
      },
    );
  });

  it('ends with the session', () =>
    withSession(async ({ session }) => {
      const terminal = await session.openTerminal(new MemorySink());
      terminal.write('sleep 91 &\r');
      assert.ok(session.processes().some(({ pid }) => pid === terminal.pid));
    }));
});
