// Tables of the report: rows of a grid where there is room, cards with each value's name beside it where there is none.

import { utcText } from '../../base/clock.ts';
import { escapeHtml as e } from './ansiHtml.ts';

export interface Column {
  readonly head: string;
  readonly kind?: 'time' | 'who' | 'cite';
}

export interface Row {
  /** To be linked to. */
  readonly id?: string;
  /** HTML, one a column. */
  readonly cells: readonly string[];
}

/** @param rows HTML; @param columns plain text */
export function tableHtml(columns: readonly Column[], rows: readonly Row[]): string {
  const heads = columns.map(({ head }) => `<th scope="col">${e(head)}</th>`).join('');
  const body = rows.map(({ id, cells }) => {
    const all = cells.map((cell, index) => {
      const { head, kind } = columns[index]!;
      // An empty cell is no line of a card.
      const marks = [kind, cell === '' ? 'none' : ''].filter(Boolean).join(' ');
      return `<td data-label="${e(head)}"${marks ? ` class="${marks}"` : ''}>${cell}</td>`;
    });
    return `<tr${id === undefined ? '' : ` id="${e(id)}"`}>${all.join('')}</tr>`;
  });
  return `<table><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

/** `2026-11-22 08:41:02`, of a log's time, which is UTC. */
export function timeHtml(time: string): string {
  return `<time datetime="${e(time)}">${e(utcText(time))}</time>`;
}

/** To the event's row in the timeline. */
export function citeHtml(cite: string): string {
  return `<a class="soft" href="#${e(encodeURIComponent(cite))}">${e(cite)}</a>`;
}
