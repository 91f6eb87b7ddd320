// Owns what a person does in a window of VS Code outside of cells: keys, the palette, quick picks, dialogs, toasts,
// editors, pictures.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { oneLine, retry, slowMs, until } from './waiting.mjs';

/** @typedef {import('playwright-core').Page} Page */

export const viewport = { width: 1400, height: 1000 };

/** The window, without its cells. */
export class WindowDriver {
  /** @param {{ page: Page, folder: string, screenshotFolder: string }} parts */
  constructor({ page, folder, screenshotFolder }) {
    this.page = page;
    this.folder = folder;
    this.screenshotFolder = screenshotFolder;
    /** @type {string[]} what the window's console said */
    this.console = [];
    this.page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
  }

  /** Where a file of the workspace is. @param {string} name */
  file(name) {
    return path.resolve(this.folder, name);
  }

  // Keys, palette, quick input

  /** Presses keys one after the other, such as `Control+S`. @param {...string} keys */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  get quickInput() {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Opens the quick input by a key and fills it. @param {string} key @param {string} text */
  async #openQuickInput(key, text) {
    const input = this.quickInput.locator('input[type=text]').first();
    await retry(`quick input after ${key}`, async () => {
      await this.press(key);
      await input.waitFor({ timeout: 2000 });
    });
    await input.fill(text);
  }

  /** Runs a command by its title as the palette shows it. @param {string} title such as `View: Split Editor` */
  async runCommand(title) {
    await retry(`the command "${title}"`, async () => {
      await this.#openQuickInput('F1', `>${title}`);
      // Its whole title: "View: Close Editor" stands among others that begin like it.
      const named = [`="${title}"`, `^="${title},"`, `^="${title}…"`].map((is) => `[aria-label${is}]`);
      const row = this.quickInput.locator(named.map((one) => `.monaco-list-row${one}`).join(', ')).first();
      try {
        await row.waitFor({ timeout: 5000 });
      } catch (error) {
        await this.press('Escape');
        throw error;
      }
      await row.click();
    });
  }

  /** The rows that a quick pick offers now. */
  async quickPickRows() {
    await this.quickInput.locator('.monaco-list-row').first().waitFor({ timeout: slowMs });
    return (await this.quickInput.locator('.monaco-list-row').allInnerTexts()).map(oneLine);
  }

  /** Chooses a row of an open quick pick. @param {string | RegExp} text */
  async pick(text) {
    const row = this.quickInput.locator('.monaco-list-row', { hasText: text }).first();
    await row.waitFor({ timeout: slowMs });
    await row.click();
  }

  /** Types an answer into an open input box and accepts it. @param {string} text */
  async answer(text) {
    const input = this.quickInput.locator('input').first();
    await input.waitFor({ timeout: slowMs });
    await input.fill(text);
    await this.press('Enter');
  }

  /** The message under an open input box, such as its validation's. */
  async inputMessage() {
    return oneLine(await this.quickInput.locator('.quick-input-message').innerText());
  }

  // Dialogs, notifications, status bar

  get dialog() {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Presses a button of the modal dialog. @param {string | RegExp} label */
  async pressDialogButton(label) {
    await this.dialog.locator('.monaco-button', { hasText: label }).first().click({ timeout: slowMs });
  }

  /** The messages that are shown as toasts. */
  async notifications() {
    return (
      await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts()
    ).map(oneLine);
  }

  /** Presses a button of a toast. @param {string | RegExp} label */
  async pressNotificationButton(label) {
    const toasts = this.page.locator('.notifications-toasts');
    await toasts.locator('.monaco-button', { hasText: label }).first().click({ timeout: slowMs });
  }

  /** The texts of the window's status bar. */
  async statusBar() {
    const texts = await this.page.locator('.statusbar-item').allInnerTexts();
    return texts.map(oneLine).filter((text) => text !== '');
  }

  // Editors

  /** Opens a file as a person does by its name. @param {string} name in the workspace, or an absolute path */
  async openFile(name) {
    const file = this.file(name);
    await retry(`opening ${file}`, async () => {
      await this.#openQuickInput('Control+P', file);
      const row = this.quickInput.locator('.monaco-list-row', { hasText: path.basename(file) }).first();
      try {
        await row.waitFor({ timeout: 5000 });
      } catch (error) {
        await this.press('Escape');
        throw error;
      }
      await row.click();
    });
    await this.tab(file).waitFor({ timeout: slowMs });
  }

  /** @param {string} name */
  tab(name) {
    return this.page.locator(`.tab[data-resource-name="${path.basename(name)}"]`).first();
  }

  /** Whether the file's tab carries the mark of unsaved changes. @param {string} name */
  async isDirty(name) {
    return /\bdirty\b/.test((await this.tab(name).getAttribute('class')) ?? '');
  }

  // Web views: rendered Markdown and outputs

  /** The documents inside the web views: rendered Markdown and outputs. */
  get webviews() {
    return this.page.frames().filter((frame) => frame.parentFrame()?.parentFrame());
  }

  /** All text that is drawn in the window's web views. */
  async webviewText() {
    const texts = await Promise.all(
      this.webviews.map((frame) =>
        frame
          .locator('body')
          .evaluate(shownText, undefined, { timeout: 1000 })
          .catch(() => ''),
      ),
    );
    return texts.join('\n');
  }

  /** Until a text is drawn anywhere, in the window or a web view. @param {string | RegExp} text */
  async untilText(text, timeoutMs = slowMs) {
    const all = async () =>
      `${await this.page.locator('body').innerText()}\n${await this.webviewText()}`.replaceAll('\u00a0', ' ');
    await until(`${text} in the window`, timeoutMs, all, text);
  }

  /** @param {string} name without an ending @returns {Promise<string>} the file */
  async screenshot(name) {
    await mkdir(this.screenshotFolder, { recursive: true });
    const file = path.join(this.screenshotFolder, `${name}.png`);
    // Off everything that lights up or explains itself under the mouse.
    await this.page.mouse.move(viewport.width - 300, 1);
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: file });
    return file;
  }
}

/**
 * Runs inside a web view. Rendered Markdown stands in shadow trees, which the text of the body leaves out.
 * @param {any} body
 * @returns {string}
 */
function shownText(body) {
  const tops = [body];
  for (const one of body.querySelectorAll('*')) if (one.shadowRoot) tops.push(...one.shadowRoot.children);
  return tops.map((one) => (one.tagName === 'STYLE' ? '' : one.innerText)).join('\n');
}
