// Draws an OutputWindow into a cell while it runs: appends where it can, replaces where it must, and at most
// every 150 ms, since VS Code's cost of streaming grows with the square of the updates.

import * as vscode from 'vscode';
import { type QueryPicture, queryPictureMime } from '../base/queryPicture.ts';
import { type OutputPicture, OutputWindow, type Segment, type Stream } from './outputWindow.ts';

/** What is drawn at once: text of a stream, or a picture with its text beside it. */
type Drawing = Segment & { readonly picture?: QueryPicture };

const flushEveryMs = 150;

export interface OutputViewOptions {
  readonly limitBytes: number;
  /** Lines put before the output, such as whose recorded run this was. */
  readonly preface?: readonly string[];
}

export class OutputView {
  readonly #execution: vscode.NotebookCellExecution;
  readonly #window: OutputWindow;
  readonly #preface: readonly string[];
  readonly #notices: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastFlush = 0;
  #picture: QueryPicture | undefined;
  #drawn: { output: vscode.NotebookCellOutput; segment: Drawing }[] = [];
  #pending: Promise<void> = Promise.resolve();

  constructor(execution: vscode.NotebookCellExecution, options: OutputViewOptions) {
    this.#execution = execution;
    this.#window = new OutputWindow(options.limitBytes);
    this.#preface = options.preface ?? [];
  }

  write(stream: Stream, bytes: Uint8Array): void {
    this.#window.push(stream, bytes);
    this.#schedule();
  }

  /** What the text of standard output says as a table and a chart: drawn in its place, with it as the other form. */
  values(picture: QueryPicture): void {
    this.#picture = picture;
    this.#schedule();
  }

  /** A line of our own under the output: a status, a warning, what was cut. */
  notice(text: string): void {
    this.#notices.push(text);
    this.#schedule();
  }

  /** Draws what is left. Await it before the execution ends: VS Code drops what comes later. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flush();
    await this.#pending;
  }

  #schedule(): void {
    if (this.#timer) return;
    const wait = Math.max(0, flushEveryMs - (performance.now() - this.#lastFlush));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  #flush(): void {
    const wanted = this.#segments(this.#window.picture());
    this.#pending = this.#pending
      .then(() => this.#draw(wanted))
      .finally(() => {
        this.#lastFlush = performance.now();
      });
  }

  #segments(picture: OutputPicture): Drawing[] {
    const ours = (lines: readonly string[]): Segment[] =>
      lines.length > 0 ? [{ stream: 'stderr', text: `${lines.map(own).join('\n')}\n` }] : [];
    const { omitted } = picture;
    const gap = omitted
      ? [
          `… ${omitted.bytes.toLocaleString('en')} bytes, ${omitted.lines.toLocaleString('en')} lines are not shown here; “Open Full Output” shows all of it …`,
        ]
      : [];
    if (this.#picture) {
      const text = [...picture.head, ...picture.tail].map((segment) => segment.text).join('');
      const drawing: Drawing = { stream: 'stdout', text, picture: this.#picture };
      return [...ours(this.#preface), drawing, ...ours(this.#notices)];
    }
    return [...ours(this.#preface), ...picture.head, ...ours(gap), ...picture.tail, ...ours(this.#notices)];
  }

  async #draw(wanted: readonly Drawing[]): Promise<void> {
    const same = this.#drawn.findIndex(({ segment }, index) => !sameSegment(segment, wanted[index]));
    const kept = same < 0 ? this.#drawn.length : same;
    // All drawn stands as it is but for the last, which has grown: append to it, then add what is new.
    const grown = wanted[kept];
    const last = this.#drawn[kept];
    if (last && grown && kept === this.#drawn.length - 1 && isGrowth(last.segment, grown)) {
      await this.#execution.appendOutputItems(item(added(last.segment, grown)), last.output);
      last.segment = grown;
      await this.#append(wanted.slice(kept + 1));
    } else if (last) {
      this.#drawn = wanted.map((segment) => ({ output: output(segment), segment }));
      await this.#execution.replaceOutput(this.#drawn.map((one) => one.output));
    } else {
      await this.#append(wanted.slice(kept));
    }
  }

  async #append(segments: readonly Drawing[]): Promise<void> {
    if (segments.length === 0) return;
    const made = segments.map((segment) => ({ output: output(segment), segment }));
    this.#drawn.push(...made);
    await this.#execution.appendOutput(made.map((one) => one.output));
  }
}

/** Ours, not the cell's: grey, behind a bar. */
const own = (line: string): string => `\u001b[90m┃ ${line}\u001b[0m`;

const item = ({ stream, text }: Segment): vscode.NotebookCellOutputItem =>
  stream === 'stdout'
    ? vscode.NotebookCellOutputItem.stdout(text)
    : vscode.NotebookCellOutputItem.stderr(text);

function output(segment: Drawing): vscode.NotebookCellOutput {
  if (!segment.picture) return new vscode.NotebookCellOutput([item(segment)]);
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.json(segment.picture, queryPictureMime),
    vscode.NotebookCellOutputItem.text(segment.text, 'text/plain'),
  ]);
}

const sameSegment = (one: Drawing, other: Drawing | undefined): boolean =>
  one.stream === other?.stream && one.text === other.text && one.picture === other.picture;

const isGrowth = (before: Drawing, after: Drawing): boolean =>
  !before.picture && !after.picture && before.stream === after.stream && after.text.startsWith(before.text);

const added = (before: Segment, after: Segment): Segment => ({
  stream: after.stream,
  text: after.text.slice(before.text.length),
});
