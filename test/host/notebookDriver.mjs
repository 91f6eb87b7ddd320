// Owns what a person does with the cells of a notebook. Cells are numbered from 0, Markdown cells too, as the
// notebook shows them.

import { fastScroll, stepPx, wayTo } from './cellScroll.mjs';
import { oneLine, slowMs, until } from './waiting.mjs';
import { WindowDriver } from './windowDriver.mjs';

/** @typedef {'idle' | 'pending' | 'running' | 'success' | 'error'} CellState */
/** @typedef {import('playwright-core').Locator} Locator */

/** The window, with the cells of the notebook in view. */
export class NotebookDriver extends WindowDriver {
  /** Opens a file and waits for its cells. @param {string} name */
  async openNotebook(name) {
    await this.openFile(name);
    await this.untilNotebook();
  }

  async untilNotebook() {
    await this.rows.first().waitFor({ state: 'attached', timeout: slowMs });
  }

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
    await row.hover({ position: { x: 100, y: 10 } });
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
  async untilStatusItem(index, text, timeoutMs = slowMs) {
    const read = async () => (await this.statusItems(index)).join('\n');
    await until(`${text} on the status bar of cell ${index}`, timeoutMs, read, text);
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
    for (const frame of this.webviews) {
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
}
