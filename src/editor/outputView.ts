// Draws an OutputWindow into a cell while it runs: appends where it can, replaces where it must, and at most
// every 150 ms, since VS Code's cost of streaming grows with the square of the updates.

import * as vscode from 'vscode';
import { type QueryPicture, queryPictureMime } from '../base/queryPicture.ts';
import { type OutputPicture, OutputWindow, type Segment, type Stream } from './outputWindow.ts';
import { ownLines } from './ownLines.ts';

/** What is drawn at once: text of a stream, or a picture with its text beside it. */
type Drawing = Segment & { readonly picture?: QueryPicture };

const flushEveryMs = 150;

export interface OutputViewOptions {
  readonly limitBytes: number;
  /** Lines put before the output, such as whose recorded run this was. */
  readonly preface?: readonly string[];
}

export class OutputView {
  #execution: vscode.NotebookCellExecution;
  readonly #window: OutputWindow;
  readonly #preface: readonly string[];
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

  /** A line of our own where the output has come to: a status, a warning, what was cut. */
  notice(text: string): void {
    this.#window.note(text);
    this.#schedule();
  }

  /** Draws all of it anew, in the same cell or another one, whatever was there. */
  drawIn(execution: vscode.NotebookCellExecution): void {
    this.#pending = this.#pending
      .catch(() => {})
      .then(async () => {
        this.#execution = execution;
        this.#drawn = this.#segments(this.#window.picture()).map((segment) => ({
          output: output(segment),
          segment,
        }));
        await execution.replaceOutput(this.#drawn.map((one) => one.output));
      });
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

  #segments({ head, omitted, tail }: OutputPicture): Drawing[] {
    const gap = omitted
      ? [
          `… ${omitted.bytes.toLocaleString('en')} bytes, ${omitted.lines.toLocaleString('en')} lines are not shown here; “Open Full Output” shows all of it …`,
        ]
      : [];
    const notes = (lines: readonly string[]): Segment[] => lines.map((text) => ({ stream: 'note', text }));
    if (!this.#picture) return drawable([...notes(this.#preface), ...head, ...notes(gap), ...tail]);
    const all = [...head, ...tail];
    const isNote = ({ stream }: Segment): boolean => stream === 'note';
    const text = all.map((segment) => (isNote(segment) ? '' : segment.text)).join('');
    const drawing: Drawing = { stream: 'stdout', text, picture: this.#picture };
    return [...drawable(notes(this.#preface)), drawing, ...drawable(all.filter(isNote))];
  }

  /**
   * Outputs stay where they are and only their text changes: VS Code joins neighbours of a kind when it draws
   * them, and one that is replaced by another does not leave its old neighbours.
   */
  async #draw(wanted: readonly Drawing[]): Promise<void> {
    for (const [index, drawn] of this.#drawn.entries()) {
      const segment: Drawing = wanted[index] ?? { stream: 'stdout', text: '' };
      if (sameSegment(drawn.segment, segment)) continue;
      if (isGrowth(drawn.segment, segment)) {
        await this.#execution.appendOutputItems(item(added(drawn.segment, segment)), drawn.output);
      } else {
        await this.#execution.replaceOutputItems(items(segment), drawn.output);
      }
      drawn.segment = segment;
    }
    await this.#append(wanted.slice(this.#drawn.length));
  }

  async #append(segments: readonly Drawing[]): Promise<void> {
    if (segments.length === 0) return;
    const made = segments.map((segment) => ({ output: output(segment), segment }));
    this.#drawn.push(...made);
    await this.#execution.appendOutput(made.map((one) => one.output));
  }
}

/** Ours as the editor draws them: on stderr, each on a line of its own, neighbours as one output. */
function drawable(segments: readonly Segment[]): Segment[] {
  const drawn: Segment[] = [];
  let before: Segment | undefined;
  for (const segment of segments) {
    const { stream, text } = segment;
    if (stream === 'note') {
      const joins = before?.stream === 'note';
      const broken = joins || !before || before.text.endsWith('\n') ? '' : '\n';
      const ours = `${joins ? drawn.pop()!.text : broken}${ownLines(text)}`;
      drawn.push({ stream: 'stderr', text: ours });
    } else {
      drawn.push({ stream, text });
    }
    before = segment;
  }
  return drawn;
}

const item = ({ stream, text }: Segment): vscode.NotebookCellOutputItem =>
  stream === 'stdout'
    ? vscode.NotebookCellOutputItem.stdout(text)
    : vscode.NotebookCellOutputItem.stderr(text);

function items(segment: Drawing): vscode.NotebookCellOutputItem[] {
  if (!segment.picture) return [item(segment)];
  return [
    vscode.NotebookCellOutputItem.json(segment.picture, queryPictureMime),
    vscode.NotebookCellOutputItem.text(segment.text, 'text/plain'),
  ];
}

const output = (segment: Drawing): vscode.NotebookCellOutput => new vscode.NotebookCellOutput(items(segment));

const sameSegment = (one: Drawing, other: Drawing | undefined): boolean =>
  one.stream === other?.stream && one.text === other.text && one.picture === other.picture;

const isGrowth = (before: Drawing, after: Drawing): boolean =>
  !before.picture && !after.picture && before.stream === after.stream && after.text.startsWith(before.text);

const added = (before: Segment, after: Segment): Segment => ({
  stream: after.stream,
  text: after.text.slice(before.text.length),
});
