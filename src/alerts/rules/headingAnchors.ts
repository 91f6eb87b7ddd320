// The anchors of a document's headings as GitHub makes them: lower case, punctuation gone, spaces to hyphens, a
// number after a repeated one. An explicit `{#id}` counts too.

import type { DocumentOutline } from '../outline/documentOutline.ts';

/** Anchor → line. */
export function headingAnchors(outline: DocumentOutline): Map<string, number> {
  const anchors = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { text, line } of outline.headings) {
    const explicit = /\{#([\w:.-]+)\}\s*$/.exec(text)?.[1];
    if (explicit) anchors.set(explicit.toLowerCase(), line);
    const slug = slugOf(text.replace(/\s*\{#[\w:.-]+\}\s*$/, ''));
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    const anchor = count === 0 ? slug : `${slug}-${count}`;
    if (!anchors.has(anchor)) anchors.set(anchor, line);
  }
  return anchors;
}

export function slugOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');
}
