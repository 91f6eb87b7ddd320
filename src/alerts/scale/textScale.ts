// A scale laid down by lines of prose: `**P1 (Critical)**: response within 15 minutes`, one line a level.

import { type DocumentOutline, headingAt, textsBetween } from '../outline/documentOutline.ts';
import { readLevelDetails, responseInProse } from './levelDetails.ts';
import { readLevelHead } from './levelHead.ts';
import { isScale, type LevelDraft, type ScaleDraft } from './scaleDraft.ts';

export function textScales(outline: DocumentOutline): ScaleDraft[] {
  const sections = new Map<number, { name: string; endLine: number; levels: LevelDraft[] }>();
  for (const { line, text } of outline.texts) {
    const head = readLevelHead(text);
    if (!head || head.family === 'WORD' || text.length > 200) continue;
    const heading = headingAt(outline, line);
    const own = sections.get(heading?.line ?? -1) ?? {
      name: heading?.text ?? 'Severity',
      endLine: outline.headings[(heading?.index ?? -1) + 1]?.line ?? outline.lineCount,
      levels: [],
    };
    sections.set(heading?.line ?? -1, own);
    const details = { responseText: null, escalation: null, definition: null, examples: [] };
    own.levels.push({ head, line, details });
  }
  const found: ScaleDraft[] = [];
  for (const section of sections.values()) {
    if (!isScale(section.levels)) continue;
    if (section.levels.some(({ head }) => head.family === 'LEVEL') && !/severit|escalat/i.test(section.name))
      continue;
    const levels = section.levels.map((level, index) => {
      const end = section.levels[index + 1]?.line ?? section.endLine;
      const below = readLevelDetails(outline, level.line + 1, end);
      const own = textsBetween(outline, level.line, level.line + 1)[0]!.text;
      const responseText = below.responseText ?? responseInProse(own);
      return {
        ...level,
        details: { ...below, responseText, definition: below.definition ?? level.head.note },
      };
    });
    found.push({ name: section.name, line: levels[0]!.line, endLine: levels.at(-1)!.line + 1, levels });
  }
  return found;
}
