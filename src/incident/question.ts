// The port through which the guard asks: one question a step, with all that is needed to answer it. The
// editor answers with dialogs, the command line with the terminal, and without a terminal every answer is no.

import type { Risk } from '../shell/risk.ts';

export interface QuestionCall {
  /** The resolved command, as it will run. */
  readonly text: string;
  readonly risk: Risk;
  /** Why it is that risk, in words. */
  readonly reasons: readonly string[];
  /** `here`, or the pod or host that it runs in. */
  readonly where: string;
  /** Where it is another than the pinned one. */
  readonly namespace?: string;
  /** How it leaves the pinned cluster. */
  readonly outside?: string;
}

export interface QuestionTarget {
  /** As the policy calls it; the context's name where it does not know it. */
  readonly name: string;
  readonly context?: string;
  /** Who the cluster says that we are, once it has said so. */
  readonly user?: string;
  readonly server?: string;
  readonly namespace?: string;
  readonly production: boolean;
}

/** How a yes must be given. */
export type ConsentKind = 'confirm' | 'type-name' | 'two-person';

export interface Question {
  readonly consent: ConsentKind;
  readonly title: string;
  /** Comes before the calls: what has happened. */
  readonly lead?: string;
  readonly calls: readonly QuestionCall[];
  readonly target: QuestionTarget | undefined;
  /** What else the reader should know: policy, cues of the document quoted, a failed command before. */
  readonly why: readonly string[];
  /** With `type-name` and `two-person`: what has to be typed, exactly; with the latter only to go ahead without it. */
  readonly typed?: string;
  /** A second person should have approved it and can't: a yes is recorded as unapproved, with its reason. */
  readonly unapproved?: boolean;
  /** With `two-person`: how the second person is asked. */
  readonly approval?: ApprovalOffer;
  /** What a yes is called; `Run` if not given. */
  readonly yes?: string;
  /** What a no is called, where it is an answer of its own and the one to be given without a thought. */
  readonly no?: string;
  /** What a yes to this and all that comes like it is called; there is none where it is not given. */
  readonly rest?: string;
  /** Why the answer before was not taken. */
  readonly problem?: string;
}

export interface MadeRequest {
  /** Holds the request. */
  readonly file: string;
  /** The same, to paste into a chat. */
  readonly line: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

export interface ApprovalOffer {
  /** Makes the request and records it. */
  request(reason: string): Promise<MadeRequest>;
  /** Whether a pasted answer, or a file's content, approves exactly this. The answer to the question is yes then. */
  accept(signed: string): Promise<{ ok: true; approvers: readonly string[] } | { ok: false; why: string }>;
  readonly signersFile: string;
  /** The change has to be taken back after this long. */
  readonly revertWithinMs?: number;
}

export type Answer =
  | {
      readonly yes: true;
      readonly typed?: string;
      readonly reason?: string;
      /** To what comes like it, too; only where the question offers it. */
      readonly rest?: boolean;
      /** Going ahead without the second person; needs `typed` and `reason`. */
      readonly breakGlass?: boolean;
    }
  | { readonly yes: false; readonly reason: string };

export interface ValueRequest {
  readonly name: string;
  /** As it stands in the runbook: `<pod>`, `$INCIDENT_ID`. */
  readonly text: string;
  readonly suggestions: readonly { readonly value: string; readonly from: string }[];
  /** Titles of the steps that need it: what is left out without it. */
  readonly steps: readonly string[];
  /** Why a value that was known is asked for again. */
  readonly note?: string;
}

export interface ValuesGiven {
  /** By name; may lack some. */
  readonly values: ReadonlyMap<string, string>;
  /**
   * Of the steps whose values are missing: `skip` leaves them out, by choice; `stop` runs what stands above the
   * first of them; `cancel` runs nothing.
   */
  readonly missing: 'skip' | 'stop' | 'cancel';
}

/** What a person has to know of an option to choose it. */
export interface OptionFacts {
  readonly risk: Risk;
  /** What it runs, a line each. */
  readonly commands: readonly string[];
  /** Why it can't work here. */
  readonly doubt?: string;
  /** The document calls it a last resort, or it destroys: why it was chosen is asked, too. */
  readonly grave: boolean;
}

export interface OptionChoice {
  readonly option: string;
  readonly reason?: string;
}

export interface Questioner {
  ask(question: Question, signal?: AbortSignal): Promise<Answer>;
  /** All of a step's values at once. */
  askValues(requests: readonly ValueRequest[], signal?: AbortSignal): Promise<ValuesGiven>;
  /**
   * Which of exclusive alternatives to run; undefined for none of them.
   *
   * @param facts of the options, by title.
   */
  chooseOption(
    title: string,
    options: readonly string[],
    signal?: AbortSignal,
    facts?: ReadonlyMap<string, OptionFacts>,
  ): Promise<OptionChoice | undefined>;
}

/** Says no to everything: for whoever has nobody to ask. */
export const sayNo: Questioner = {
  ask: async () => ({ yes: false, reason: 'there is no terminal to ask at' }),
  askValues: async () => ({ values: new Map(), missing: 'stop' }),
  chooseOption: async () => undefined,
};
