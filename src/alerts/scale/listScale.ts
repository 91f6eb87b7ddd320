// A scale laid down by a list: `1. **SEV-1 (Critical)**` with what it means below, or `- P1: …`.

import { type DocumentOutline, headingAt, type OutlineItem } from '../outline/documentOutline.ts';
import { readLevelDetails, responseInProse } from './levelDetails.ts';
import { readLevelHead } from './levelHead.ts';
import { isScale, type LevelDraft, type ScaleDraft } from './scaleDraft.ts';

export function listScales(outline: DocumentOutline): ScaleDraft[] {
  const lists = new Map<number, OutlineItem[]>();
  for (const item of outline.items) {
    const own = lists.get(item.list);
    if (own) own.push(item);
    else lists.set(item.list, [item]);
  }
  const found: ScaleDraft[] = [];
  for (const items of lists.values()) {
    const name = headingAt(outline, items[0]!.line)?.text ?? 'Severity';
    const levels: LevelDraft[] = [];
    for (const item of items) {
      const head = readLevelHead(item.text);
      if (!head) continue;
      if (['WORD', 'LEVEL', 'TIER'].includes(head.family) && !/severit|priorit|escalat|urgenc/i.test(name))
        continue;
      const below = readLevelDetails(outline, item.line + 1, item.endLine);
      const details = {
        ...below,
        responseText: below.responseText ?? responseInProse(item.text),
        definition: below.definition ?? head.note,
      };
      levels.push({ head, line: item.line, details });
    }
    if (!isScale(levels) || levels.length < items.length - 1) continue;
    found.push({ name, line: items[0]!.line, endLine: items.at(-1)!.endLine, levels });
  }
  return found;
}
