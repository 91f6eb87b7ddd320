// However the work with a notebook ends, none of its cells' processes outlives it: its tab is closed, the window is
// loaded anew or closed, the extension host is killed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { host, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

/** Seconds of the fixture's sleeps: no other process of the machine sleeps for so long. */
const seconds = 900_000_000 + process.pid * 10;
const ours = new Set([0, 1, 2, 3, 4].map((more) => `sleep ${seconds + more}`));
const name = 'endings.runbook.md';
const text = `# Endings

\`\`\`bash
sleep ${seconds} & setsid sleep ${seconds + 1} & (trap '' INT TERM HUP; sleep ${seconds + 2}) & sleep 0.2; echo left some
\`\`\`

\`\`\`bash
echo begun; (sleep ${seconds + 3} & sleep ${seconds + 4}); echo never
\`\`\`
`;
const [leaves, waits] = [1, 2];

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All of this machine. */
function processes(): Process[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command ?? '',
    }));
}

const sleeping = (): string[] =>
  processes()
    .map(({ command }) => command)
    .filter((command) => ours.has(command));

// One host is enough: the supervisor that sees to it knows nothing of the host's version.
(host === 'newest' ? describe : describe.skip)('the end of the work with a notebook', () => {
  let folder = '';
  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-endings-'));
    await writeFile(path.join(folder, name), text);
    return { folder };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Opens the notebook and has both cells at work. */
  async function start(): Promise<void> {
    const { workbench } = window;
    await workbench.openNotebook(name);
    await workbench.run(leaves);
    await workbench.untilState(leaves, 'success');
    await workbench.run(waits);
    await workbench.untilOutput(waits, 'begun');
    await waitFor('all five to sleep', async () => sleeping().length === 5);
  }
  const untilNoneIsLeft = () =>
    waitFor('no process to be left', async () => sleeping().length === 0).catch((error: unknown) => {
      throw new Error(`left: ${sleeping().join(', ')}`, { cause: error });
    });

  it('leaves nothing where its tab is closed', async () => {
    await start();
    await window.workbench.runCommand('View: Close Editor');
    await untilNoneIsLeft();
  });

  it('leaves nothing where the window is loaded anew', async () => {
    await start();
    await window.workbench.reload();
    await untilNoneIsLeft();
  });

  it('leaves nothing where the extension host is killed', async () => {
    await start();
    const hosts = processes().filter(
      ({ command, parent }) => /--type=extensionHost/.test(command) && parent === window.workbench.server.pid,
    );
    assert.equal(hosts.length, 1);
    for (const { pid } of hosts) process.kill(pid, 'SIGKILL');
    await untilNoneIsLeft();
  });

  it('leaves nothing where the window is closed', async () => {
    await window.workbench.reload();
    await start();
    await window.workbench.page.close({ runBeforeUnload: true });
    await untilNoneIsLeft();
  });
});
