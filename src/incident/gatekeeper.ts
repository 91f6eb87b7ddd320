// The guard at the kernel's first door: sees the final arguments of every gated call, decides again, and asks
// only for what no question has displayed yet. Each call is an event.

import { readFile, stat } from 'node:fs/promises';
import { compareTarget } from '../cluster/compareTarget.ts';
import { parseKubectl } from '../cluster/kubectlArguments.ts';
import { shellWord } from '../cluster/shellWord.ts';
import { inputDigest } from '../guard/allowances.ts';
import type { GateAnswer, GateCall, GateOutcome, GatePort } from '../kernel/types.ts';
import { type AssessedCommand, assess } from '../shell/assess.ts';
import { compareRisk } from '../shell/risk.ts';
import type { ClusterCall } from './beforeChange.ts';
import { consentTo, type GuardState, judge } from './consent.ts';
import { failurePort } from './failureQuestion.ts';
import { learnSecretsOf } from './sessionSecrets.ts';
import type { SessionTarget } from './sessionTarget.ts';
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
    const { writer, beforeChange, objectChanges, rollouts } = this.#guard;
    objectChanges?.after(call);
    if (exitCode === 0 && call.tool !== 'helm' && call.cellId) rollouts?.did(call.args, call.cellId);
    if (exitCode === 0) beforeChange?.made(call, call.cellId ?? '');
    const repinned = exitCode === 0 && switchesPin(call) ? this.#repin(call) : Promise.resolve();
    // The next call is compared with the pin as this one left it.
    this.#tail = Promise.all([this.#tail, repinned]).catch(() => {});
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

  async #repin(call: GateCall): Promise<void> {
    const { target, writer, allowances } = this.#guard;
    if (!target || call.kubeconfig !== target.kubeconfigPath || !(await target.repin())) return;
    allowances.clear();
    const { context, namespace, server } = target.pin;
    await writer.append({
      type: 'note',
      text: `The session is pinned to ${context}, namespace ${namespace}, from now on.`,
      about: 'target',
      ...(call.cellId ? { run: call.cellId } : {}),
      extra: { context, namespace, server, by: [call.tool, ...call.args] },
    });
  }

  async #decide(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    const text = [call.tool, ...call.args].map(shellWord).join(' ');
    const assessment = assess(await shellParser(), text, { projectTools: this.#guard.projectTools });
    const [outside, inputs] = await Promise.all([this.#outside(call), readInputs(call)]);
    const known = { tool: call.tool, args: call.args, cwd: call.cwd, input: inputDigest(inputs) };
    const { demand, caution } = this.#guard.runs.get(call.cellId ?? '') ?? {};
    // What runs inside of it (`exec … --`) is judged with it: the outer one has the class of the worst.
    const outermost = assessment.commands.filter(({ parent }) => parent === null);
    const judged = outermost.map((command, index) =>
      judge({ ...command, text }, this.#guard, {
        covers: index === 0 ? [{ ...known, inputs }] : [],
        outsidePin: outside,
        demandsApproval: demand,
        caution,
      }),
    );
    // A yes was for the session's own kubeconfig, whatever a call's environment says now.
    const own = call.kubeconfig === (this.#guard.target?.kubeconfigPath ?? call.kubeconfig);
    const away = judged.some((one) => one.away);
    const covered = own && this.#guard.allowances.covers({ ...known, away });
    const byShape = covered && this.#guard.allowances.coversByShape({ ...known, away });
    const failed = await this.#askOfFailures(call, assessment.commands, signal);
    const answer: GateAnswer =
      failed?.allow === false
        ? failed
        : covered
          ? { allow: true, answered: failed !== undefined }
          : { ...(await this.#ask(call, judged, signal)), ...(failed ? { answered: true } : {}) };
    // What was displayed with a date in it was looked at under another name.
    if (byShape && answer.allow) await this.#prepare({ ...known, inputs }, call.cellId ?? '');
    if (answer.allow && call.tool !== 'helm') await this.#guard.target?.askUser();
    const recorded = this.#record(call, assessment.commands, answer, covered);
    this.#recorded.set(call.id, recorded);
    await recorded;
    if (answer.allow) await this.#look(call, assessment.commands, inputs);
    return answer;
  }

  /** Its way back, and the evidence of what it replaces. */
  async #prepare(call: ClusterCall & { readonly tool: string }, run: string): Promise<void> {
    const { beforeChange } = this.#guard;
    if (call.tool !== 'kubectl' || !beforeChange) return;
    await Promise.all([beforeChange.preview(call, run), beforeChange.capture(call, run)]);
  }

  /** A loop goes on after a failed command: before a change in it somebody is asked, as between commands. */
  async #askOfFailures(
    call: GateCall,
    commands: readonly AssessedCommand[],
    signal: AbortSignal,
  ): Promise<GateAnswer | undefined> {
    const changes = commands.some(({ risk }) => compareRisk(risk, 'secret') > 0);
    const failures = changes ? await call.failures() : [];
    if (failures.length === 0) return undefined;
    const next = { line: 0, text: [call.tool, ...call.args].map(shellWord).join(' ') };
    const question = { cellId: call.cellId ?? '', failures, next };
    const answer = await failurePort(this.#guard).ask(question, signal);
    return answer.goOn ? { allow: true } : { allow: false, reason: answer.reason };
  }

  /** What the evidence has to know before the call runs: Secrets that it reads, objects that it changes. */
  async #look(
    call: GateCall,
    commands: readonly AssessedCommand[],
    inputs: ReadonlyMap<string, Uint8Array>,
  ): Promise<void> {
    const { target, writer, objectChanges } = this.#guard;
    if (!target || (call.tool !== 'kubectl' && call.tool !== 'oc')) return;
    await learnSecretsOf(call.args, writer.redactor, target);
    if (commands.some(({ risk }) => compareRisk(risk, 'secret') > 0))
      await objectChanges?.before(call, inputs);
    if (call.cellId) this.#guard.rollouts?.begins(call.args, call.cellId);
  }

  async #ask(
    call: GateCall,
    judged: readonly ReturnType<typeof judge>[],
    signal: AbortSignal,
  ): Promise<GateAnswer> {
    const consented = await consentTo(judged, this.#guard, {
      title: `Run ${call.tool} ${verbOf(call)}?`.replace(' ?', '?'),
      run: call.cellId ?? '',
      why: ['The cell came to this call, which no question has shown before.'],
      signal,
    });
    return consented.yes ? { allow: true } : { allow: false, reason: consented.reason };
  }

  /** How the call leaves the pinned cluster or namespace; undefined where it stays or there is no pin. */
  async #outside(call: GateCall): Promise<string | undefined> {
    const { target } = this.#guard;
    if (!target) return undefined;
    // What is read without the session's kubeconfig (another HOME's, a folder's) can't be told from here.
    if (call.kubeconfig !== target.kubeconfigPath) {
      const names = call.kubeconfig ? shownOverride(call.kubeconfig) : 'no KUBECONFIG';
      return `${names} leads away from the pinned ${target.pin.context}`;
    }
    const env = { ...process.env, KUBECONFIG: call.kubeconfig };
    // As the private kubeconfig is now: a cell may have switched it, or pointed a context elsewhere.
    const config = await target.live().catch(() => undefined);
    if (!config) return 'the session’s kubeconfig can’t be read, so nobody knows where it goes';
    // helm's own flags are judged by what they say; where its kubeconfig leads is told as kubectl's.
    const args = call.tool === 'helm' ? [] : call.args;
    const compared = await compareTarget(args, env, {
      pin: target.pin,
      privateKubeconfig: target.kubeconfigPath,
      config,
    });
    const away = compared.differences.filter(({ what }) => what !== 'namespace');
    if (away.length > 0) {
      return away.map(({ by, pinned, given }) => `${by} leads to ${given}; ${pinned} is pinned`).join('; ');
    }
    // Naming another namespace is how runbooks are written: only a change without a name in it is odd.
    const call_ = parseKubectl(args);
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
      ...(target ? { target: actingOn(target, production) } : {}),
    });
  }
}

