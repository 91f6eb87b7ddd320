// Writing to the terminal: whole, in order, and quietly when the reader has gone.

import type { Disposable } from '../base/disposable.ts';
import { systemCode } from '../base/runbookError.ts';
import { unsteered } from '../base/visibleText.ts';

/**
 * Resolves when the bytes are handed over, so that a slow reader slows us and loses nothing. Bytes go out as they are;
 * a text, which quotes runbooks, clusters and evidence, can't steer the terminal.
 */
export function print(text: string | Uint8Array): Promise<void> {
  return write(process.stdout, typeof text === 'string' ? harmless(text) : text);
}

export function printError(text: string | Uint8Array): Promise<void> {
  return write(process.stderr, typeof text === 'string' ? harmless(text) : text);
}

/** Bold, and not bold: all that our own texts ask of a terminal. */
const own = /(\u001b\[[01]m)/;

function harmless(text: string): string {
  return text
    .split(own)
    .map((part) => (own.test(part) ? part : unsteered(part)))
    .join('');
}

export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value, null, 2)}\n`);
}

/** One JSON value a line, for readers that follow. */
export function printJsonLine(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value)}\n`);
}

function write(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

/** How a write fails whose reader is gone: a closed pipe, a terminal that hung up. */
const goneCodes = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);
const toTell = new Set<() => void>();

/** Calls back when nobody reads standard output any more. */
export function onReaderGone(listener: () => void): Disposable {
  toTell.add(listener);
  return { dispose: () => void toTell.delete(listener) };
}

/**
 * `runbook verify DIR | head` closes the pipe early: that is no failure of ours, and alters nothing of what the exit
 * status has to say.
 */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!goneCodes.has(systemCode(error) ?? '')) throw error;
      if (stream === process.stdout) for (const tell of toTell) tell();
    });
  }
}
