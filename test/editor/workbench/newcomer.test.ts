// The newcomer's first minutes: the README's command, then only what the screen says, up to a cured incident and its
// report, and a drill of the same. Each screen is kept as a picture (`screenshots/newest/newcomer-…`); `npm run
// screenshots` takes those of the README on the way.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from '../../host/chromium.mjs';
import { viewport } from '../../host/windowDriver.mjs';
import { Workbench } from '../../host/workbench.mjs';
import { host, project, recordedEvents } from '../harness.ts';

const alert = 'AuthServiceCrashLooping';
/** A folder for the README's pictures. */
const pictures = process.env.RUNBOOK_PICTURES;

(host === 'newest' ? describe : describe.skip)('a newcomer', function () {
  // The pictures take a reload and a run more, with whatever else the machine does.
  this.timeout(pictures ? 900_000 : 300_000);
  let state: string;
  let started: ChildProcess;
  let told = '';
  let workbench: Workbench;

  before(async () => {
    state = await mkdtemp(path.join(tmpdir(), 'runbook-newcomer-'));
    started = spawn(process.execPath, ['test/host/start.mjs', '--carried'], {
      cwd: project,
      env: {
        ...process.env,
        XDG_STATE_HOME: state,
        RUNBOOK_EVIDENCE: path.join(state, 'evidence'),
        // The build of the test run is there already, and other tests read it.
        RUNBOOK_BUILT: '1',
        KUBECONFIG: undefined,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout!, started.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        told += text;
      });
    const address = await new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const found = /^(http:\/\/127\.0\.0\.1\S+)$/m.exec(told)?.[1];
        if (found) resolve(found);
      };
      started.stdout!.on('data', look);
      started.once('exit', () => reject(new Error(told)));
    });
    const browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport })).newPage();
    const folder = path.join(state, 'runbook-notebooks/sample-workspace');
    const server = { dispose: async () => {}, log: '' } as never;
    const screenshotFolder = path.join(project, 'screenshots', host);
    workbench = new Workbench({ server, browser, page, folder, ownFolder: false, screenshotFolder });
    await page.goto(address);
    await workbench.untilReady();
  });
  after(async () => {
    await workbench?.dispose();
    if (started.exitCode === null) {
      started.kill('SIGINT');
      await once(started, 'exit');
    }
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      console.log(await workbench.screenshot('failed-newcomer'), told);
  });

  async function picture(name: string): Promise<void> {
    if (pictures) await copyFile(await workbench.screenshot(name), path.join(pictures, `${name}.png`));
  }

  /** Looks at the cells of the drill that nobody has to run: for the README alone. */
  async function lookAround(): Promise<void> {
    const look = await workbench.findCell('Which pods do not stay up');
    await workbench.run(look);
    await workbench.untilState(look, 'success');
    await workbench.runCommand('Notifications: Clear All Notifications');
    // What it said, and the cell that cures, both in sight.
    await workbench.findCell('Go back to the deployment that worked');
    await workbench.page.mouse.move(viewport.width / 2, viewport.height / 2);
    await workbench.page.mouse.wheel(0, 90);
    // The window takes the colours that the machine asks for: the same moment, light and dark.
    await picture('step');
    await workbench.page.emulateMedia({ colorScheme: 'dark' });
    await workbench.page.waitForTimeout(700);
    await picture('step-dark');
    await workbench.page.emulateMedia({ colorScheme: 'light' });
    await workbench.run(await workbench.findCell('show the maintenance page'));
    await workbench.dialog.waitFor();
    await picture('question');
    await workbench.press('Escape');
  }

  /** What the walkthrough shows unfolded: the next thing to do. */
  async function untilUnfolded(title: string): Promise<void> {
    await workbench.page.locator('.getting-started-step.expanded', { hasText: title }).waitFor();
  }

  it('finds the alert firing, and the runbook at its step beside the walkthrough', async () => {
    await workbench.untilText('An alert fires');
    await workbench.untilText(alert);
    await workbench.untilNotebook();
    await workbench.findCell('Which pods do not stay up');
    await workbench.screenshot('newcomer-1-begin');
  });

  it('starts the incident from the status bar', async () => {
    await workbench.page.locator('.statusbar-item', { hasText: 'Start Incident' }).click();
    await workbench.pick('Start an incident');
    await workbench.screenshot('newcomer-2-title');
    await workbench.answer('Nobody can log in');
    await workbench.pick('Severity 1');
    await workbench.untilText('of 15 min');
    await untilUnfolded('Look first');
    await workbench.screenshot('newcomer-3-incident');
  });

  it('looks, and sees which pods crash', async () => {
    const cell = await workbench.findCell('Which pods do not stay up');
    await workbench.untilStatusItem(cell, 'firing');
    // By the key: VS Code's own way on Linux and Windows is to put an empty cell below.
    const count = await workbench.cellCount();
    await (await workbench.cell(cell)).click({ position: { x: 8, y: 12 } });
    await workbench.press('Control+Enter');
    await workbench.untilState(cell, 'success');
    assert.equal(await workbench.cellCount(), count);
    await workbench.untilOutput(cell, /CrashLoopBackOff|Error/);
    await untilUnfolded('Choose the cure');
    await workbench.screenshot('newcomer-4-look');
  });

  it('chooses the cure, and the alert goes', async () => {
    const cell = await workbench.findCell('Go back to the deployment that worked');
    await workbench.run(cell);
    await workbench.quickInput.waitFor();
    await workbench.screenshot('newcomer-5-options');
    await workbench.pick('Option A');
    await workbench.untilState(cell, 'success', 120_000);
    await workbench.untilText('No alert is active', 90_000);
    await untilUnfolded('Close it, and read the report');
    await workbench.screenshot('newcomer-6-cured');
  });

  it('closes the incident and reads its report', async () => {
    await workbench.page.locator('.statusbar-item', { hasText: 'Severity 1' }).click();
    await workbench.pick('Close the incident');
    // What the runbook asks to be seen at the end is partly of other systems: it is asked about first.
    await workbench.pressDialogButton('Close All the Same');
    await workbench.answer('went back to the deployment before');
    await workbench.untilText('Start Incident');
    await workbench.runCommand('Runbook: Open Report of Incident');
    await workbench.untilText('Report: Nobody can log in');
    await workbench.screenshot('newcomer-7-report');
    const events = await recordedEvents(path.join(state, 'evidence'));
    const closed = events.find(({ type }) => type === 'incident.closed');
    assert.equal(closed?.summary, 'went back to the deployment before');
  });

  it('practises it again as a drill, which the cluster judges', async () => {
    await workbench.tab('security-platform-operations.runbook.md').click();
    await workbench.untilNotebook();
    await workbench.runCommand('View: Close Editors in Other Groups');
    await workbench.runCommand('Runbook: Start Drill: Practise This Runbook');
    // The runbook's own come first; each row says which they are.
    await workbench.quickInput.getByText('this runbook answers').waitFor({ timeout: 60_000 });
    const rows = await workbench.quickPickRows();
    assert.match(rows[0]!, /signing secret|OIDC issuer/);
    await workbench.screenshot('drill-1-pick');
    await picture('drill');
    await workbench.pick(/without its signing secret/);
    await workbench.untilText(/Drill .* of 15 min/);
    await workbench.untilText(/AuthServiceCrashLooping fires/);
    const cell = await workbench.findCell('Go back to the deployment that worked');
    await workbench.untilStatusItem(cell, 'firing');
    await workbench.screenshot('drill-2-begun');
    // A reload in the middle stays on the practice cluster, and in the drill.
    await workbench.reload();
    await workbench.untilText(/Drill .* of 15 min/);
    if (pictures) await lookAround();
    const again = await workbench.findCell('Go back to the deployment that worked');
    await workbench.run(again);
    await workbench.pick('Option A');
    await workbench.untilState(again, 'success', 120_000);
    await workbench.page.locator('.statusbar-item', { hasText: 'End Drill' }).click({ timeout: 90_000 });
    await workbench.untilText(/Drill: Cured in time: AuthServiceCrashLooping went after .* cells? run/);
    await workbench.page
      .locator('.notifications-toasts .monaco-button', { hasText: 'Open Report' })
      .waitFor();
    // The way back led to the practice cluster: it is no longer offered.
    assert.doesNotMatch((await workbench.statusItems(again)).join(), /Undo/);
    await workbench.screenshot('drill-3-ended');
    await workbench.pressNotificationButton('Open Report');
    await workbench.untilText(/Report: Drill: auth-service was deployed/);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await picture('report');
    const events = await recordedEvents(path.join(state, 'evidence'));
    // Events come by the incident's name, not by time.
    const drills = events.filter(
      ({ type, extra }) => type === 'incident.opened' && (extra as { drill?: string })?.drill !== undefined,
    );
    assert.deepEqual(
      drills.map(({ extra }) => extra),
      [{ drill: 'crash-loop' }],
    );
    const closed = events.filter(({ type }) => type === 'incident.closed');
    assert.match(closed.map(({ summary }) => summary).join(), /Drill: Cured in time/);
  });

  it('leaves nothing running when it is stopped', async () => {
    started.kill('SIGINT');
    const [code] = await once(started, 'exit');
    assert.equal(code, 0, told);
    const practice = await readdir(path.join(state, 'runbook-notebooks/practice'));
    assert.equal(practice.includes('practice.json'), false, practice.join());
  });
});
