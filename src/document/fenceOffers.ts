// Untagged fences that hold commands. They are shown as Markdown and never run; an editor can offer to tag them.

import { startsLikeCommand } from './commandWords.ts';
import type { FenceOffer } from './documentCell.ts';
import { foreignContent } from './foreignContent.ts';
import type { FenceBlock } from './markdownBlocks.ts';
import { hasPrompts } from './transcript.ts';

export function fenceOffers(
  fences: readonly FenceBlock[],
  firstLine: number,
  shown: (start: number, end: number, cuts: readonly number[]) => string,
): FenceOffer[] {
  const offers: FenceOffer[] = [];
  for (const fence of fences) {
    if (!fence.closed || fence.info.trim() !== '') continue;
    const text = shown(fence.start + 1, fence.end - 1, fence.cuts);
    const tag = offeredTag(text);
    if (tag) offers.push({ lines: [firstLine + fence.start, firstLine + fence.end], tag, text });
  }
  return offers;
}

/** The tag that an untagged fence with this content could bear; undefined when it holds no commands. */
function offeredTag(text: string): 'bash' | 'console' | undefined {
  if (text.trim() === '') return undefined;
  if (hasPrompts(text)) return 'console';
  if (foreignContent(text)) return undefined;
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*#(?!!)/.test(line));
  return first !== undefined && startsLikeCommand(first) ? 'bash' : undefined;
}
