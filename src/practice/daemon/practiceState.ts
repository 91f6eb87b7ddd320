// The state file of a practice cluster that runs on its own: where it is, and how to reach it.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { parse } from 'yaml';
import { systemCode } from '../../base/runbookError.ts';
import type { Json } from '../store/kubeObject.ts';

export interface PracticeState {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  readonly kubeconfigPath: string;
  readonly context: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

const fileIn = (stateDirectory: string): string => path.join(stateDirectory, 'practice.json');

export function writePracticeState(stateDirectory: string, state: PracticeState): void {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const target = fileIn(stateDirectory);
  writeFileSync(`${target}.${process.pid}.tmp`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${target}.${process.pid}.tmp`, target);
}

/** What the file says; undefined without one. It may speak of a process that is gone. */
export function readPracticeState(stateDirectory: string): PracticeState | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(stateDirectory), 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function removePracticeState(stateDirectory: string): void {
  const state = readPracticeState(stateDirectory);
  rmSync(fileIn(stateDirectory), { force: true });
  if (state) rmSync(state.kubeconfigPath, { force: true });
}

/** Calls one of the cluster's own paths with the kubeconfig's token; undefined where nothing answers. */
export function askPractice(kubeconfigPath: string, method: string, at: string): Promise<Json | undefined> {
  let config: Json;
  try {
    config = parse(readFileSync(kubeconfigPath, 'utf8'));
  } catch {
    return Promise.resolve(undefined);
  }
  const { server, 'certificate-authority-data': authority } = config.clusters[0].cluster;
  return new Promise((resolve) => {
    const call = request(`${server}/practice${at}`, {
      method,
      ca: Buffer.from(authority, 'base64'),
      headers: { Authorization: `Bearer ${config.users[0].user.token}` },
      // A fault waits until what it hangs on runs.
      timeout: method === 'GET' ? 5000 : 40_000,
      agent: false,
    });
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(text) : undefined));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}
