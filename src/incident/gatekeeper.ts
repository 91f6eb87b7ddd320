// The guard at the kernel's first door: sees the final arguments of every gated call, decides again, and asks
// only for what no question has displayed yet. Each call is an event.

import { compareTarget } from '../cluster/compareTarget.ts';
import { parseKubectl } from '../cluster/kubectlArguments.ts';
import { shellWord } from '../cluster/shellWord.ts';
import type { GateAnswer, GateCall, GateOutcome, GatePort } from '../kernel/types.ts';
import { type AssessedCommand, assess } from '../shell/assess.ts';
import { compareRisk } from '../shell/risk.ts';
import { consentTo, type GuardState, judge } from './consent.ts';
import { learnSecretsOf } from './sessionSecrets.ts';
import { shellParser } from './shellTools.ts';

export class Gatekeeper implements GatePort {
  readonly #guard: GuardState;
  readonly #recorded = new Map<string, Promise<unknown>>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(guard: GuardState) {
    this.#guard = guard;
  }

  /** One question at a time: calls that come together wait for each other's answers. */
  decide(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    const decided = this.#tail.then(() => this.#decide(call, signal));
    this.#tail = decided.catch(() => {});
    return decided;
  }

  finished(call: GateCall, { exitCode, durationMs }: GateOutcome): void {
    const recorded = this.#recorded.get(call.id) ?? Promise.resolve();
    this.#recorded.delete(call.id);
    const { writer, objectChanges } = this.#guard;
    objectChanges?.after(call);
    void recorded
      .then(() =>
        writer.append({
          type: 'gate.result',
          call: call.id,
          ...(call.cellId ? { run: call.cellId } : {}),
          ...(exitCode === null ? {} : { exitCode }),
          durationMs,
        }),
      )
      .catch(() => {});
  }

  async #decide(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    const text = [call.tool, ...call.args].map(shellWord).join(' ');
    const assessment = assess(await shellParser(), text, { projectTools: this.#guard.projectTools });
    const outside = await this.#outside(call);
    const judged = assessment.commands.map((command) =>
      judge({ ...command, text: command.parent === null ? text : command.text }, this.#guard, {
        cwd: call.cwd,
        outsidePin: outside,
      }),
    );
    const known = { tool: call.tool, args: call.args, cwd: call.cwd };
    const covered = this.#guard.allowances.covers(known);
    const answer: GateAnswer = covered ? { allow: true } : await this.#ask(call, judged, signal);
    const recorded = this.#record(call, assessment.commands, answer, covered);
    this.#recorded.set(call.id, recorded);
    await recorded;
    if (answer.allow) await this.#look(call, assessment.commands);
    return answer;
  }

  /** What the evidence has to know before the call runs: Secrets that it reads, objects that it changes. */
  async #look(call: GateCall, commands: readonly AssessedCommand[]): Promise<void> {
    const { target, writer, objectChanges } = this.#guard;
    if (!target || (call.tool !== 'kubectl' && call.tool !== 'oc')) return;
    await learnSecretsOf(call.args, writer.redactor, target);
    if (commands.some(({ risk }) => compareRisk(risk, 'secret') > 0)) await objectChanges?.before(call);
  }

  async #ask(
    call: GateCall,
    judged: readonly ReturnType<typeof judge>[],
    signal: AbortSignal,
  ): Promise<GateAnswer> {
    const consented = await consentTo(judged, this.#guard, {
      title: `Run ${call.tool} ${call.args[0] ?? ''}?`.replace(' ?', '?'),
      run: call.cellId ?? '',
      why: ['The cell came to this call, which no question has shown before.'],
      signal,
    });
    if (!consented.yes) return { allow: false, reason: consented.reason };
    this.#guard.allowances.allow({ tool: call.tool, args: call.args, cwd: call.cwd });
    return { allow: true };
  }

  /** How the call leaves the pinned cluster or namespace; undefined where it stays or there is no pin. */
  async #outside(call: GateCall): Promise<string | undefined> {
    const { target } = this.#guard;
    if (!target || call.tool === 'helm') return undefined;
    const env = { ...process.env, KUBECONFIG: call.kubeconfig ?? undefined };
    const compared = await compareTarget(call.args, env, {
      pin: target.pin,
      privateKubeconfig: target.kubeconfigPath,
      config: target.config,
    });
    const away = compared.differences.filter(({ what }) => what !== 'namespace');
    if (away.length > 0) {
      return away.map(({ by, pinned, given }) => `${by} leads to ${given}; ${pinned} is pinned`).join('; ');
    }
    // Naming another namespace is how runbooks are written: only a change without a name in it is odd.
    const call_ = parseKubectl(call.args);
    return compared.outside && call_.flags.has('all-namespaces') && compared.allNamespaces
      ? 'it reaches all namespaces'
      : undefined;
  }

  async #record(
    call: GateCall,
    commands: readonly AssessedCommand[],
    answer: GateAnswer,
    covered: boolean,
  ): Promise<void> {
    const risk =
      commands.map((command) => command.risk).sort((one, other) => compareRisk(other, one))[0] ?? 'unknown';
    const { target, writer, production } = this.#guard;
    await writer.append({
      type: 'gate.call',
      call: call.id,
      ...(call.cellId ? { run: call.cellId } : {}),
      argv: [call.tool, ...call.args],
      risk,
      decision: answer.allow ? (covered ? 'shown before' : 'allowed') : 'refused',
      ...(answer.allow ? {} : { reason: answer.reason }),
      ...(target ? { target: { ...targetFields(target.pin), production } } : {}),
    });
  }
}

export function targetFields(pin: { context: string; server: string; namespace: string }): {
  context: string;
  server: string;
  namespace: string;
} {
  return { context: pin.context, server: pin.server, namespace: pin.namespace };
}
