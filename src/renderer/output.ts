// The renderer of query answers in a notebook: VS Code loads it into the outputs' web view when the first is shown.

import type { QueryPicture } from '../base/queryPicture.ts';
import { answerView } from './answerView.ts';
import { style } from './style.ts';

/** What of VS Code's renderer API is used here. */
interface OutputItem {
  readonly id: string;
  json(): unknown;
}
interface Renderer {
  renderOutputItem(item: OutputItem, element: HTMLElement): void;
  disposeOutputItem(id?: string): void;
}

export function activate(): Renderer {
  const shown = new Map<string, () => void>();
  const dispose = (id: string): void => {
    shown.get(id)?.();
    shown.delete(id);
  };
  return {
    renderOutputItem(item, element) {
      dispose(item.id);
      const picture = item.json() as QueryPicture;
      // Outputs may stand in shadow roots: the style goes with each.
      const sheet = document.createElement('style');
      sheet.textContent = style;
      const box = document.createElement('div');
      box.className = 'runbook-query';
      const views = picture.answers.map((answer) => answerView(answer, picture.source));
      box.replaceChildren(...views.map((view) => view.element));
      element.replaceChildren(sheet, box);
      for (const view of views) view.attached();
      shown.set(item.id, () => {
        for (const view of views) view.dispose();
      });
    },
    disposeOutputItem(id) {
      if (id !== undefined) dispose(id);
      else for (const one of [...shown.keys()]) dispose(one);
    },
  };
}
