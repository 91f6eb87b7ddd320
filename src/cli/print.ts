// Writing to the terminal: whole, in order, and quietly when the reader has gone.

/** Resolves when the bytes are handed over, so that a slow reader slows us and loses nothing. */
export function print(text: string | Uint8Array): Promise<void> {
  return write(process.stdout, text);
}

export function printError(text: string | Uint8Array): Promise<void> {
  return write(process.stderr, text);
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

/** `runbook cells FILE | head` closes the pipe early: that is no failure of ours. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
