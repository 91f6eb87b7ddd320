// A responder at the window who steps the cells of a runbook by keyboard: answers what is asked, and keeps every
// question with the cell that it was asked for. A kind of question that was not met before is kept as a picture,
// dark and light.

import type { Workbench } from '../../host/workbench.mjs';

export interface Asked {
  readonly cell: number;
  /** What of the host it was put in. */
  readonly form: 'dialog' | 'pick' | 'input';
  readonly title: string;
  /** All that could be read. */
  readonly text: string;
  /** The keys or the words of the answer. */
  readonly answer: string;
}

export interface Stepped {
  readonly cell: number;
  readonly state: string;
  readonly asked: readonly Asked[];
}

/** What is said to each: keys to press, or a text to type before Enter, or a dialog's button. */
export interface Reply {
  readonly kind: string;
  readonly keys?: readonly string[];
  readonly type?: string;
  readonly press?: string;
}

export interface Responder {
  /** The reply to what is asked. */
  readonly reply: (asked: Omit<Asked, 'answer'>) => Reply | Promise<Reply>;
  /** Of pictures. */
  readonly prefix: string;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export class Responding {
  readonly #workbench: Workbench;
  readonly #responder: Responder;
  readonly #seen = new Set<string>();

  constructor(workbench: Workbench, responder: Responder) {
    this.#workbench = workbench;
    this.#responder = responder;
  }

  /** Runs one cell to its end, or until `mostMs`, when it is interrupted. */
  async step(cell: number, mostMs: number): Promise<Stepped> {
    await this.#workbench.run(cell);
    return this.until(cell, mostMs);
  }

  /** The same of a cell that was set going in another way. */
  async until(cell: number, mostMs: number): Promise<Stepped> {
    const asked: Asked[] = [];
    const { page } = this.#workbench;
    let end = Date.now() + mostMs;
    let interrupted = false;
    for (let still = 0; ; ) {
      const now = await this.#asking(cell);
      if (now) {
        still = 0;
        asked.push(await this.#answer(now));
        end = Math.max(end, Date.now() + mostMs);
        continue;
      }
      const state = await this.#workbench.cellState(cell).catch(() => 'running');
      // A cell is done when its mark says so twice in a row and nothing is asked.
      if (state === 'success' || state === 'error' || state === 'idle') still++;
      else still = 0;
      if (still >= (state === 'idle' ? 30 : 4)) return { cell, state, asked };
      if (Date.now() > end) {
        if (interrupted) return { cell, state: `${state}, not ended`, asked };
        interrupted = true;
        await this.#workbench.interrupt(cell).catch(() => {});
        end = Date.now() + 15_000;
      }
      await page.waitForTimeout(120);
    }
  }

  /** Dark, then light, with what is open kept open: the window goes with the colours that the system asks for. */
  async picture(name: string): Promise<void> {
    const { page } = this.#workbench;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(300);
    await this.#workbench.screenshot(`${this.#responder.prefix}-${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForTimeout(600);
    await this.#workbench.screenshot(`${this.#responder.prefix}-${name}-light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(300);
  }

  /** What is open now; nothing where it closes while it is read. */
  #asking(cell: number): Promise<Omit<Asked, 'answer'> | undefined> {
    return this.#read(cell).catch(() => undefined);
  }

  async #read(cell: number): Promise<Omit<Asked, 'answer'> | undefined> {
    const { dialog, quickInput } = this.#workbench;
    if (await dialog.isVisible()) {
      const title = oneLine(await dialog.locator('.dialog-message-text').innerText({ timeout: 1000 }));
      return { cell, form: 'dialog', title, text: await dialog.innerText({ timeout: 1000 }) };
    }
    if (!(await quickInput.isVisible())) return undefined;
    // It is drawn bit by bit.
    await this.#workbench.page.waitForTimeout(250);
    if (!(await quickInput.isVisible())) return undefined;
    const title = oneLine(await quickInput.locator('.quick-input-title').innerText({ timeout: 1000 }));
    const isPick = (await quickInput.locator('.quick-input-list .monaco-list-row').count()) > 0;
    const input = quickInput.locator('input[type=text], input:not([type=checkbox])').first();
    const hint = (await input.getAttribute('placeholder', { timeout: 1000 }).catch(() => '')) ?? '';
    const text = oneLine(await quickInput.innerText({ timeout: 1000 }));
    return { cell, form: isPick ? 'pick' : 'input', title, text: [title, hint, text].join('\n') };
  }

  async #answer(asked: Omit<Asked, 'answer'>): Promise<Asked> {
    const { page } = this.#workbench;
    const reply = await this.#responder.reply(asked);
    if (!this.#seen.has(reply.kind)) {
      this.#seen.add(reply.kind);
      await this.picture(reply.kind);
    }
    if (reply.type !== undefined) {
      await this.#workbench.quickInput.locator('input').first().fill(reply.type);
      await page.waitForTimeout(150);
    }
    if (reply.press !== undefined) {
      await this.#workbench.pressDialogButton(reply.press);
      await this.#gone(asked);
      return { ...asked, answer: reply.press };
    }
    const keys = reply.keys ?? ['Enter'];
    for (const key of keys) await page.keyboard.press(key);
    await this.#gone(asked);
    return { ...asked, answer: reply.type ?? keys.join(' ') };
  }

  /** Until what was asked is no longer there, so that one question is not answered twice. */
  async #gone(asked: Omit<Asked, 'answer'>): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      const now = await this.#asking(asked.cell);
      if (!now || now.title !== asked.title || now.text !== asked.text) return;
      await this.#workbench.page.waitForTimeout(100);
    }
    throw new Error(`An answer was not taken: ${asked.title}\n${asked.text}`);
  }
}
