// What a yes covers: exactly the calls that the question displayed, with what they read, identical ones for ten
// minutes. Anything else is asked at the gate.

import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { systemClock } from '../base/clock.ts';

export interface AllowedCall {
  readonly tool: string;
  readonly args: readonly string[];
  /** Instead of `args`, where what was displayed holds a date: the source of a regular expression for each of them. */
  readonly shapes?: readonly string[] | undefined;
  readonly cwd: string;
  /** Digest of what it reads on standard input and from process substitutions, see `inputDigest`. */
  readonly input?: string | undefined;
  /** It leaves the pinned target, and was displayed so. */
  readonly away?: boolean;
}

const lastsMs = 10 * 60_000;

export class Allowances {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();
  #shaped: { readonly call: AllowedCall; readonly shapes: readonly RegExp[]; readonly until: number }[] = [];

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  allow(call: AllowedCall): void {
    const until = this.#clock.monotonicMs() + lastsMs;
    if (!call.shapes) this.#until.set(keyOf(call), until);
    else this.#shaped.push({ call, until, shapes: call.shapes.map((shape) => new RegExp(`^(?:${shape})$`)) });
  }

  covers(call: AllowedCall): boolean {
    const until = this.#until.get(keyOf(call));
    return (until !== undefined && this.#clock.monotonicMs() < until) || this.coversByShape(call);
  }

  /** A yes to a call with a date in it, whose very words nobody could display. */
  coversByShape(call: AllowedCall): boolean {
    const now = this.#clock.monotonicMs();
    this.#shaped = this.#shaped.filter(({ until }) => now < until);
    return this.#shaped.some(
      ({ call: { args: _, ...displayed }, shapes }) =>
        shapes.length === call.args.length &&
        shapes.every((shape, index) => shape.test(call.args[index]!)) &&
        keyOf({ ...displayed, args: call.args }) === keyOf(call),
    );
  }

  /** The target changed, or the severity did: every yes was for another situation. */
  clear(): void {
    this.#until.clear();
    this.#shaped = [];
  }
}

/** By the name that the call reads it under (`/dev/fd/0`); undefined where it reads none. */
export function inputDigest(inputs: ReadonlyMap<string, Uint8Array>): string | undefined {
  if (inputs.size === 0) return undefined;
  const hash = createHash('sha256');
  for (const [name, bytes] of [...inputs].sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** kubectl's words that name a file here, so that it matters where it runs; other tools read what they like. */
const namesFile = /^(-f|-k|--filename|--kustomize|--from-|--patch|--cert|--key|--.*-file|--kubeconfig|cp$)/;

function keyOf({ tool, args, cwd, input, away }: AllowedCall): string {
  const anywhere = (tool === 'kubectl' || tool === 'oc') && !args.some((word) => namesFile.test(word));
  return JSON.stringify([tool, args, anywhere ? null : cwd, input ?? null, away ?? false]);
}
