// What the document says around a command that raises what is asked: its step's own words, the headings that its cell
// stands under, the paragraph before and the one after it. The nearest counts first, and is quoted.

import type { AssessedCommand } from '../shell/assess.ts';
import { cautionOf, cuesOfStep, demandOf, findCues, timeBoxOf } from '../shell/cues.ts';
import { compareRisk } from '../shell/risk.ts';
import type { Step } from '../shell/steps.ts';
import type { Runbook, RunbookCell } from './runbook.ts';

export interface DocumentWords {
  /** A second person has to approve it, or it is a last resort, or data is at risk. */
  readonly demand: string | undefined;
  /** For emergencies, or only if it is needed: somebody should say that it is so. */
  readonly caution: string | undefined;
}

/** A cell's own words are in its steps; these are the prose around it, in the order of their weight. */
export class DocumentCues {
  readonly #all: readonly Step[];
  readonly #prose: readonly string[];
  readonly #headings: string;

  /** @param all every step of the cell, also of alternatives that were not chosen. */
  constructor({ cells }: Pick<Runbook, 'cells'>, cell: RunbookCell, all: readonly Step[]) {
    this.#all = all;
    // The way back stands nowhere in the document: what is said of the change is not said of it.
    const isOfDocument = cells[cell.index]?.runnable === cell.runnable;
    this.#headings = isOfDocument ? cell.cell.headings.join('\n') : '';
    this.#prose = isOfDocument ? [before(cells, cell), after(cells, cell)].filter((text) => text !== '') : [];
  }

  /** What is said of a command: for one that changes nothing, only by its own step. */
  at({ line, risk }: Pick<AssessedCommand, 'line' | 'risk'>): DocumentWords {
    const step = this.#all.find(({ lines: [start, end] }) => line >= start && line < end);
    const own = step ? cuesOfStep(step, this.#all) : [];
    const changes = compareRisk(risk, 'secret') > 0;
    const prose = changes ? [...this.#proseOn(step), this.#headings] : [];
    const around = prose.flatMap(findCues);
    return {
      demand: demandOf(own) ?? demandOf(around),
      caution: cautionOf(own) ?? cautionOf(around),
    };
  }

  /** Milliseconds in which what runs has to be taken back; null without such words. */
  timeBox(steps: readonly Step[]): number | null {
    const own = steps.map(({ title, notes }) => [title, ...notes].join('\n')).join('\n');
    const prose = [...new Set(steps.flatMap((step) => this.#proseOn(step)))];
    return timeBoxOf(own) ?? timeBoxOf(prose.join('\n'));
  }

  /** Of alternatives a paragraph speaks of those whose words it shares most; of all where it names none. */
  #proseOn(step: Step | undefined): string[] {
    if (!step?.option) return [...this.#prose];
    const titles = new Map<string, string>();
    for (const { option, title } of this.#all) if (option && !titles.has(option)) titles.set(option, title);
    return this.#prose.filter((text) => {
      const said = wordsOf(text);
      const shared = [...titles].map(([option, title]) => ({
        option,
        count: [...wordsOf(title)].filter((word) => said.has(word)).length,
      }));
      const most = Math.max(...shared.map(({ count }) => count));
      return most === 0 || shared.some(({ option, count }) => option === step.option && count === most);
    });
  }
}

/** Nothing of its own, such as “**Mitigation:**”: what it leads in from stands above. */
const leadIn = /^[*_#\s]*[^.\n]{0,60}:?[*_\s]*$/;

function before(cells: readonly RunbookCell[], { index, cell }: RunbookCell): string {
  const above = cells[index - 1];
  if (above?.cell.kind !== 'markup' || !sameSection(above, cell.headings)) return '';
  const blocks = blocksOf(above.cell.text);
  const last = blocks.at(-1) ?? '';
  const more = leadIn.test(last) ? (blocks.at(-2) ?? '') : '';
  return [more, last].filter(Boolean).join('\n');
}

/** Where it is not what leads in to the next command. */
function after(cells: readonly RunbookCell[], { index, cell }: RunbookCell): string {
  const below = cells[index + 1];
  if (below?.cell.kind !== 'markup' || !sameSection(below, cell.headings)) return '';
  const blocks = blocksOf(below.cell.text);
  return blocks.length === 1 && cells[index + 2]?.cell.kind === 'code' ? '' : (blocks[0] ?? '');
}

function sameSection({ cell }: RunbookCell, headings: readonly string[]): boolean {
  return cell.headings.join('\n') === headings.join('\n');
}

/** Paragraphs and lists, headings left out: those are told of every cell below them. */
function blocksOf(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.replace(/^\s{0,3}#{1,6}\s.*$/gm, '').trim())
    .filter((block) => /\w/.test(block));
}

const unmeaning = /^(option|alternative|with|from|into|only|then|that|this|must|should|when|mode|requires?)$/;

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  return new Set(words.filter((word) => !unmeaning.test(word)));
}
