// Owns the driver of the workbench: what a person does in VS Code, done by Playwright in a headless Chromium.
// Cells are numbered from 0, Markdown cells too, as the notebook shows them. Every wait has a timeout, and what
// is waited for stands in its message.

import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from './chromium.mjs';
import { startServer } from './server.mjs';

/** @typedef {'idle' | 'pending' | 'running' | 'success' | 'error'} CellState */
/**
 * @typedef {object} WorkbenchExtras
 * @property {string} [extension] folder of the extension under development; this project when not given
 * @property {string} [folder] the workspace; a fresh empty one that goes at the end when not given
 * @property {readonly string[]} [files] files and folders copied into the workspace, by absolute path
 * @property {string} [screenshots] where screenshots go; `screenshots/HOST` when not given
 */
/** @typedef {import('./server.mjs').ServerOptions & WorkbenchExtras} WorkbenchOptions */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const project = path.resolve(import.meta.dirname, '../..');
const viewport = { width: 1400, height: 1000 };
const slowMs = 30_000;
const stepPx = 50;
const fastScroll = 10;
const scrollSettings = {
  'workbench.list.fastScrollSensitivity': fastScroll,
  'editor.fastScrollSensitivity': fastScroll,
};

/** One window of VS Code on one workspace folder. */
export class Workbench {
  #browser;
  #ownFolder;

  /**
   * @param {object} parts
   * @param {import('./server.mjs').Server} parts.server
   * @param {import('playwright-core').Browser} parts.browser
   * @param {Page} parts.page
   * @param {string} parts.folder
   * @param {boolean} parts.ownFolder
   * @param {string} parts.screenshots
   */
  constructor(parts) {
    this.server = parts.server;
    this.page = parts.page;
    this.folder = parts.folder;
    this.screenshots = parts.screenshots;
    this.#browser = parts.browser;
    this.#ownFolder = parts.ownFolder;
    /** @type {string[]} what the window's console said */
    this.console = [];
    this.page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
  }