/** `KUBECONFIG=… HELM_KUBECONTEXT=…`, without what a token's variable holds. */
function shownOverride(kubeconfig: string): string {
  const others = [...kubeconfig.matchAll(/ (HELM_KUBE\w*)=/g)].map(([, name]) => name);
  return others.length > 0 ? others.join(', ') : `KUBECONFIG=${kubeconfig}`;
}

/** Without the flags that may stand before it. */
function verbOf({ tool, args }: GateCall): string {
  return (tool === 'helm' ? args[0] : parseKubectl(args).verb) ?? '';
}

/** Calls that may change which cluster the session's kubeconfig leads to. */
function switchesPin({ tool, args }: GateCall): boolean {
  if (tool === 'oc' && /^(project|login)$/.test(args.find((word) => !word.startsWith('-')) ?? ''))
    return true;
  return (tool === 'kubectl' || tool === 'oc') && parseKubectl(args).verb === 'config';
}

/** A call that reads more is refused: nobody could look at it. */
const mostInputBytes = 16 * 1024 * 1024;

async function readInputs({ inputs }: GateCall): Promise<Map<string, Uint8Array>> {
  const read = new Map<string, Uint8Array>();
  for (const [name, file] of inputs) {
    const { size } = await stat(file);
    if (size > mostInputBytes) throw new Error(`it reads ${size} bytes, more than can be looked at`);
    read.set(name, await readFile(file));
  }
  return read;
}

/** Where the session acts, and as whom where the cluster has said so. */
export function actingOn({ pin, user }: SessionTarget, production: boolean) {
  return { ...targetFields(pin), production, ...(user ? { user } : {}) };
}

export function targetFields(pin: { context: string; server: string; namespace: string }): {
  context: string;
  server: string;
  namespace: string;
} {
  return { context: pin.context, server: pin.server, namespace: pin.namespace };
}
