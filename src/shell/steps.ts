// The steps of a cell: a comment line and the commands under it; and exclusive alternatives (`# Option A: …`).

export interface Step {
  /** The comment without its `#`, or the first command where there is none. */
  readonly title: string;
  /** Further comment lines of the step, in order. */
  readonly notes: readonly string[];
  /** [start, end) lines of the cell's text, from 0; the comment is among them. */
  readonly lines: readonly [number, number];
  /** `A` of `# Option A: …`; a step between two options belongs to the one above. Null for what runs in any case. */
  readonly option: string | null;
  /** Nothing to run: an option that is told in words only. */
  readonly empty: boolean;
}

/** Lines of one top-level statement, [start, end). */
export interface StatementLines {
  readonly start: number;
  readonly end: number;
}

const optionLabel =
  /^(?:option|alternative|variant|choice|approach|method|plan)\s+([A-Za-z]|\d{1,2}|[IVX]{1,4})\b\s*(?:$|[:.)\-–—(])/i;
const decoration = /^[\s#=*_~-]*$/;

interface Draft {
  title: string;
  notes: string[];
  start: number;
  firstCommand: number;
  lastCommand: number;
  label: string | null;
  blankBefore: boolean;
}

export function stepsOf(text: string, statements: readonly StatementLines[]): Step[] {
  const lines = text.split('\n');
  const inStatement = new Uint8Array(lines.length);
  for (const { start, end } of statements) inStatement.fill(1, start, end);
  const drafts: Draft[] = [];
  let open: Draft | undefined;
  for (let at = 0; at < lines.length; at++) {
    if (inStatement[at]) {
      open ??= begin(drafts, lines[at]!.trim(), at, lines, null);
      if (open.firstCommand < 0) open.firstCommand = at;
      open.lastCommand = at;
      continue;
    }
    const comment = /^\s*#(?!!)(.*)$/.exec(lines[at]!)?.[1];
    if (comment === undefined || decoration.test(comment)) continue;
    const said = comment.replace(/^[#\s]+/, '').trim();
    const label = optionLabel.exec(said)?.[1] ?? null;
    if (open && open.firstCommand < 0 && label === null && (lines[at - 1] ?? '').trim() !== '') {
      open.notes.push(said);
    } else {
      open = begin(drafts, said, at, lines, label);
    }
  }
  return finish(drafts, lines.length);
}

function begin(
  drafts: Draft[],
  title: string,
  start: number,
  lines: readonly string[],
  label: string | null,
): Draft {
  const blankBefore = start === 0 || (lines[start - 1] ?? '').trim() === '';
  const draft = { title, notes: [], start, firstCommand: -1, lastCommand: -1, label, blankBefore };
  drafts.push(draft);
  return draft;
}

function finish(drafts: readonly Draft[], lineCount: number): Step[] {
  // Words alone, not of an option, belong to nothing that runs.
  const kept = drafts.filter((draft) => draft.firstCommand >= 0 || draft.label !== null);
  const lastLabel = kept.findLastIndex((draft) => draft.label !== null);
  const steps: Step[] = [];
  let option: string | null = null;
  let closed = false;
  kept.forEach((draft, index) => {
    if (draft.label !== null) option = draft.label.toUpperCase();
    // After the last option, what stands apart from it is for every choice.
    else if (index > lastLabel && (draft.blankBefore || closed)) closed = true;
    const belongs = draft.label !== null || !(index > lastLabel && closed) ? option : null;
    const next = kept[index + 1]?.start ?? lineCount;
    const end = draft.lastCommand >= 0 ? draft.lastCommand + 1 : draft.start + 1 + draft.notes.length;
    steps.push({
      title: draft.title,
      notes: draft.notes,
      lines: [draft.start, Math.min(end, Math.max(next, draft.start + 1))],
      option: belongs,
      empty: draft.firstCommand < 0,
    });
  });
  return steps;
}

/** The options of a cell, in order; one alone is no choice. */
export function optionsOf(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap((step) => (step.option === null ? [] : [step.option])))];
}
