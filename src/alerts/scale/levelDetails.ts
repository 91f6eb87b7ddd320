// What a level tells of itself below its head: response time, escalation, definition, examples.

import { type DocumentOutline, textsBetween } from '../outline/documentOutline.ts';

export interface LevelDetails {
  readonly responseText: string | null;
  readonly escalation: string | null;
  readonly definition: string | null;
  readonly examples: readonly string[];
}

export type DetailKind = 'response' | 'escalation' | 'definition' | 'examples';

/** Which detail a label or a column heading names. */
export function detailKind(label: string): DetailKind | null {
  if (/\bexamples?\b|\bsuch as\b/i.test(label)) return 'examples';
  if (/\bescalat|\bnotif(y|ies|ication)|\bpage\b/i.test(label)) return 'escalation';
  if (/\brespon[sd]|\back(nowledge\w*)?\b|\bSLA\b|\btarget time\b|\btime to\b/i.test(label))
    return 'response';
  if (/\bdefinition\b|\bdescription\b|\bmeaning\b|\bimpact\b|\bcriteria\b|\bscope\b/i.test(label))
    return 'definition';
  return null;
}

/** Reads the lines from `start` to before `end`; list items under an `Examples:` line are its examples. */
export function readLevelDetails(outline: DocumentOutline, start: number, end: number): LevelDetails {
  const details = {
    responseText: null as string | null,
    escalation: null as string | null,
    definition: null as string | null,
    examples: [] as string[],
  };
  let open: DetailKind | null = null;
  for (const { text } of textsBetween(outline, start, end)) {
    if (text === '') continue;
    const labelled = /^([A-Z][A-Za-z /-]{2,40}?)\s*:\s*(.*)$/.exec(text);
    const kind = labelled ? detailKind(labelled[1]!) : null;
    if (labelled && kind) {
      open = kind;
      addDetail(details, kind, labelled[2]!);
    } else if (labelled && labelled[2] === '') {
      open = null;
    } else if (open === 'examples' || open === null) {
      addDetail(details, 'examples', text);
      details.responseText ??= responseInProse(text);
    }
  }
  return details;
}

function addDetail(
  details: {
    responseText: string | null;
    escalation: string | null;
    definition: string | null;
    examples: string[];
  },
  kind: DetailKind,
  text: string,
): void {
  if (text === '') return;
  if (kind === 'response') details.responseText ??= text;
  else if (kind === 'escalation') details.escalation ??= text;
  else if (kind === 'definition') details.definition ??= text;
  else details.examples.push(text);
}

/** `respond within 15 minutes`, `acknowledge in 5 min`. */
export function responseInProse(text: string): string | null {
  const match = /\b(?:respon[sd]\w*|acknowledge\w*)\b[^.;]*?\d[^.;,)]*/i.exec(text);
  return match ? match[0] : null;
}
