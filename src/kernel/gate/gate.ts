// Both doors of a session's gate, as its options ask for them, and what they put into its environment.

import type { Disposable } from '../../base/disposable.ts';
import { findProgram } from '../interpreters.ts';
import type { SessionContext } from '../sessionContext.ts';
import type { CommandStatus } from '../types.ts';
import { CommandDoor } from './commandDoor.ts';
import { HttpDoor } from './httpDoor.ts';

export interface Gate extends Disposable {
  /** Goes over the session's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits shortly for what the calls of a cell that has ended still have to tell. */
  settle(cellId: string): Promise<void>;
}

export interface GateOwner {
  /** The cell that a process belongs to; of null, the one in the foreground. */
  cellOf(pid: number | null): string | null;
  /** Of a cell: failures that nobody has been asked about. */
  failures(cellId: string | null): Promise<readonly CommandStatus[]>;
  /** Somebody was asked about them. */
  answered(cellId: string | null): void;
  /** Interrupts the whole cell. */
  refuse(cellId: string | null, reason: string): void;
}

export const defaultGatedCommands = ['kubectl', 'oc', 'helm'] as const;

export async function openGate(context: SessionContext, owner: GateOwner): Promise<Gate> {
  const { options, directory, env: sessionEnv } = context;
  const env: Record<string, string> = {};
  const doors: Disposable[] = [];
  let settle = async (_cellId: string): Promise<void> => {};
  const searchPath = sessionEnv.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  if (options.gate) {
    const bashPath = findProgram(options.bashPath ?? 'bash', searchPath, options.cwd) ?? '/bin/bash';
    const door = await CommandDoor.open({
      bashPath,
      directory,
      tools: options.gatedCommands ?? defaultGatedCommands,
      port: options.gate,
      cellOf: (pid) => owner.cellOf(pid),
      failuresOf: (cellId) => owner.failures(cellId),
      onAnswered: (call) => owner.answered(call.cellId),
      onRefused: (call, reason) => owner.refuse(call.cellId, reason),
    });
    doors.push(door);
    settle = (cellId) => door.settle(cellId);
    env.PATH = `${door.binDirectory}:${searchPath}`;
  }
  if (options.http) {
    const door = await HttpDoor.open({
      port: options.http,
      currentCell: () => owner.cellOf(null),
      onRefused: (call, reason) => owner.refuse(call.cellId, reason),
    });
    doors.push(door);
    env.http_proxy = door.url;
  }
  return {
    env,
    settle,
    dispose: () => {
      for (const door of doors) door.dispose();
    },
  };
}
