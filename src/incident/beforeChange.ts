// What is done for a change before it happens: its preview for the question, and the evidence of what it will
// replace. Both run while the operator reads, within seconds, and neither decides anything by failing.

import { randomBytes } from 'node:crypto';
import { toError } from '../base/runbookError.ts';
import { wantsCapture } from '../cluster/captureTargets.ts';
import { changedFields } from '../cluster/changedFields.ts';
import { parseKubectl } from '../cluster/kubectlArguments.ts';
import type { CallInput } from '../cluster/manifests.ts';
import type { Preview, PreviewedObject } from '../cluster/preview.ts';
import type { UndoStep } from '../cluster/undoPlan.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { SessionTarget } from './sessionTarget.ts';

/** A kubectl call with its final arguments, without the tool's name. */
export interface ClusterCall {
  readonly args: readonly string[];
  readonly cwd: string;
  /** The text of its here-document, where that is known before it runs. */
  readonly stdin?: string;
  /** What it reads as a file, by name: `/dev/fd/0` is standard input. */
  readonly inputs?: ReadonlyMap<string, Uint8Array>;
}

/** A way back from a change that was made. */
export interface Undo {
  readonly steps: readonly UndoStep[];
  /** What can't be brought back, and why. */
  readonly notes: readonly string[];
}

export interface PreviewText {
  /** The call. */
  readonly about: string;
  /** Indented. */
  readonly lines: readonly string[];
  /** Its lines tell themselves which object they are of. */
  readonly named: boolean;
}

export interface Captured {
  /** How many files are in the evidence. */
  readonly kept: number;
  /** What was not got, a line each. */
  readonly missed: readonly string[];
}

export interface BeforeChangeOptions {
  readonly target: SessionTarget;
  readonly writer: EvidenceWriter;
}

const previewBudgetMs = 2000;
const captureBudgetMs = 3000;
const shownDiffLines = 24;
/** Letters of an argument that a preview is named by. */
const mostWord = 60;

export class BeforeChange {
  readonly #target: SessionTarget;
  readonly #writer: EvidenceWriter;
  /** By the call's words: one capture a call, however often the gate sees it. */
  readonly #captured = new Map<string, Promise<Captured>>();
  /** By run and words, in the order of the calls. */
  readonly #undo = new Map<string, { readonly run: string; readonly plan: Undo; made: boolean }>();

  constructor({ target, writer }: BeforeChangeOptions) {
    this.#target = target;
    this.#writer = writer;
  }

  /** For the question: which objects, what would change; why not, where the server can't say. */
  async preview(call: ClusterCall, run: string): Promise<PreviewText | undefined> {
    const about = shortly(call.args);
    try {
      const { cluster } = this.#target;
      const preview = await cluster.preview(call.args, callInput(call), { budgetMs: previewBudgetMs });
      if (!preview.changes) return undefined;
      const key = keyOf(run, call.args);
      this.#undo.delete(key);
      this.#undo.set(key, { run, plan: cluster.undo(call.args, preview), made: false });
      return { about, lines: linesOf(preview), named: preview.objects.length > 0 };
    } catch (error) {
      return { about, lines: [`  none: ${toError(error).message}`], named: false };
    }
  }

  /** The call ended well: from now on its way back is offered. */
  made(call: Pick<ClusterCall, 'args'>, run: string): void {
    const known = this.#undo.get(keyOf(run, call.args));
    if (known) known.made = true;
  }

