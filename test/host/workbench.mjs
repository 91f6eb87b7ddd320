// Owns the driver of the workbench: VS Code opened on a folder with the extension under development, in a headless
// Chromium by Playwright.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scrollSettings } from './cellScroll.mjs';
import { launchBrowser } from './chromium.mjs';
import { NotebookDriver } from './notebookDriver.mjs';
import { startServer } from './server.mjs';
import { viewport } from './windowDriver.mjs';

/**
 * @typedef {object} WorkbenchExtras
 * @property {string} [extension] folder of the extension under development; this project when neither this, `vsix`
 *   nor `installed` is given
 * @property {string} [folder] the workspace; a fresh empty one that goes at the end when not given
 * @property {readonly string[]} [files] files and folders copied into the workspace, by absolute path
 * @property {string} [screenshots] where screenshots go; `screenshots/HOST` when not given
 */
/** @typedef {import('./server.mjs').ServerOptions & WorkbenchExtras} WorkbenchOptions */

const project = path.resolve(import.meta.dirname, '../..');

/** One window of VS Code on one workspace folder. */
export class Workbench extends NotebookDriver {
  #browser;
  #ownFolder;

  /**
   * @param {object} parts
   * @param {import('./server.mjs').Server} parts.server
   * @param {import('playwright-core').Browser} parts.browser
   * @param {import('playwright-core').Page} parts.page
   * @param {string} parts.folder
   * @param {boolean} parts.ownFolder
   * @param {string} parts.screenshotFolder
   */
  constructor(parts) {
    super(parts);
    this.server = parts.server;
    this.#browser = parts.browser;
    this.#ownFolder = parts.ownFolder;
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
      const screenshotFolder =
        options.screenshots ?? path.join(project, 'screenshots', options.host ?? 'newest');
      const workbench = new Workbench({ server, browser, page, folder, ownFolder, screenshotFolder });
      /** @type {Record<string, string>} */
      const payload =
        options.vsix || options.installed
          ? {}
          : { extensionDevelopmentPath: server.remoteUri(options.extension ?? project) };
      await page.goto(server.address(folder, payload, options.token));
      await workbench.untilReady();
      return workbench;
    } catch (error) {
      await browser?.close();
      await server.dispose();
      if (ownFolder) await rm(folder, { recursive: true, force: true });
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
}
