// What the bash processes of one session have in common.

import type { OutputPool } from './outputPool.ts';
import type { ProcessInfo } from './processes.ts';
import type { Supervisor } from './supervisor.ts';
import type { SessionOptions } from './types.ts';

export interface SessionContext {
  readonly options: SessionOptions;
  /** What the first bash starts with. */
  readonly env: Record<string, string>;
  /** The private runtime directory. */
  readonly directory: string;
  readonly supervisor: Supervisor;
  readonly outputs: OutputPool;
  /** A name that no bash process of the session has had. */
  nextName(): string;
  /** Adds a process group that belongs to the session. */
  addGroup(pid: number): void;
  /** Living processes of the whole session. */
  processes(): readonly ProcessInfo[];
}
