// The parts of a document: from a heading's cell up to the next heading of the same or a higher rank.

import type { DocumentCell, RunbookDocument } from './documentCell.ts';

export interface DocumentSection {
  readonly title: string;
  /** Titles from the outermost heading to this one. */
  readonly path: readonly string[];
  /** Indexes into `cells`, end excluded. */
  readonly cells: readonly [start: number, end: number];
}

/** In the document's order; an outer section holds its inner ones. Cells above the first heading are in none. */
export function sectionsOf(document: Pick<RunbookDocument, 'cells'>): DocumentSection[] {
  const sections: { title: string; path: readonly string[]; cells: [number, number] }[] = [];
  let open: typeof sections = [];
  let trail: readonly string[] = [];
  document.cells.forEach((cell: DocumentCell, index) => {
    if (cell.headings === trail) return;
    trail = cell.headings;
    let shared = 0;
    const beginsHeading = cell.kind === 'markup';
    while (shared < open.length && shared < trail.length && open[shared]!.title === trail[shared]) shared++;
    // A heading with the title of the one before it is a part of its own.
    if (beginsHeading && shared > 0 && shared === trail.length) shared--;
    for (const section of open.slice(shared)) section.cells[1] = index;
    open = open.slice(0, shared);
    for (let depth = shared; depth < trail.length; depth++) {
      const section = {
        title: trail[depth]!,
        path: trail.slice(0, depth + 1),
        cells: [index, index] as [number, number],
      };
      open.push(section);
      sections.push(section);
    }
  });
  for (const section of open) section.cells[1] = document.cells.length;
  return sections;
}