  /** The way back from what the run changed, the last change first; undefined where it changed nothing. */
  undoOf(run: string): Undo | undefined {
    const made = [...this.#undo.values()].filter((one) => one.run === run && one.made).reverse();
    if (made.length === 0) return undefined;
    return {
      steps: made.flatMap(({ plan }) => plan.steps),
      notes: [...new Set(made.flatMap(({ plan }) => plan.notes))],
    };
  }

  /**
   * Logs, events and manifests of what the call will touch, into the evidence. Resolves within three seconds, the
   * session's first within five; a failure is a line of what was missed. undefined for a call that takes nothing away.
   */
  capture(call: ClusterCall, run: string): Promise<Captured> | undefined {
    if (!wantsCapture(parseKubectl(call.args))) return undefined;
    const key = keyOf(run, call.args);
    const known = this.#captured.get(key);
    if (known) return known;
    const capturing = this.#capture(call, run).catch((error: unknown) => ({
      kept: 0,
      missed: [`Evidence before the change is missing: ${toError(error).message}`],
    }));
    this.#captured.set(key, capturing);
    return capturing;
  }

  /** Resolves when nothing is being captured any more: also what was refused is kept, and kept before the log ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#captured.values());
  }

  async #capture(call: ClusterCall, run: string): Promise<Captured> {
    const id = `c-${randomBytes(6).toString('hex')}`;
    const argv = ['kubectl', ...call.args];
    // A session's first request also loads the client and makes the connection: that is not of the logs' seconds.
    await this.#target.askUser();
    const { files, missed } = await this.#target.cluster.captureFor(call.args, callInput(call), {
      budgetMs: captureBudgetMs,
    });
    for (const file of files) {
      const { blob } = await this.#writer.putText(Buffer.from(file.bytes).toString('utf8'));
      await this.#writer.append({
        type: 'capture',
        capture: id,
        run,
        about: file.name,
        argv,
        blob,
        ok: file.cut === undefined,
        ...(file.cut ? { extra: { cut: file.cut } } : {}),
      });
    }
    for (const { what, why } of missed) {
      await this.#writer.append({
        type: 'capture',
        capture: id,
        run,
        about: what,
        argv,
        ok: false,
        extra: { why },
      });
    }
    return {
      kept: files.length,
      missed: missed.map(({ what, why }) => `Not captured before the change: ${what}: ${why}`),
    };
  }
}

/** Up to its first flag that holds more than a word. */
function shortly(args: readonly string[]): string {
  const end = args.findIndex((word) => word.length > mostWord || /\s/.test(word));
  const shown = end < 0 ? args : [...args.slice(0, end), '…'];
  return `kubectl ${shown.join(' ')}`;
}

const keyOf = (run: string, args: readonly string[]): string => `${run} ${JSON.stringify(args)}`;

/** What the call reads as files, as it was put aside. */
export function callInput({ cwd, stdin, inputs }: Pick<ClusterCall, 'cwd' | 'stdin' | 'inputs'>): CallInput {
  const bytes = stdin === undefined ? inputs?.get('/dev/fd/0') : Buffer.from(stdin);
  return { cwd, ...(bytes ? { stdin: bytes } : {}), ...(inputs ? { spooled: inputs } : {}) };
}

function linesOf(preview: Preview): string[] {
  const lines: string[] = [];
  let left = shownDiffLines;
  for (const object of preview.objects) {
    const name = `${object.kind.toLowerCase()}/${object.name}${object.namespace ? ` in ${object.namespace}` : ''}`;
    if (object.refused) lines.push(`  ${name}: would be refused: ${object.refused}`);
    else lines.push(`  ${name}: ${object.action === 'none' ? 'no change' : object.action}`);
    const changed = changedLines(object);
    for (const line of changed.slice(0, left)) lines.push(`    ${line}`);
    if (changed.length > left) lines.push(`    … ${changed.length - left} more lines`);
    left = Math.max(0, left - changed.length);
  }
  for (const note of preview.notes) lines.push(`  ${note}`);
  if (preview.cannot) lines.push(`  no diff: ${preview.cannot}`);
  for (const { what, why } of preview.missed) lines.push(`  not asked in time: ${what}: ${why}`);
  return lines;
}

/** Nothing of what is deleted: all of it goes, is in the evidence, and would only push the question out of sight. */
function changedLines({ action, before, after, diff }: PreviewedObject): string[] {
  if (action === 'delete') return [];
  if (before && after) return changedFields(before, after);
  return diff.text.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
}
