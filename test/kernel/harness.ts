// A real session with a sink that keeps what came, for every test of the kernel; checks that nothing survives.

import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Session } from '../../src/kernel/session.ts';
import type { OutputSink, RunEvent, RunRequest, RunResult, SessionOptions } from '../../src/kernel/types.ts';

/** `RUNBOOK_BASH=/path/of/bash-3.2 npx mocha … test/kernel` holds the kernel to another bash than the one on the PATH. */
export const otherBash = process.env.RUNBOOK_BASH ? { bashPath: process.env.RUNBOOK_BASH } : {};

export class MemorySink implements OutputSink {
  readonly events: RunEvent[] = [];
  readonly order: ('stdout' | 'stderr')[] = [];
  readonly #chunks: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.order.push(stream);
    this.#chunks[stream].push(bytes.slice());
  }

  event(event: RunEvent): void {
    this.events.push(event);
  }

  bytes(stream: 'stdout' | 'stderr'): Buffer {
    return Buffer.concat(this.#chunks[stream]);
  }

  get stdout(): string {
    return this.bytes('stdout').toString();
  }

  get stderr(): string {
    return this.bytes('stderr').toString();
  }
}

export interface Bench {
  readonly session: Session;
  readonly directory: string;
  run(text: string, more?: Partial<RunRequest>): Promise<{ result: RunResult; sink: MemorySink }>;
}

/** A session in a directory of its own; ends it, and fails where one of its processes is left. */
export async function withSession(
  body: (bench: Bench) => Promise<void>,
  options: Partial<SessionOptions> = {},
): Promise<void> {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'kernel-test-')));
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: directory, LANG: 'C.UTF-8' };
  const session = await Session.start({ cwd: directory, env, ...otherBash, ...options });
  try {
    await body({
      session,
      directory,
      run: async (text, more = {}) => {
        const sink = new MemorySink();
        const result = await session.run({ text, language: 'bash', cellId: 'cell', ...more }, sink);
        return { result, sink };
      },
    });
  } finally {
    await session.dispose();
    assert.deepEqual(session.processes(), [], 'a process of the session survived');
    rmSync(directory, { recursive: true, force: true });
  }
}
