// The extension host, killed at various moments while cells run: VS Code starts another one, or the window is reloaded.
// What was interrupted is said, what was shown is in the evidence, which verifies, and nothing of a cell lives on.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EvidenceEvent } from '../../../src/evidence/events.ts';
import { readIncident } from '../../../src/evidence/read/readIncident.ts';
import { outputOf, recordedRuns } from '../../../src/incident/recordedRuns.ts';
import type { Workbench } from '../../host/workbench.mjs';
import { host, project, recordedEvents, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

const run = promisify(execFile);
const rounds = Number(process.env.RUNBOOK_SOAK_ROUNDS ?? 5);
/** How long a sleep lasts is how it is told from all others of this machine. */
const naps = 9_000_000 + (process.pid % 90_000) * 10;
const runbook = `# To be killed

## Count

\`\`\`bash
mark=$(date +%s%N)
echo "err $mark 0" >&2
for i in $(seq 1 2000); do echo "out $mark $i"; sleep 0.1; done
\`\`\`

## Leave

\`\`\`bash
sleep ${naps + 1} & setsid sleep ${naps + 2} & (setsid nohup sleep ${naps + 3} >/dev/null 2>&1 &) ; echo left
sleep ${naps + 4}
\`\`\`

## Quick

\`\`\`bash
echo quick
\`\`\`
`;

/** The window's extension host; undefined while there is none. */
function hostOf(workbench: Workbench): number | undefined {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = rows
    .map((row) => row.trim().split(/\s+/))
    .find(
      ([, parent, ...args]) =>
        parent === String(workbench.server.pid) && args.includes('--type=extensionHost'),
    );
  return found && Number(found[0]);
}

function sleeping(): string[] {
  const rows = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  return rows.filter((row) => /^sleep \d+$/.test(row) && Math.abs(Number(row.slice(6)) - naps) < 10);
}

(host === 'newest' ? describe : describe.skip)(`the extension host, killed ${rounds} times`, function () {
  this.timeout(60 * 60_000);
  let folder = '';
  const window = useWindow(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'runbook-host-kill-'));
    await writeFile(path.join(folder, 'killed.runbook.md'), runbook);
    return { installed: project, files: [path.join(folder, 'killed.runbook.md')] };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const toasts = async (): Promise<string> => (await window.workbench.notifications()).join('\n');
  const isShown = (text: string): string[] => text.match(/\b(?:out|err) \d{10,} \d+/g) ?? [];
  const unended = async (): Promise<EvidenceEvent[]> => {
    const events = (await recordedEvents(window.evidence)) as unknown as EvidenceEvent[];
    const ended = new Set(events.flatMap((one) => (one.type === 'cell.result' ? [one.run] : [])));
    return events.filter((one) => one.type === 'cell.intent' && !ended.has(one.run));
  };

  /** Cells that had been cut short before the next kill. */
  let told = 0;

  /**
   * Kills it; the next one is there when this resolves, by itself or in a window that was reloaded.
   * @returns how many cells were cut short
   */
  async function kill(isReloaded: boolean): Promise<number> {
    const { workbench } = window;
    const before = hostOf(workbench);
    assert.ok(before, 'no extension host');
    process.kill(before, 'SIGKILL');
    if (isReloaded) await workbench.reload();
    const isBack = async (): Promise<boolean> => ![undefined, before].includes(hostOf(workbench));
    await waitFor('another extension host', isBack);
    await workbench.untilNotebook();
    const cut = (await unended()).length - told;
    told += cut;
    if (cut > 0)
      await waitFor('what was interrupted, as a toast', async () => /was interrupted/.test(await toasts()));
    if (cut > 0) await workbench.screenshot(`host-kill${isReloaded ? '-reloaded' : ''}`);
    await workbench.untilStatusItem(await workbench.findCell('echo quick'), 'read', 60_000);
    return cut;
  }

  const shown: string[] = [];
  let cutShort = 0;

  for (let round = 0; round < rounds; round += 1) {
    // VS Code starts no other by itself after the third in five minutes; every second one is in a reloaded window.
    const isReloaded = round % 2 === 1;
    const isEarly = round % 4 === 3;
    const afterMs = Math.random() * (isEarly ? 600 : 6000);
    it(`round ${round + 1}, after ${Math.round(afterMs)} ms${isEarly ? ' of its start' : ''}${isReloaded ? ', reloaded' : ''}`, async () => {
      const { workbench } = window;
      if (round === 0) await workbench.openNotebook('killed.runbook.md');
      await workbench.runCommand('Notifications: Clear All Notifications');
      const count = await workbench.findCell('seq 1 2000');
      await workbench.run(count);
      if (!isEarly) await workbench.untilOutput(count, /(out|err) \d+ \d+/);
      await workbench.page.waitForTimeout(afterMs);
      const text = isEarly ? '' : await workbench.outputText(count);
      const cut = await kill(isReloaded);
      shown.push(...isShown(text));
      cutShort += cut;
      if (cut > 0) {
        const restored = /Recorded [\s\S]*Interrupted: the session ended before the cell did/;
        await workbench.untilOutput(count, restored, 60_000);
        const last = isShown(text).at(-1);
        if (last) await workbench.untilOutput(count, /(out|err) \d+ \d+/);
        assert.equal(await workbench.cellState(count), 'error');
      }
      const quick = await workbench.findCell('echo quick');
      await workbench.run(quick);
      await workbench.untilState(quick, 'success');
      await workbench.untilOutput(quick, 'quick');
      assert.doesNotMatch(await toasts(), /ended without closing/, 'told once');
    });
  }

  it('leaves no process of a cell', async () => {
    const { workbench } = window;
    const leave = await workbench.findCell('nohup');
    await workbench.run(leave);
    await waitFor('the cell’s four processes', async () => sleeping().length === 4);
    await kill(false).catch(() => workbench.reload());
    await waitFor(`the end of ${sleeping()}`, async () => sleeping().length === 0);
    await workbench.untilNotebook();
    await workbench.untilOutput(leave, /left[\s\S]*Interrupted/);
    const quick = await workbench.findCell('echo quick');
    await workbench.run(quick);
    await workbench.untilState(quick, 'success');
  });

  it('leaves incidents that verify, say what was cut short, and hold all that was shown', async () => {
    await window.workbench.runCommand('View: Close Editor');
    const ids = await readdir(window.evidence);
    let kept = '';
    const wanted = (await unended()).map((one) => (one.type === 'cell.intent' ? one.run : ''));
    const named: string[] = [];
    for (const id of ids) {
      const dir = path.join(window.evidence, id);
      const verified = await run(process.execPath, [
        path.join(project, 'dist/cli/runbook.js'),
        'verify',
        dir,
      ]);
      assert.match(verified.stdout + verified.stderr, /verified/);
      const { events, unread } = await readIncident(dir);
      assert.deepEqual(unread, []);
      for (const { event } of events) if (event.type === 'writer.recovered') named.push(...event.interrupted);
      for (const one of await recordedRuns(dir))
        for await (const { bytes } of outputOf(one)) kept += Buffer.from(bytes).toString('utf8');
    }
    const lost = shown.filter((line) => !kept.includes(`${line}\n`));
    assert.deepEqual(lost, []);
    assert.ok(shown.length > 0 && cutShort > 0);
    assert.deepEqual(named.toSorted(), wanted.toSorted());
    console.log(
      `      ${rounds + 1} kills: ${cutShort + 1} cells cut short in ${ids.length} incident(s), ${shown.length} lines had been shown, none is lost`,
    );
  });
});
