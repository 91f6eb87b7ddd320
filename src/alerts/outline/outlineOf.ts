// Reads the outline from Markdown text with markdown-it, in one pass over its block tokens.

import MarkdownIt from 'markdown-it';
import type {
  DocumentOutline,
  OutlineBlock,
  OutlineFence,
  OutlineHeading,
  OutlineItem,
  OutlineLink,
  OutlineTable,
  OutlineText,
} from './documentOutline.ts';
import { plainLines, plainText } from './plainText.ts';

type Token = ReturnType<MarkdownIt['parse']>[number];

type BareHeading = Pick<OutlineHeading, 'level' | 'text' | 'line'>;

const markdown = new MarkdownIt({ html: true });

/** `lines` without their line ends; front matter blanked. Never throws on odd Markdown. */
export function outlineOf(lines: readonly string[]): DocumentOutline {
  const tokens = markdown.parse(lines.join('\n'), {});
  const headings: BareHeading[] = [];
  const texts: OutlineText[] = [];
  const items: OutlineItem[] = [];
  const fences: OutlineFence[] = [];
  const tables: OutlineTable[] = [];
  const links: OutlineLink[] = [];
  const blocks: OutlineBlock[] = [];
  const ids: string[] = [];
  const lists: number[] = [];
  let listCount = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const line = token.map?.[0] ?? 0;
    const endLine = token.map?.[1] ?? line;
    if (token.type === 'heading_open') {
      const level = Number(token.tag.slice(1));
      readLinks(tokens[at + 1]!, line, links, ids);
      headings.push({ level, text: plainText(tokens[at + 1]!), line });
      at += 1;
    } else if (token.type === 'fence') {
      const language = (token.info.trim().split(/[\s{,]/)[0] ?? '').toLowerCase();
      fences.push({ line, endLine, language, text: token.content });
    } else if (token.type.endsWith('_list_open')) {
      lists.push(listCount++);
    } else if (token.type.endsWith('_list_close')) {
      lists.pop();
    } else if (token.type === 'list_item_open') {
      const text = firstLine(tokens, at);
      items.push({ line, endLine, depth: lists.length, list: lists.at(-1) ?? 0, text });
    } else if (token.type === 'table_open') {
      const { table, last } = readTable(tokens, at, links, ids);
      tables.push(table);
      at = last;
    } else if (token.type === 'html_block') {
      blocks.push({ kind: 'html', line, endLine });
      ids.push(...idsOf(token.content));
    } else if (token.type === 'code_block') {
      blocks.push({ kind: 'indented', line, endLine });
    } else if (token.type === 'inline') {
      readLinks(token, line, links, ids);
      if (/^`{3,}[^`]+`{3,}$/.test(token.content)) blocks.push({ kind: 'one-line', line, endLine });
      plainLines(token).forEach((plain, index) => {
        texts.push({ line: line + index, ...plain });
      });
    }
  }
  texts.sort((a, b) => a.line - b.line);
  return {
    lineCount: lines.length,
    headings: withReach(headings, lines.length),
    texts,
    items,
    tables,
    fences,
    links,
    blocks,
    ids,
  };
}

/** A section ends where the next heading of its level or a shallower one begins. */
function withReach(headings: readonly BareHeading[], lineCount: number): OutlineHeading[] {
  const done: { -readonly [Key in keyof OutlineHeading]: OutlineHeading[Key] }[] = [];
  const open: typeof done = [];
  for (const heading of headings) {
    while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop()!.endLine = heading.line;
    const whole = { ...heading, endLine: lineCount, parent: open.at(-1), index: done.length };
    done.push(whole);
    open.push(whole);
  }
  return done;
}

/** The first line of a list item's own text, empty where it starts with something else. */
function firstLine(tokens: readonly Token[], open: number): string {
  const next = tokens[open + 1];
  const inline = tokens[open + 2];
  if (next?.type !== 'paragraph_open' || inline?.type !== 'inline') return '';
  return plainLines(inline)[0]?.text ?? '';
}

function readTable(
  tokens: readonly Token[],
  open: number,
  links: OutlineLink[],
  ids: string[],
): { table: OutlineTable; last: number } {
  const rows: { line: number; cells: string[] }[] = [];
  let at = open;
  for (; at < tokens.length && tokens[at]!.type !== 'table_close'; at++) {
    const token = tokens[at]!;
    if (token.type === 'tr_open') rows.push({ line: token.map?.[0] ?? 0, cells: [] });
    else if (token.type === 'inline') {
      const row = rows.at(-1);
      row?.cells.push(plainText(token));
      readLinks(token, row?.line ?? 0, links, ids);
    }
  }
  const [header, ...body] = rows;
  const line = tokens[open]!.map?.[0] ?? 0;
  return { table: { line, header: header?.cells ?? [], rows: body }, last: at };
}

function readLinks(inline: Token, start: number, links: OutlineLink[], ids: string[]): void {
  let line = start;
  for (const child of inline.children ?? []) {
    if (child.type === 'softbreak' || child.type === 'hardbreak') line += 1;
    const href = child.attrGet(child.type === 'image' ? 'src' : 'href');
    if (href) links.push({ line, href });
    if (child.type === 'html_inline') ids.push(...idsOf(child.content));
  }
}

function idsOf(html: string): string[] {
  return [...html.matchAll(/\b(?:id|name)\s*=\s*["']?([^"'\s>]+)/gi)].map((match) => match[1]!);
}
