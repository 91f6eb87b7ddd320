// A scale laid down by headings: `#### Severity 1 (Critical)` with its details below.

import { type DocumentOutline, headingAt, type OutlineHeading } from '../outline/documentOutline.ts';
import { readLevelDetails } from './levelDetails.ts';
import { readLevelHead } from './levelHead.ts';
import { isScale, type LevelDraft, type ScaleDraft } from './scaleDraft.ts';

const scaleTopic = /severit|priorit|escalat|urgenc|incident|alert|\blevels?\b|classification/i;

export function headingScales(outline: DocumentOutline): ScaleDraft[] {
  const found: ScaleDraft[] = [];
  for (const siblings of siblingGroups(outline.headings)) {
    const { parent, headings } = siblings;
    const name = parent?.text ?? '';
    const levels: LevelDraft[] = [];
    for (const heading of headings) {
      const head = readLevelHead(heading.text);
      if (!head) continue;
      // A word alone, or a "Level 2", is a severity only where the section speaks of severities.
      if (['WORD', 'LEVEL', 'TIER'].includes(head.family) && !scaleTopic.test(name)) continue;
      const details = readLevelDetails(outline, heading.line + 1, heading.endLine);
      levels.push({ head, line: heading.line, details });
    }
    if (!isScale(levels)) continue;
    const line = levels[0]!.line;
    const endLine = headingAt(outline, levels.at(-1)!.line)!.endLine;
    // A section per level with commands in it is a procedure for each, told by its heading, and no scale.
    if (outline.fences.some((fence) => fence.line > line && fence.line < endLine)) continue;
    found.push({ name: name || 'Severity', line, endLine, levels });
  }
  return found;
}

function siblingGroups(
  headings: readonly OutlineHeading[],
): { parent: OutlineHeading | undefined; headings: OutlineHeading[] }[] {
  const groups = new Map<OutlineHeading | undefined, OutlineHeading[]>();
  const open: OutlineHeading[] = [];
  for (const heading of headings) {
    while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop();
    const parent = open.at(-1);
    const own = groups.get(parent);
    if (own) own.push(heading);
    else groups.set(parent, [heading]);
    open.push(heading);
  }
  return [...groups].map(([parent, own]) => ({ parent, headings: own }));
}
