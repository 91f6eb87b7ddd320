// Inline Markdown without its markup, one entry a source line.

import type { Token } from 'markdown-it';

export interface PlainLine {
  readonly text: string;
  readonly code: readonly string[];
}

/** Text of an inline token, split where the source's lines end; links and emphasis leave their words. */
export function plainLines(inline: Token): PlainLine[] {
  const lines: { text: string; code: string[] }[] = [{ text: '', code: [] }];
  for (const child of inline.children ?? []) {
    const last = lines.at(-1)!;
    if (child.type === 'softbreak' || child.type === 'hardbreak') lines.push({ text: '', code: [] });
    else if (child.type === 'code_inline') {
      last.text += child.content;
      last.code.push(child.content);
    } else if (child.type === 'text' || child.type === 'image') last.text += child.content;
  }
  return lines.map((line) => ({ text: line.text.trim(), code: line.code }));
}

/** All of an inline token on one line. */
export function plainText(inline: Token): string {
  return plainLines(inline)
    .map((line) => line.text)
    .join(' ')
    .trim();
}
