// What one matcher found, with its reach: the lines for whose cells it speaks.

import type { AlertVia, SeverityScale, SeverityVia } from './documentAlerts.ts';
import {
  type DocumentOutline,
  firstAfter,
  headingAt,
  type OutlineHeading,
} from './outline/documentOutline.ts';

/** Lines from `line` to before `endLine`. */
export interface Reach {
  readonly line: number;
  readonly endLine: number;
}

/** A word of severity as found: the token or word, and a label beside it that may help to map it. */
export interface SeverityWord {
  readonly raw: string;
  readonly label: string | null;
  readonly via: SeverityVia;
  readonly line?: number;
}

export interface AlertDeclaration {
  readonly name: string;
  readonly via: AlertVia;
  readonly confidence: number;
  readonly line?: number;
  readonly reach: Reach;
  /** `declared` in so many words, `implied` by a name of file or title, `mentioned` in a command. */
  readonly tier: 'declared' | 'implied' | 'mentioned';
  readonly severity?: SeverityWord;
}

export interface SeverityDeclaration extends SeverityWord {
  readonly reach: Reach;
  /** Where the word stands, before its reach was widened. */
  readonly own: Reach;
  /** 1 is the most explicit; a weaker one counts only where no stronger one reaches. */
  readonly strength: 1 | 2 | 3;
}

export interface CodeCell extends Reach {
  readonly text: string;
}

/** What every matcher is given. */
export interface MatchContext {
  readonly outline: DocumentOutline;
  readonly stem: string;
  readonly settings: { readonly alert?: readonly string[] | string; readonly severity?: string };
  readonly code: readonly CodeCell[];
  readonly scales: readonly SeverityScale[];
  /** Is this line part of a scale's own text? */
  inScale(line: number): boolean;
  /** Names that rules are known to have, normalised. */
  readonly known: ReadonlySet<string>;
}

export type AlertMatcher = (context: MatchContext) => AlertDeclaration[];
export type SeverityMatcher = (context: MatchContext) => SeverityDeclaration[];

export function documentReach(context: MatchContext): Reach {
  return { line: 0, endLine: context.outline.lineCount };
}

/** The section that holds `line`, the whole document above the first heading and right below the title. */
export function ownReach(context: MatchContext, line: number): Reach {
  const heading = headingAt(context.outline, line);
  return !heading || isTitle(context, heading) ? documentReach(context) : sectionReach(heading);
}

/**
 * Where a declaration at `line` counts: its own section, or, where that holds no code, the section around it, as long
 * as no code stood there before it: what is told up front speaks for all that follows.
 */
export function widenedReach(context: MatchContext, line: number): Reach {
  let reach = ownReach(context, line);
  let outer = headingAt(context.outline, line);
  while (!holdsCode(context, reach.line, reach.endLine)) {
    outer = outer?.parent;
    const wider = outer && !isTitle(context, outer) ? sectionReach(outer) : documentReach(context);
    if (wider.line === reach.line && wider.endLine === reach.endLine) break;
    if (holdsCode(context, wider.line, line)) break;
    reach = wider;
  }
  return reach;
}

/** From a heading to the next one that speaks of another (`isNext`), or of a shallower level. */
export function siblingReach(
  context: MatchContext,
  heading: OutlineHeading,
  isNext: (other: OutlineHeading) => boolean,
): Reach {
  const { headings, lineCount } = context.outline;
  for (let index = heading.index + 1; index < headings.length; index++) {
    const other = headings[index]!;
    if (other.level < heading.level || isNext(other)) return { line: heading.line, endLine: other.line };
  }
  return { line: heading.line, endLine: lineCount };
}

/** The first heading, where it is the document's only one of its level or of level 1. */
export function isTitle(context: MatchContext, heading: OutlineHeading): boolean {
  const [first] = context.outline.headings;
  if (first !== heading) return false;
  return heading.endLine >= context.outline.lineCount;
}

function sectionReach(heading: OutlineHeading): Reach {
  return { line: heading.line, endLine: heading.endLine };
}

function holdsCode(context: MatchContext, line: number, endLine: number): boolean {
  const cell = context.code[firstAfter(context.code, line - 1)];
  return cell !== undefined && cell.line < endLine;
}
