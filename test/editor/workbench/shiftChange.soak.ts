// An incident from one shift to the next, each in a window of their own: begun before anybody knew the runbook, and out
// of what was only tried; overdue and escalated; handed over while cells run, processes are left and a question waits.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from '../../host/workbench.mjs';
import { host, project, recordedEvents, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

const source = path.resolve(import.meta.dirname, 'documents/shift.runbook.md');
const name = path.basename(source);

interface Styles {
  getComputedStyle(item: unknown): { readonly backgroundColor: string; readonly color: string };
}

(host === 'newest' ? describe : describe.skip)('an incident over a change of shifts', function () {
  this.timeout(300_000);
  let demo: Server;
  let elsewhere = '';

  const ada = useWindow(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'runbook-shift-'));
    demo = createServer((_, response) => response.end('bypassed\n'));
    demo.listen(0, '127.0.0.1');
    await once(demo, 'listening');
    const env = { DEMO: `http://127.0.0.1:${(demo.address() as AddressInfo).port}` };
    return { installed: project, files: [source], env };
  });
  after(async () => {
    demo?.closeAllConnections();
    demo?.close();
    await rm(elsewhere, { recursive: true, force: true });
  });

  const bar = (workbench: Workbench) =>
    workbench.page.locator('.statusbar-item[id*="runbook.incident"]').first();
  const toasts = (workbench: Workbench) => async () => (await workbench.notifications()).join('\n');
  const untilBar = (workbench: Workbench, text: RegExp) =>
    waitFor(`${text} in the status bar`, async () => text.test(await bar(workbench).innerText()));
  async function untilToast(workbench: Workbench, text: RegExp): Promise<void> {
    await waitFor(`${text} as a toast`, async () => text.test(await toasts(workbench)()));
  }
  async function runCell(workbench: Workbench, text: string): Promise<number> {
    // The status bar explains itself as long as it has the focus, over what is behind it.
    await workbench.press('Escape');
    await workbench.page.mouse.move(700, 200);
    const cell = await workbench.findCell(text);
    await workbench.run(cell);
    return cell;
  }
  /** The status bar's colours as they are drawn. */
  const colours = (workbench: Workbench) =>
    bar(workbench).evaluate((item) => {
      const view = item.ownerDocument.defaultView as unknown as Styles;
      const { backgroundColor } = view.getComputedStyle(item);
      const { color } = view.getComputedStyle(item.querySelector('a') ?? item);
      return `${color} on ${backgroundColor}`;
    });

  it('begins with nothing: the next runbook that runs belongs to it', async () => {
    const { workbench } = ada;
    await workbench.runCommand('Runbook: Incident: Start, Hand Over, Close…');
    await workbench.answer('Mail does not leave');
    await workbench.screenshot('shift-1-alone');
    await workbench.pick(/^critical/);
    await untilToast(workbench, /began\. The next runbook that you run belongs to it/);
    await workbench.openNotebook(name);
    const cell = await runCell(workbench, 'looking at');
    await workbench.quickInput.waitFor();
    await workbench.answer('mail');
    await workbench.untilState(cell, 'success');
    await untilBar(workbench, /critical/);
    await workbench.screenshot('shift-2-joined-alone');
    await bar(workbench).click();
    await workbench.pick(/Close the incident/);
    await workbench.pressDialogButton('Close All the Same');
    await workbench.answer('it was something else');
    await untilToast(workbench, /is closed, sealed and packed/);
    await workbench.screenshot('shift-3-closed');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('begins out of what was only tried', async () => {
    const { workbench } = ada;
    const cell = await runCell(workbench, 'looking at');
    await workbench.quickInput.waitFor();
    await workbench.answer('mail');
    await workbench.untilState(cell, 'success');
    await untilBar(workbench, /Start Incident/);
    const closed = (await recordedEvents(ada.evidence)).findIndex(({ type }) => type === 'incident.closed');
    assert.ok(closed > 0);
    await bar(workbench).click();
    await workbench.screenshot('shift-4-ad-hoc');
    await workbench.pick(/Start an incident/);
    await workbench.answer('The queue is stuck');
    await workbench.pick(/P1/);
    await untilBar(workbench, /P1 .*of 20/);
  });

  it('tells what leaves the time of its severity, in colours and words, and when to escalate', async () => {
    const { workbench } = ada;
    await untilToast(
      workbench,
      /Escalation is due by the runbook: P1: Within 30 seconds.*on-call@example\.com/,
    );
    await untilBar(workbench, /escalate/);
    await workbench.screenshot('shift-5-overdue-light');
    const light = await colours(workbench);
    await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.waitForTimeout(1000);
    const dark = await colours(workbench);
    assert.doesNotMatch(`${light} ${dark}`, /on rgba\(0, 0, 0, 0\)/);
    await bar(workbench).hover();
    await workbench.untilText(/The response time of this severity has passed/);
    await workbench.page.screenshot({
      path: path.join(project, 'screenshots', host, 'shift-6-overdue-dark.png'),
    });
    await workbench.pressNotificationButton('Mark as Done');
    await untilBar(workbench, /of 20(?![\s\S]*escalate)/);
  });

  it('changes its severity', async () => {
    const { workbench } = ada;
    await bar(workbench).click();
    await workbench.screenshot('shift-7-menu');
    await workbench.pick(/Change the severity/);
    await workbench.pick(/P2/);
    await untilBar(workbench, /P2 .*of 1 h/);
  });

  it('is handed over while cells run and a question waits', async () => {
    const { workbench } = ada;
    const cure = await runCell(workbench, 'Option A');
    await workbench.pick(/Option B/);
    await workbench.page.waitForTimeout(500);
    if (await workbench.quickInput.isVisible()) await workbench.answer('it hangs');
    await workbench.untilState(cure, 'success');
    const copy = await runCell(workbench, 'sleep 1234');
    await workbench.untilStatusItem(copy, /1 process in the background/);
    const follow = await runCell(workbench, 'tail -f');
    await workbench.untilStatusItem(follow, /beside the others/);
    const bypass = await runCell(workbench, 'bypass');
    await workbench.untilState(bypass, 'success');
    await workbench.screenshot('shift-8-state');
    await bar(workbench).click();
    await workbench.pick(/Hand over/);
    await workbench.answer('grace');
    await workbench.answer('the copy has to go on');
    await workbench.pick(/Make a bundle/);
    await untilToast(workbench, /The bundle is .*-handover\.zip/);
    await workbench.screenshot('shift-9-handed-over');
    await runCell(workbench, 'rm -rf');
    await workbench.dialog.waitFor();
    await workbench.screenshot('shift-10-question');
  });

  const wanted = [
    /running: Follow: touch queue\.log/,
    /left in the background: Copy: sleep 1234.*\(process \d+/,
    /to take back by \d\d:\d\d UTC: Bypass the queue/,
    /chose .*Option B.* in Cure/,
    /value queue = mail/,
  ];

  describe('in another window that shares the folder', () => {
    const grace = useWindow(() => ({
      installed: project,
      files: [source],
      env: { RUNBOOK_EVIDENCE: ada.evidence, XDG_STATE_HOME: path.join(elsewhere, 'grace') },
    }));

    it('is joined with all that is open, and taken over', async () => {
      const { workbench } = grace;
      await workbench.openNotebook(name);
      await bar(workbench).click();
      await workbench.pick(/Join an incident/);
      await workbench.quickPickRows();
      await workbench.screenshot('shift-11-join');
      await workbench.pick(/The queue is stuck/);
      await workbench.dialog.waitFor();
      const shown = await workbench.dialog.innerText();
      await workbench.screenshot('shift-12-take-over');
      for (const one of [
        ...wanted,
        /unanswered: .*Clean up/,
        /hands .* over to grace/,
        /the copy has to go on/,
      ])
        assert.match(shown, one);
      await workbench.pressDialogButton('Take Over');
      await workbench.quickInput.waitFor();
      const named = workbench.quickInput.locator('input').first();
      await named.fill('bob');
      await waitFor('the word for another', async () =>
        /It was handed over to grace\. .* bob took over in their place/.test(await workbench.inputMessage()),
      );
      await workbench.screenshot('shift-12-another');
      await named.fill('grace');
      await workbench.press('Enter');
      await untilBar(workbench, /P2/);
      await waitFor('the commander', async () => {
        await bar(workbench).hover();
        return /Commander grace/.test(await workbench.page.locator('body').innerText());
      });
      const look = await workbench.findCell('looking at');
      await workbench.untilOutput(look, /Recorded .* incident [\s\S]*looking at mail/);
      await workbench.screenshot('shift-13-taken-over');
      const follow = await workbench.findCell('tail -f');
      await workbench.untilOutput(follow, /It still runs, in a window of/);
    });
  });

  describe('on another machine', () => {
    const grace = useWindow(() => ({
      installed: project,
      files: [source],
      env: { XDG_STATE_HOME: path.join(elsewhere, 'laptop') },
    }));

    it('is joined by the bundle, with all that was open', async () => {
      const { workbench } = grace;
      const bundle = (await readdir(ada.evidence)).find((file) => file.endsWith('-handover.zip'))!;
      await workbench.openNotebook(name);
      await bar(workbench).click();
      await workbench.pick(/Join an incident/);
      await workbench.pick(/From a bundle or folder/);
      await workbench.page.waitForTimeout(500);
      await workbench.screenshot('shift-14-choose');
      await workbench.answer(path.join(ada.evidence, bundle));
      await workbench.dialog.waitFor();
      const shown = await workbench.dialog.innerText();
      await workbench.screenshot('shift-15-bundle');
      for (const one of wanted) assert.match(shown, one);
      await workbench.pressDialogButton('Take Over');
      await workbench.quickInput.waitFor();
      await workbench.press('Enter');
      await untilBar(workbench, /P2/);
      const follow = await workbench.findCell('tail -f');
      await workbench.untilOutput(follow, /it may still run in a window of/);
      await workbench.screenshot('shift-16-taken-over');
    });
  });
});
