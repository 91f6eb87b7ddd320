// What the document says about a step beside its commands: that it is the last resort, that it needs approval, that
// data is at risk. The guard asks more for those, and quotes them.

import type { Step } from './steps.ts';

export type CueKind = 'approval' | 'last-resort' | 'data-risk' | 'escalation' | 'emergency' | 'conditional';

export interface Cue {
  readonly kind: CueKind;
  /** The sentence or comment, as written, at most 160 characters. */
  readonly quote: string;
}

const patterns: readonly [CueKind, RegExp][] = [
  [
    'approval',
    /\b(requires?|needs?|needing|with|after|pending|obtain|get|seek|without)\s+(\w+\s+){0,4}?(approvals?|sign-?off|authori[sz]ation)\b|\bapproval\s+(is\s+)?(required|needed)\b|\b(must|should|to)\s+be\s+approved\b|\bapproved\s+by\b|\btwo[- ]person\b|\bfour[- ]eyes\b|\bapproval from\b|\bdo not run without\b/i,
  ],
  ['last-resort', /\blast[- ]resort\b|\bonly\s+(if|when)\s+(everything|all|nothing)\b|\bextreme\b/i],
  [
    'data-risk',
    /\bdata[- ](risk|loss)\b|\b(risk|may|might|could|will|can)\s+(of\s+)?(los\w+|destroy|delet\w+|corrupt\w*|wip\w+|eras\w+)\b|\birreversible\b|\bcannot be undone\b|\bdestructive\b|\bdangerous\b|\bcauses? (an )?outage\b|\bdowntime\b/i,
  ],
  [
    'escalation',
    /\b(requires?|needs?)\s+(immediate\s+)?escalation\b|\bescalate\s+(to|before|immediately)\b|\bonly\s+use\s+in\b/i,
  ],
  ['emergency', /\bemergenc(y|ies)\b|\bbreak[- ]?glass\b/i],
  [
    'conditional',
    /\bif (needed|necessary|required|supported|possible|applicable|appropriate|stale|the issue)\b|\bas needed\b|\boptional(ly)?\b|\(if [^)]{1,60}\)/i,
  ],
];

/** In the order of weight; one cue a kind and sentence. */
export function findCues(text: string): Cue[] {
  const sentences = text
    .split(/\n+|(?<=[.!?])\s+/)
    .map((line) =>
      line
        .replace(/^[\s#>*\-+\d.]+/, '')
        .replace(/\*\*|__|`/g, '')
        .trim(),
    )
    .filter(Boolean);
  const found: Cue[] = [];
  for (const [kind, pattern] of patterns) {
    for (const sentence of sentences) {
      if (pattern.test(sentence) && !negated(sentence, kind))
        found.push({ kind, quote: shortened(sentence) });
    }
  }
  return found;
}

/** Those of a step: its own comments, and those of the option that it belongs to. */
export function cuesOfStep(step: Step, steps: readonly Step[] = [], before = ''): Cue[] {
  const heads =
    step.option === null
      ? []
      : steps
          .filter((one) => one.option === step.option)
          .slice(0, 1)
          .filter((one) => one !== step);
  const text = [before, ...heads.flatMap((one) => [one.title, ...one.notes]), step.title, ...step.notes].join(
    '\n',
  );
  return findCues(text);
}

/** The words with which the document demands approval or calls the step a last resort, for the guard's question. */
export function demandOf(cues: readonly Cue[]): string | undefined {
  return cues.find(
    ({ kind }) =>
      kind === 'approval' || kind === 'last-resort' || kind === 'data-risk' || kind === 'escalation',
  )?.quote;
}

/** The words by which it is for emergencies, or only for when it is needed. */
export function cautionOf(cues: readonly Cue[]): string | undefined {
  return cues.find(({ kind }) => kind === 'emergency' || kind === 'conditional')?.quote;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const takenBack =
  /\b(revert\w*|undo\w*|undone|roll(ed)?[- ]?back|re-?enabl\w+|restor\w+|turn(ed)? (it )?(back )?on|switch(ed)? back|temporar\w+)\b[^.\n]{0,60}?\b(?:within|in|after|for)\s+(?<amount>\d{1,3}|half an|an?|one)\s*(?<unit>min|m\b|h\b|hr|hour|d\b|day)/i;

/** Milliseconds in which the text wants its change taken back: “must be reverted within 1 hour”; null without such. */
export function timeBoxOf(text: string): number | null {
  const found = takenBack.exec(text.replace(/\s+/g, ' '));
  if (!found) return null;
  const amount = found.groups!.amount!.toLowerCase();
  const unit = found.groups!.unit![0]!.toLowerCase();
  const count = /^\d/.test(amount) ? Number(amount) : amount === 'half an' ? 0.5 : 1;
  return count > 0 ? count * units[unit]! : null;
}

function negated(sentence: string, kind: CueKind): boolean {
  return (
    kind === 'approval' &&
    /\b(no|not|without (any )?need (of|for))\s+(further\s+)?(approval|sign-?off)\s*(is\s+)?(needed|required|necessary)?/i.test(
      sentence,
    ) &&
    !/without approval/i.test(sentence)
  );
}

function shortened(sentence: string): string {
  return sentence.length <= 160 ? sentence : `${sentence.slice(0, 157)}…`;
}
