// The pseudo-terminal: a real one, with the session's environment; gone with the session.

import assert from 'node:assert/strict';
import { MemorySink, withSession } from './harness.ts';

describe('terminal', () => {
  it("is a terminal with the session's exports and directory, and is recorded", () =>
    withSession(async ({ run, session, directory }) => {
      await run('export given="a b"; hidden=1; mkdir t; cd t');
      const sink = new MemorySink();
      const terminal = await session.openTerminal(sink, {
        command: [
          'bash',
          '-c',
          'test -t 0 && echo "tty $given <$hidden> $PWD"; read -r x; echo "got $x"; exit 3',
        ],
      });
      terminal.write('typed\r');
      assert.deepEqual(await terminal.exited, { exitCode: 3 });
      assert.match(sink.stdout, new RegExp(`tty a b <> ${directory}/t\r\n`));
      assert.match(sink.stdout, /got typed\r\n/);
    }));

  it('ends with the session', () =>
    withSession(async ({ session }) => {
      const terminal = await session.openTerminal(new MemorySink());
      terminal.write('sleep 91 &\r');
      assert.ok(session.processes().some(({ pid }) => pid === terminal.pid));
    }));
});
