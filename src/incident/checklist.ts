// The checklists of a runbook (`- [ ] …`) and its steps by hand, ticked for one incident: what is ticked is an event,
// the file stays as it is.

import type { Incident as ReadIncident } from '../evidence/read/readIncident.ts';
import { refuseClosedElsewhere } from './closedElsewhere.ts';
import type { Incident } from './incident.ts';
import type { Runbook, RunbookCell } from './runbook.ts';

export interface ChecklistItem {
  /** The same for the same words at the same place of a runbook, whatever was edited around them. */
  readonly key: string;
  readonly text: string;
  readonly headings: readonly string[];
  /** Of the file, from 0. */
  readonly line: number;
  /** Ticked in the file itself. */
  readonly ticked: boolean;
  /** A step that is told in words only, which somebody does by hand. */
  readonly byHand: boolean;
}

export interface Tick {
  readonly done: boolean;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: string | null;
}

const box = /^(?:[ \t>]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\][ \t]+(\S.*)$/;
const numbered = /^ {0,3}\d{1,9}[.)][ \t]+(\S.*)$/;

/** In the order of the document. Numbered steps count where their section holds neither a command nor a box. */
export function checklistOf({ cells }: Pick<Runbook, 'cells'>): ChecklistItem[] {
  const sectionsWithMore = new Set<string>();
  for (const { cell } of cells) {
    const boxed = cell.kind === 'markup' && linesOf(cell.text).some((line) => box.test(line));
    if (cell.kind === 'code' || boxed) sectionsWithMore.add(pathOf(cell.headings));
  }
  const times = new Map<string, number>();
  return cells.flatMap(({ cell }) => {
    if (cell.kind !== 'markup') return [];
    const mayBeByHand = cell.headings.length > 1 && !sectionsWithMore.has(pathOf(cell.headings));
    return linesOf(cell.text).flatMap((text, offset): ChecklistItem[] => {
      const boxed = box.exec(text);
      const step = boxed ?? (mayBeByHand ? numbered.exec(text) : null);
      if (!step) return [];
      const words = plain(boxed ? boxed[2]! : step[1]!);
      const base = JSON.stringify([...cell.headings, words]);
      const time = (times.get(base) ?? 0) + 1;
      times.set(base, time);
      return [
        {
          key: time === 1 ? base : `${base} ${time}`,
          text: words,
          headings: cell.headings,
          line: cell.textLine + offset,
          ticked: boxed !== null && boxed[1] !== ' ',
          byHand: boxed === null,
        },
      ];
    });
  });
}

const pathOf = (headings: readonly string[]): string => JSON.stringify(headings);

/** Fences inside of a Markdown cell are no list. */
function linesOf(text: string): string[] {
  let fence = '';
  return text.split('\n').map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence) {
      if (mark.startsWith(fence)) fence = '';
      return '';
    }
    fence = mark;
    return mark ? '' : line;
  });
}

const plain = (text: string): string => text.replace(/\*\*|__|`/g, '').trim();

/** What was last said of each item, by its key. */
export function ticksOf({ events }: Pick<ReadIncident, 'events'>): Map<string, Tick> {
  const people = new Map<string, string>();
  const ticks = new Map<string, Tick>();
  for (const { writer, event } of events) {
    if (event.type === 'incident.opened' || event.type === 'incident.joined')
      people.set(writer, `${event.actor.user}@${event.actor.host}`);
    if (event.type !== 'note' || event.about !== 'checklist') continue;
    const { key, done, note } = (event.extra ?? {}) as { key?: unknown; done?: unknown; note?: unknown };
    if (typeof key !== 'string' || typeof done !== 'boolean') continue;
    const by = people.get(writer) ?? writer;
    ticks.set(key, { done, by, at: Date.parse(event.time), note: typeof note === 'string' ? note : null });
  }
  return ticks;
}

/** Ticks an item, or takes the tick back. */
export async function tick(
  incident: Pick<Incident, 'writer' | 'folder' | 'id'>,
  { key, text, byHand }: ChecklistItem,
  done: boolean,
  note?: string,
): Promise<void> {
  await refuseClosedElsewhere(incident);
  const word = done ? 'Done' : 'Not done after all';
  await incident.writer.append({
    type: 'note',
    text: `${word}${byHand ? ' by hand' : ''}: ${text}${note ? ` (${note})` : ''}`,
    about: 'checklist',
    extra: { key, done, ...(note ? { note } : {}) },
  });
}

export interface SectionProgress {
  /** Its title; '' above the first heading. */
  readonly title: string;
  readonly headings: readonly string[];
  readonly items: readonly {
    readonly item: ChecklistItem;
    readonly tick: Tick | undefined;
    readonly done: boolean;
  }[];
  readonly cells: readonly {
    readonly cell: RunbookCell;
    readonly state: 'done' | 'failed' | 'running' | 'open';
  }[];
  readonly done: number;
  readonly of: number;
}

/** Sections that hold something to do, in the document's order. */
export function progressOf(
  runbook: Pick<Runbook, 'cells'>,
  ticks: ReadonlyMap<string, Tick>,
  stateOf: (cell: RunbookCell) => 'done' | 'failed' | 'running' | 'open',
): SectionProgress[] {
  const items = checklistOf(runbook);
  const sections = new Map<string, readonly string[]>();
  for (const { cell } of runbook.cells) sections.set(pathOf(cell.headings), cell.headings);
  return [...sections].flatMap(([key, headings]): SectionProgress[] => {
    const own = items
      .filter((item) => pathOf(item.headings) === key)
      .map((item) => {
        const told = ticks.get(item.key);
        return { item, tick: told, done: told?.done ?? item.ticked };
      });
    const cells = runbook.cells
      .filter(({ cell }) => cell.kind === 'code' && cell.executable && pathOf(cell.headings) === key)
      .map((cell) => ({ cell, state: stateOf(cell) }));
    const of = own.length + cells.length;
    if (of === 0) return [];
    const done = own.filter((one) => one.done).length + cells.filter(({ state }) => state === 'done').length;
    return [{ title: headings.at(-1) ?? '', headings, items: own, cells, done, of }];
  });
}