  /** @param {WorkbenchOptions} [options] */
  static async open(options = {}) {
    const ownFolder = options.folder === undefined;
    const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'runbook-workspace-')));
    for (const file of options.files ?? [])
      await cp(file, path.join(folder, path.basename(file)), { recursive: true });
    const settings = { ...scrollSettings, ...options.settings };
    const server = await startServer({ ...options, settings });
    /** @type {import('playwright-core').Browser | undefined} */
    let browser;
    try {
      browser = await launchBrowser();
      const context = await browser.newContext({ viewport });
      const page = await context.newPage();
      const screenshots = options.screenshots ?? path.join(project, 'screenshots', options.host ?? 'newest');
      const workbench = new Workbench({ server, browser, page, folder, ownFolder, screenshots });
      const extension = server.remoteUri(options.extension ?? project);
      await page.goto(server.address(folder, { extensionDevelopmentPath: extension }, options.token));
      await workbench.untilReady();
      return workbench;
    } catch (error) {
      await browser?.close();
      await server.dispose();
      throw new Error(
        `The workbench did not open: ${/** @type {Error} */ (error).message}\nThe server:\n${server.log}`,
        { cause: error },
      );
    }
  }

  /** Until the window is drawn and its extensions are known, so that an editor's kind can be chosen right. */
  async untilReady() {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.waitForFunction(
      () => performance.getEntriesByName('code/didLoadExtensions').length > 0,
      undefined,
      { timeout: 60_000 },
    );
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload() {
    await this.page.reload();
    await this.untilReady();
  }

  async dispose() {
    await this.#browser.close().catch(() => {});
    await this.server.dispose();
    if (this.#ownFolder) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
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
      const row = this.quickInput.locator('.monaco-list-row', { hasText: title }).first();
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

  /** Opens a file and waits for its cells. @param {string} name */
  async openNotebook(name) {
    await this.openFile(name);
    await this.untilNotebook();
  }

  async untilNotebook() {
    await this.rows.first().waitFor({ state: 'attached', timeout: slowMs });
  }

  /** @param {string} name */
  tab(name) {
    return this.page.locator(`.tab[data-resource-name="${path.basename(name)}"]`).first();
  }

  /** Whether the file's tab carries the mark of unsaved changes. @param {string} name */
  async isDirty(name) {
    return /\bdirty\b/.test((await this.tab(name).getAttribute('class')) ?? '');
  }

  // Cells

  get notebook() {
    return this.page.locator('.notebookOverlay:visible').first();
  }

  /** The cells that are drawn now: those in view and a few around them. */
  get rows() {
    return this.notebook.locator('.cell-list-container .monaco-list-row[data-index]');
  }

  async cellCount() {
    return Number(await this.rows.first().getAttribute('aria-setsize'));
  }

  /** Where the list and its drawn cells are, in the window's pixels. */
  #geometry() {
    return this.notebook.locator('.cell-list-container').evaluate((list) => {
      const { x, y, height } = list.getBoundingClientRect();
      const cells = [...list.querySelectorAll('.monaco-list-row[data-index]')].map((row) => {
        const box = row.getBoundingClientRect();
        return {
          index: Number(row.getAttribute('data-index')),
          y: box.y,
          height: box.height,
        };
      });
      return { x, y, height, cells };
    });
  }

  /** A turn moves the list by one step whatever its size is; with Alt held by `fastScroll` steps.
   * @param {number} way pixels */
  async #turnWheel(way) {
    const fast = Math.abs(way) >= stepPx * fastScroll * 0.6;
    const step = fast ? stepPx * fastScroll : stepPx;
    const turns = Math.min(10, Math.max(1, Math.round(Math.abs(way) / step)));
    if (fast) await this.page.keyboard.down('Alt');
    for (let turn = 0; turn < turns; turn++) await this.page.mouse.wheel(0, Math.sign(way) * 100);
    if (fast) await this.page.keyboard.up('Alt');
    await this.page.waitForTimeout(60);
  }

  /**
   * Brings a cell into view, by the wheel.
   * @param {number} index
   * @returns {Promise<Locator>} its row
   */
  async cell(index) {
    const row = this.notebook.locator(`.cell-list-container .monaco-list-row[data-index="${index}"]`);
    const until = Date.now() + slowMs;
    let still = 0;
    while (Date.now() < until) {
      const before = await this.#geometry();
      const way = wayTo(index, before);
      if (way === 0 || (still >= 5 && before.cells.some((one) => one.index === index))) return row;
      // At the list's edge, so that no editor takes the wheel for itself.
      await this.page.mouse.move(before.x + 6, before.y + before.height / 2);
      await this.#turnWheel(way);
      const moved = JSON.stringify(await this.#geometry()) !== JSON.stringify(before);
      still = moved ? 0 : still + 1;
    }
    throw new Error(`Cell ${index} did not come into view.`);
  }

  /**
   * The number of the first code cell that shows a text, from cell `from` on. Of a long cell only the drawn lines
   * are looked at.
   * @param {string} text
   */
  async findCell(text, from = 0) {
    const count = await this.cellCount();
    for (let next = from; next < count; ) {
      await this.cell(next);
      const drawn = (await this.#drawnCells()).filter((one) => one.index >= next);
      const found = drawn.find((one) => one.kind === 'code' && one.source.includes(text));
      if (found) return found.index;
      next = Math.max(next, ...drawn.map((one) => one.index)) + 1;
    }
    throw new Error(`No code cell holds ${JSON.stringify(text)}.`);
  }

  /** @returns {Promise<{ index: number, kind: 'code' | 'markup', source: string }[]>} in order */
  async #drawnCells() {
    const cells = await this.rows.evaluateAll((all) =>
      all.map((row) => {
        const lines = [...row.querySelectorAll('.view-lines .view-line')].map((line) => ({
          top: Number(/top: *([\d.]+)px/.exec(line.getAttribute('style') ?? '')?.[1]),
          text: line.textContent ?? '',
        }));
        lines.sort((one, other) => one.top - other.top);
        // A cell that was not in view yet is drawn by a sketch of its text.
        const sketch = row.querySelector('.cell-editor-container')?.textContent ?? '';
        return {
          index: Number(row.getAttribute('data-index')),
          kind: row.classList.contains('code-cell-row') ? 'code' : 'markup',
          source: lines.length > 0 ? lines.map((line) => line.text).join('\n') : sketch,
        };
      }),
    );
    return /** @type {any} */ (
      cells
        .map((cell) => ({ ...cell, source: cell.source.replaceAll('\u00a0', ' ') }))
        .sort((one, other) => one.index - other.index)
    );
  }

  /** @param {number} index */
  async #drawnCell(index) {
    await this.cell(index);
    const cell = (await this.#drawnCells()).find((one) => one.index === index);
    if (!cell) throw new Error(`Cell ${index} is not drawn.`);
    return cell;
  }

  /** What a code cell shows of its text: of a long one only the drawn lines. @param {number} index */
  async cellSource(index) {
    return (await this.#drawnCell(index)).source;
  }

  /** `code` or `markup`. @param {number} index */
  async cellKind(index) {
    return (await this.#drawnCell(index)).kind;
  }

  /** Clicks a cell's run button. @param {number} index */
  async run(index) {
    const row = await this.cell(index);
    await row.hover({ position: { x: 100, y: 10 } });
    await row.locator('.run-button-container .codicon-notebook-execute').first().click({ timeout: slowMs });
  }

  /** Clicks a running cell's stop button. @param {number} index */
  async interrupt(index) {
    const row = await this.cell(index);
    await row.locator('.run-button-container .codicon-notebook-stop').first().click({ timeout: slowMs });
  }

  /** What the cell's mark says of its last run. @param {number} index @returns {Promise<CellState>} */
  async cellState(index) {
    const row = await this.cell(index);
    const marks = await row
      .locator('.cell-statusbar-container [class*=codicon-notebook-state]')
      .evaluateAll((all) => all.map((one) => /codicon-notebook-state-(\w+)/.exec(one.className)?.[1]));
    const mark = marks[0] ?? 'idle';
    return /** @type {CellState} */ (mark === 'executing' ? 'running' : mark);
  }

  /** @param {number} index @param {CellState} state */
  async untilState(index, state, timeoutMs = slowMs) {
    let seen = '';
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      seen = await this.cellState(index);
      if (seen === state) return;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`Cell ${index} is ${seen} and did not become ${state} in ${timeoutMs} ms.`);
  }

  /** The texts of a code cell's status items, left ones first. @param {number} index */
  async statusItems(index) {
    const row = await this.cell(index);
    const texts = await row.locator('.cell-statusbar-container .cell-status-item').allInnerTexts();
    return texts.map(oneLine).filter((text) => text !== '');
  }

  /** @param {number} index @param {string | RegExp} text */
  async pressStatusItem(index, text) {
    const row = await this.cell(index);
    await row.locator('.cell-status-item', { hasText: text }).first().click({ timeout: slowMs });
  }

  /** Clicks a button of the cell's own toolbar by its title. @param {number} index @param {string} title */
  async pressCellAction(index, title) {
    const row = await this.cell(index);
    await row.hover({ position: { x: 100, y: 10 } });
    await row.locator(`.cell-title-toolbar [aria-label^="${title}"]`).first().click({ timeout: slowMs });
  }

  /** Clicks a button of the notebook's toolbar. @param {string | RegExp} title */
  async pressToolbar(title) {
    const toolbar = this.notebook.locator('.notebook-toolbar-container');
    await toolbar.locator('.action-item', { hasText: title }).first().click({ timeout: slowMs });
  }

  // Outputs and rendered Markdown live in web views

  /** The documents inside the web views: rendered Markdown and outputs. */
  get #inner() {
    return this.page.frames().filter((frame) => frame.parentFrame()?.parentFrame());
  }

  /** All text that is drawn in the window's web views. */
  async webviewText() {
    const texts = await Promise.all(
      this.#inner.map((frame) =>
        frame
          .locator('body')
          .innerText({ timeout: 1000 })
          .catch(() => ''),
      ),
    );
    return texts.join('\n');
  }

  /**
   * The text of a cell's outputs. The web view knows cells by other names than the window does, so an output is
   * the last cell's that begins above it.
   * @param {number} index
   */
  async outputText(index) {
    const row = await this.cell(index);
    const cell = await row.boundingBox();
    const below = await this.rows.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    if (!cell) return '';
    const end = Math.min(Number.POSITIVE_INFINITY, ...below.filter((y) => y > cell.y + 1));
    const texts = [];
    for (const frame of this.#inner) {
      for (const output of await frame.locator('.output_container').all()) {
        const at = await output.boundingBox({ timeout: 500 }).catch(() => null);
        if (at && at.y >= cell.y && at.y < end - 1) texts.push(await output.innerText());
      }
    }
    return texts.join('\n').replaceAll('\u00a0', ' ');
  }

  /** @param {number} index @param {string | RegExp} text */
  async untilOutput(index, text, timeoutMs = slowMs) {
    await until(`${text} in the output of cell ${index}`, timeoutMs, () => this.outputText(index), text);
  }

  /** Until a text is drawn anywhere, in the window or a web view. @param {string | RegExp} text */
  async untilText(text, timeoutMs = slowMs) {
    const all = async () =>
      `${await this.page.locator('body').innerText()}\n${await this.webviewText()}`.replaceAll('\u00a0', ' ');
    await until(`${text} in the window`, timeoutMs, all, text);
  }

  /** @param {string} name without an ending @returns {Promise<string>} the file */
  async screenshot(name) {
    await mkdir(this.screenshots, { recursive: true });
    const file = path.join(this.screenshots, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}

/**
 * How far the list has to be moved until a cell is in view, 0 when it is. Of a tall cell the top counts.
 * @param {number} index
 * @param {{ y: number, height: number, cells: { index: number, y: number, height: number }[] }} list
 */
function wayTo(index, list) {
  if (list.cells.length === 0) return 0;
  const room = 50;
  const cell = list.cells.find((one) => one.index === index);
  if (!cell) {
    const drawn = list.cells.reduce((sum, one) => sum + one.height, 0) / list.cells.length;
    const nearest = list.cells.reduce((best, one) =>
      Math.abs(one.index - index) < Math.abs(best.index - index) ? one : best,
    );
    return Math.round((index - nearest.index) * drawn * 0.8) + nearest.y - list.y;
  }
  const bottom = list.y + list.height;
  if (cell.y < list.y) return Math.floor(cell.y - list.y - room);
  if (cell.height > list.height - 2 * room)
    return cell.y > list.y + 2 * room ? Math.ceil(cell.y - list.y - room) : 0;
  return cell.y + cell.height > bottom ? Math.ceil(cell.y + cell.height - bottom + room) : 0;
}

/** @param {string} text */
function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** A window that is still starting loses keys: what opens something by one is tried again.
 * @param {string} what @param {() => Promise<void>} attempt */
async function retry(what, attempt, times = 6) {
  for (let left = times - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0)
        throw new Error(`No success with ${what}: ${/** @type {Error} */ (error).message}`, { cause: error });
    }
  }
}

/** @param {string} what @param {number} timeoutMs @param {() => Promise<string>} read @param {string | RegExp} text */
async function until(what, timeoutMs, read, text) {
  const end = Date.now() + timeoutMs;
  let last = '';
  while (Date.now() < end) {
    last = await read();
    if (typeof text === 'string' ? last.includes(text) : text.test(last)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${timeoutMs} ms for ${what}; there was:\n${last.slice(-2000)}`);
}
