// The guard at the kernel's second door: every plain HTTP request of the session. Reads pass, changes are asked
// for, and service names of the pinned cluster are answered through its API server, as from inside.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceAddress } from '../cluster/serviceProxy.ts';
import type { GateAnswer, HttpCall, HttpPort, HttpReply } from '../kernel/types.ts';
import type { AssessedCommand } from '../shell/assess.ts';
import type { Risk } from '../shell/risk.ts';
import { meaningOf } from '../shell/tools/curl.ts';
import { consentTo, type GuardState, judge } from './consent.ts';
import { plainCommand } from './plainCommand.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Services outside of the pinned namespace are named so: what isn't one goes straight out. */
const keptMs = 30_000;

export class HttpDoor implements HttpPort {
  readonly #guard: GuardState;
  readonly #decisions = new Map<string, string>();
  /** What a host name means in the cluster, for half a minute. */
  readonly #services = new Map<string, Promise<ServiceAddress | undefined>>();

  constructor(guard: GuardState) {
    this.#guard = guard;
  }

  async decide(call: HttpCall, signal: AbortSignal): Promise<GateAnswer> {
    const risk: Risk =
      call.tunnel || reading.has(call.method.toUpperCase()) ? 'read' : riskOf(call.method, call.url);
    const covered = this.#guard.allowances.covers(allowanceOf(call.method, call.url));
    const answer: GateAnswer =
      covered || risk === 'read' ? { allow: true } : await this.#ask(call, risk, signal);
    this.#decisions.set(
      call.id,
      answer.allow ? (covered ? 'shown before' : 'allowed') : `refused: ${answer.reason}`,
    );
    return answer;
  }

  async answer(
    call: HttpCall,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<HttpReply | null> {
    const { target } = this.#guard;
    const url = parseUrl(call.url);
    if (!target || !url || call.tunnel) return null;
    const port = Number(url.port || 80);
    const address = await this.#serviceOf(url.hostname, port, signal);
    if (!address) return null;
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const response = await target.cluster.requestService(address, {
      method: call.method,
      path: url.pathname + url.search,
      headers: call.headers,
      body: Buffer.concat(chunks),
      signal,
    });
    const headers = Object.entries(response.headers).map(([name, value]) => [
      name,
      [value].flat().join(', '),
    ]);
    return { status: response.status, headers: Object.fromEntries(headers), body: response.body };
  }

  finished(call: HttpCall, outcome: { readonly status: number | null; readonly durationMs: number }): void {
    const decision = this.#decisions.get(call.id) ?? 'unknown';
    this.#decisions.delete(call.id);
    void this.#guard.writer
      .append({
        type: 'http.call',
        ...(call.cellId ? { run: call.cellId } : {}),
        method: call.method,
        url: call.url,
        decision,
        ...(outcome.status === null ? {} : { status: outcome.status }),
        durationMs: outcome.durationMs,
      })
      .catch(() => {});
  }

  #serviceOf(host: string, port: number, signal: AbortSignal): Promise<ServiceAddress | undefined> {
    const { server, namespace } = this.#guard.target!.pin;
    const key = `${server} ${namespace} ${host}:${port}`;
    const known = this.#services.get(key);
    if (known) return known;
    // A cluster that can't be asked must not send the request elsewhere: the failure is the answer.
    const asked = this.#guard.target!.cluster.resolveService(host, port, { signal });
    this.#services.set(key, asked);
    asked.catch(() => this.#services.delete(key));
    void sleep(keptMs, undefined, { ref: false }).then(() => this.#services.delete(key));
    return asked;
  }

  async #ask(call: HttpCall, risk: Risk, signal: AbortSignal): Promise<GateAnswer> {
    const command = plainCommand({
      text: `${call.method} ${call.url}`,
      tool: 'http',
      risk,
      reasons: [`sends ${call.method} to ${parseUrl(call.url)?.host ?? call.url}`],
    });
    const consented = await consentTo([judge(command, this.#guard, { covers: [] })], this.#guard, {
      title: `Send ${call.method}?`,
      run: call.cellId ?? '',
      why: ['The cell came to this request, which no question has shown before.'],
      signal,
    });
    if (!consented.yes) return { allow: false, reason: consented.reason };
    this.#guard.allowances.allow(allowanceOf(call.method, call.url));
    return { allow: true };
  }
}

/** Never less than a change, whatever the method is called. */
const riskOf = (method: string, url: string): Risk =>
  meaningOf(method.toUpperCase(), [url])[0] === 'destroy' ? 'destroy' : 'change';

function allowanceOf(method: string, url: string): { tool: string; args: string[]; cwd: string } {
  const parsed = parseUrl(url);
  return { tool: 'http', args: [method.toUpperCase(), parsed ? parsed.href : url], cwd: '' };
}

/** The request that a displayed curl or wget says it will make: the yes to its question covers it, with its method. */
export function allowRequests(commands: readonly AssessedCommand[], guard: GuardState): void {
  for (const { tool, argv, verb } of commands) {
    if (!argv || !verb || (tool !== 'curl' && tool !== 'wget')) continue;
    for (const word of argv.slice(1)) {
      if (!/^http:\/\//.test(word)) continue;
      guard.allowances.allow(allowanceOf(verb, word));
    }
  }
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
