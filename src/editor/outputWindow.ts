// What an editor holds of an output: its head and its tail, within a limit, and the exact count of what lies
// between. The editor slows down with the square of what it is given, so the rest stays in the evidence.
// Knows no vscode: the view draws what this says.

export type Stream = 'stdout' | 'stderr';

export interface Segment {
  /** `note`: a line of our own. */
  readonly stream: Stream | 'note';
  /** UTF-8 decoded, bad bytes as U+FFFD; progress lines collapsed to their last state. */
  readonly text: string;
}

export interface OutputPicture {
  readonly head: readonly Segment[];
  readonly omitted: { readonly bytes: number; readonly lines: number } | undefined;
  readonly tail: readonly Segment[];
}

interface Chunk {
  readonly stream: Stream | 'note';
  readonly bytes: Uint8Array;
}

const lineFeed = 0x0a;

export class OutputWindow {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  readonly #head: Chunk[] = [];
  #tail: Chunk[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #omittedBytes = 0;
  #omittedLines = 0;

  /** @param limitBytes how much is held: a half for the head, a half for the tail. */
  constructor(limitBytes: number) {
    this.#headLimit = Math.floor(limitBytes / 2);
    this.#tailLimit = limitBytes - this.#headLimit;
  }

  get isEmpty(): boolean {
    return this.#headBytes === 0;
  }

  /** A line of our own at this place. It counts as no output, and is never left out. */
  note(text: string): void {
    const chunk: Chunk = { stream: 'note', bytes: Buffer.from(text) };
    if (this.#tail.length === 0 && this.#headBytes < this.#headLimit) this.#head.push(chunk);
    else this.#tail.push(chunk);
  }

  push(stream: Stream, bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#tail.length === 0 && this.#headBytes < this.#headLimit) {
      const taken = rest.subarray(0, headCut(rest, this.#headLimit - this.#headBytes));
      if (taken.length > 0) this.#head.push({ stream, bytes: taken.slice() });
      this.#headBytes += taken.length;
      // A cut that left a line whole ends the head, or later bytes would go before earlier ones.
      if (taken.length < rest.length) this.#headBytes = this.#headLimit;
      rest = rest.subarray(taken.length);
    }
    if (rest.length === 0) return;
    this.#tail.push({ stream, bytes: rest.slice() });
    this.#tailBytes += rest.length;
    if (this.#tailBytes > this.#tailLimit * 2) this.#trim();
  }

  picture(): OutputPicture {
    this.#trim();
    return {
      head: toSegments(this.#head),
      omitted: this.#omittedBytes > 0 ? { bytes: this.#omittedBytes, lines: this.#omittedLines } : undefined,
      tail: toSegments(this.#tail),
    };
  }

  #trim(): void {
    let excess = this.#tailBytes - this.#tailLimit;
    if (excess <= 0) return;
    let index = 0;
    const notes: Chunk[] = [];
    while (excess > 0 && index < this.#tail.length) {
      const chunk = this.#tail[index]!;
      if (chunk.stream === 'note') {
        notes.push(chunk);
        index++;
        continue;
      }
      const dropped = chunk.bytes.subarray(0, dropTo(chunk.bytes, Math.min(excess, chunk.bytes.length)));
      this.#omittedBytes += dropped.length;
      this.#omittedLines += countLines(dropped);
      this.#tailBytes -= dropped.length;
      excess -= dropped.length;
      if (dropped.length === chunk.bytes.length) index++;
      else this.#tail[index] = { stream: chunk.stream, bytes: chunk.bytes.subarray(dropped.length) };
    }
    this.#tail = [...notes, ...this.#tail.slice(index)];
  }
}

/** Where to end the head: after the last whole line that fits; in the middle of one that is too long. */
function headCut(bytes: Uint8Array, room: number): number {
  if (bytes.length <= room) return bytes.length;
  const lastLine = bytes.lastIndexOf(lineFeed, room - 1);
  return lastLine >= 0 ? lastLine + 1 : characterStart(bytes, room);
}

/** How many bytes to drop so that the tail starts at a line, where one starts soon after `atLeast`. */
function dropTo(bytes: Uint8Array, atLeast: number): number {
  if (atLeast >= bytes.length) return bytes.length;
  const next = bytes.indexOf(lineFeed, atLeast - 1);
  if (next >= 0 && next - atLeast < 4096) return next + 1;
  return characterStart(bytes, atLeast);
}

/** `at`, or a little earlier where it would cut a UTF-8 character in two. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && (bytes[start]! & 0xc0) === 0x80) start--;
  return start > 0 ? start : at;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}

function toSegments(chunks: readonly Chunk[]): Segment[] {
  const segments: Segment[] = [];
  for (let from = 0; from < chunks.length; ) {
    const { stream } = chunks[from]!;
    let to = from;
    if (stream === 'note') {
      segments.push({ stream, text: Buffer.from(chunks[from]!.bytes).toString() });
      from++;
      continue;
    }
    while (to < chunks.length && chunks[to]!.stream === stream) to++;
    const decoder = new TextDecoder();
    let text = '';
    for (const chunk of chunks.slice(from, to)) text += decoder.decode(chunk.bytes, { stream: true });
    segments.push({ stream, text: collapseProgress(text + decoder.decode()) });
    from = to;
  }
  return segments;
}

/** A lone carriage return starts the line again, as in a terminal: only the last state is kept. */
export function collapseProgress(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const body = line.endsWith('\r') ? line.slice(0, -1) : line;
      const states = body.split('\r');
      return states.findLast((state) => state !== '') ?? '';
    })
    .join('\n');
}
