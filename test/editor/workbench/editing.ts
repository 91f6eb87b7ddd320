// Owns how tests edit the cells of a notebook as a person does, by keys and the mouse, and how they wait: for what
// is focused, drawn or on disk, never for a time.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Workbench } from '../../host/workbench.mjs';

const limitMs = 60_000;

export async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const rowOf = (workbench: Workbench, index: number) =>
  workbench.notebook.locator(`.cell-list-container .monaco-list-row[data-index="${index}"]`);

const isEditing = async (workbench: Workbench): Promise<boolean> =>
  (await workbench.notebook.locator('.monaco-list-row .monaco-editor.focused').count()) > 0;

/** Selects a code cell as a whole: keys are the notebook's then. */
export async function select(workbench: Workbench, index: number): Promise<void> {
  const row = await workbench.cell(index);
  await waitFor(`cell ${index} to be selected`, async () => {
    // Not beside the text: a click there folds the cell.
    await row.locator('.view-lines').first().click({ timeout: limitMs });
    await untilEditing(workbench, index);
    await leave(workbench);
    return isSelected(workbench, index);
  });
}

async function isSelected(workbench: Workbench, index: number): Promise<boolean> {
  if (await isEditing(workbench)) return false;
  return rowOf(workbench, index).evaluate((row) => {
    const list = row.closest('.monaco-list');
    return row.classList.contains('focused') && list?.contains(row.ownerDocument.activeElement) === true;
  });
}

/** Puts the cursor into a code cell's text, at its beginning. */
export async function enter(workbench: Workbench, index: number): Promise<void> {
  const row = await workbench.cell(index);
  await row.locator('.view-lines').first().click({ timeout: limitMs });
  await untilEditing(workbench, index);
  await workbench.press('Control+Home');
}

export async function untilEditing(workbench: Workbench, index: number): Promise<void> {
  const editor = rowOf(workbench, index).locator('.monaco-editor.focused');
  await editor.waitFor({ timeout: limitMs });
}

/** Leaves a cell's text for the cell as a whole. */
export async function leave(workbench: Workbench): Promise<void> {
  await waitFor('the cell to be left', async () => {
    if (await isEditing(workbench)) await workbench.press('Escape');
    return !(await isEditing(workbench));
  });
}

/** Clicks one of the buttons that show between a cell and the next one. */
export async function pressBetween(workbench: Workbench, index: number, label: string): Promise<void> {
  const row = await workbench.cell(index);
  await row.hover({ position: { x: 100, y: 10 } });
  const bar = row.locator('.cell-bottom-toolbar-container');
  await bar.hover({ force: true });
  await bar.locator('.action-item', { hasText: label }).first().click({ timeout: limitMs });
}

/** Saves, and holds that the file's bytes are those of the text. */
export async function saves(workbench: Workbench, name: string, text: string): Promise<void> {
  await waitFor(`${name} to be changed`, () => workbench.isDirty(name));
  await workbench.press('Control+S');
  await waitFor(`${name} to be saved`, async () => !(await workbench.isDirty(name)));
  assert.equal(await readFile(workbench.file(name), 'utf8'), text);
}

const terminals = '.terminal-wrapper .xterm-helper-textarea';

/** Types into the terminal that has just opened. What it shows is painted, no text of the page: wait for its effect. */
export async function typeInTerminal(workbench: Workbench, text: string): Promise<void> {
  await waitFor('a terminal with the focus', () =>
    workbench.page
      .locator(terminals)
      .evaluateAll((all) => all.some((one) => one === one.ownerDocument.activeElement)),
  );
  await workbench.page.keyboard.type(text);
}

/** Closes the terminal in front, whose program has ended, as any key does. */
export async function closeTerminal(workbench: Workbench): Promise<void> {
  await workbench.page.locator(terminals).last().press('Enter');
  await waitFor(
    'the terminal to be gone',
    async () => (await workbench.page.locator(terminals).count()) === 0,
  );
}
