// Reads a script's syntax tree in its order, keeps track of what variables hold, and finds every command in it.

import type { Node } from 'web-tree-sitter';
import { readAssignment } from './assignments.ts';
import { noStdin, type Place, type Stdin } from './call.ts';
import { choicesOf } from './choices.ts';
import { readBranches, readLoop } from './controlFlow.ts';
import { applyEffects } from './effects.ts';
import { addCommand, type FoundCommand, noteReturn, remoteOf } from './foundCommands.ts';
import { countsWithCommand, dangersOf } from './hiddenCommands.ts';
import { readInside } from './inside.ts';
import { isLoader } from './loaders.ts';
import { merged } from './mergeResolved.ts';
import { readRedirections } from './redirections.ts';
import type { VariableUse } from './references.ts';
import { type ProjectTools, type Resolved, type Surroundings, withRedirections } from './resolve.ts';
import type { Scope, ShellFunction, Value } from './scope.ts';
import type { ShellParser } from './shellParser.ts';
import { type CommandReader, resolveSimple, unreadable, wordsOf } from './simpleCommand.ts';
import { staticOutput } from './staticOutput.ts';
import { unreadParts } from './unreadParts.ts';
import { unknownPart } from './word.ts';

interface Context {
  readonly stdin: Stdin;
  readonly background?: boolean;
}
/** What a statement hands to the one after its pipe. */
interface Flow {
  readonly tool?: string;
  readonly text?: string;
  readonly remote?: string;
}

export interface WalkInput {
  readonly parser: ShellParser;
  readonly source: string;
  readonly deadlineAt: number;
  readonly place: Place;
  readonly depth: number;
  readonly projectTools?: ProjectTools;
}

const maxCommands = 4000;
export class Walk implements CommandReader {
  readonly commands: FoundCommand[] = [];
  readonly uses: VariableUse[] = [];
  readonly assigned = new Set<string>();
  deadlineHit = false;
  readonly #definitions = new Map<string, { start: number; end: number }>();
  readonly #called = new Set<string>();
  readonly #input: WalkInput;
  readonly following: string[] = [];

  readonly source: string;

  constructor(input: WalkInput) {
    this.#input = input;
    this.source = input.source;
  }

  statements(nodes: readonly (Node | null)[], scope: Scope, context: Context): Flow {
    let flow: Flow = {};
    nodes.forEach((node, index) => {
      if (!node?.isNamed) return;
      const background = nodes[index + 1]?.type === '&' || context.background;
      // What runs in the background is a shell of its own.
      const own = nodes[index + 1]?.type === '&' ? scope.clone() : scope;
      flow = this.statement(node, own, { ...context, background });
    });
    return flow;
  }

  statement(node: Node, scope: Scope, context: Context): Flow {
    if (this.#exhausted(node)) return {};
    switch (node.type) {
      case 'comment':
      case 'heredoc_body':
        return {};
      case 'command':
      case 'test_command':
      case 'unset_command':
      case 'declaration_command':
        return this.#command(node, [], scope, context);
      case 'variable_assignment':
      case 'variable_assignments':
        this.#assignments(node, scope);
        return {};
      case 'redirected_statement':
        return this.#redirected(node, scope, context);
      case 'pipeline':
        return this.#pipeline(node, scope, context);
      case 'list':
        return this.#list(node, scope, context);
      case 'subshell':
        return this.statements(node.children, scope.clone(), context);
      case 'if_statement':
      case 'case_statement':
        readBranches(this, node, scope, context);
        return {};
      case 'while_statement':
      case 'for_statement':
      case 'c_style_for_statement':
        readLoop(this, node, scope, context);
        return {};
      case 'function_definition':
        return this.#definition(node, scope);
      case 'ERROR':
        this.#emit(node, [unreadable('bash syntax that could not be read', this.#input.place)], context);
        return this.statements(node.children, scope, context);
      default:
        this.inside(node, scope);
        return this.statements(node.children, scope, context);
    }
  }

  #exhausted(node: Node): boolean {
    if (performance.now() < this.#input.deadlineAt && this.commands.length < maxCommands) return false;
    if (!this.deadlineHit) {
      this.deadlineHit = true;
      this.#emit(node, [unreadable('took too long to read: the rest is not known', this.#input.place)], {
        stdin: noStdin,
      });
    }
    return true;
  }

  inside(node: Node, scope: Scope): void {
    readInside(this, node, scope);
  }

  /** A script that the tree has no nodes for. */
  hidden(node: Node, script: string | null, scope: Scope): void {
    const { place, depth } = this.#input;
    const found =
      script === null
        ? [unreadable('holds a command that could not be read', place)]
        : this.#script(script, place, noStdin, depth + 1, scope);
    this.#emit(node, found, { stdin: noStdin });
  }

  unread(node: Node, why: string): void {
    this.#emit(node, [unreadable(why, this.#input.place)], { stdin: noStdin });
  }

  notesSetting(node: Node, name: string, value: Value): void {
    for (const why of dangersOf(name, value)) this.unread(node, why);
  }

  /** Parts of the tree that may be something else for bash, wherever they stand. */
  unreadIn(root: Node): void {
    for (const part of unreadParts(root)) this.unread(part, 'bash syntax that could not be read');
  }

  #assignments(node: Node, scope: Scope): void {
    this.inside(node, scope);
    const all = node.type === 'variable_assignment' ? [node] : node.namedChildren;
    for (const one of all) {
      if (one?.type !== 'variable_assignment') continue;
      const { name, value } = readAssignment(one, scope);
      scope.assign(name, value);
      this.assigned.add(name);
      if (isLoader(one.text)) this.unread(one, `sets ${name}, by which what comes after it runs other code`);
      else this.notesSetting(one, name, value);
    }
  }

  #redirected(node: Node, scope: Scope, context: Context): Flow {
    const body = node.childForFieldName('body');
    const redirects = node.childrenForFieldName('redirect').filter((one) => one !== null);
    const found = readRedirections(redirects, scope, new Map());
    const stdin = found.stdin ?? context.stdin;
    let flow: Flow;
    if (body && /^(command|declaration_command|test_command|unset_command)$/.test(body.type)) {
      flow = this.#command(body, redirects, scope, { ...context, stdin }, node);
    } else {
      for (const redirect of redirects) this.inside(redirect, scope);
      flow = body ? this.statement(body, scope, { ...context, stdin }) : {};
      const bare = withRedirections(
        { tool: '', words: [], place: this.#input.place, inner: [], verdict: { risk: 'read', reasons: [] } },
        found.writes,
        found.reads,
        found.empties,
      );
      if (bare.verdict.reasons.length > 0) this.#emit(redirects[0] ?? node, [bare], context);
    }
    if (found.pipedTo.length > 0) flow = this.#stages(found.pipedTo, scope, context, flow);
    for (const then of found.after) flow = this.statement(then, scope, context);
    return flow;
  }

  #pipeline(node: Node, scope: Scope, context: Context): Flow {
    return this.#stages(
      node.namedChildren.filter((one) => one !== null && one.type !== 'comment') as Node[],
      scope,
      context,
      undefined,
    );
  }

  /** Each stage is a subshell of its own; what one prints is the next one's input. */
  #stages(stages: readonly Node[], scope: Scope, context: Context, before: Flow | undefined): Flow {
    let flow = before;
    for (const stage of stages) {
      const stdin: Stdin = flow
        ? {
            kind: 'pipe',
            from: flow.tool,
            ...(flow.text === undefined ? {} : { kind: 'text', text: flow.text }),
          }
        : context.stdin;
      const from = this.commands.length;
      const next = this.statement(stage, scope.clone(), { ...context, stdin });
      if (flow?.remote) noteReturn(this.commands, from, flow.remote);
      flow = { ...next, remote: next.remote ?? flow?.remote };
    }
    return { ...flow };
  }

  #list(node: Node, scope: Scope, context: Context): Flow {
    const [left, right] = node.namedChildren.filter(
      (one) => one !== null && one.type !== 'comment',
    ) as Node[];
    const first = left ? this.statement(left, scope, context) : {};
    if (!right) return first;
    const branch = scope.clone();
    const from = this.commands.length;
    const flow = this.statement(right, branch, context);
    if (first.remote) noteReturn(this.commands, from, first.remote);
    scope.join(branch);
    return { ...flow, remote: flow.remote ?? first.remote };
  }

  #definition(node: Node, scope: Scope): Flow {
    const name = node.childForFieldName('name')?.text ?? '';
    const body = node.childForFieldName('body');
    if (!body) return {};
    scope.functions.set(name, { body, source: this.source });
    this.#definitions.set(name, { start: body.startIndex, end: body.endIndex });
    if (this.following.includes(name) || this.following.length > 5) return {};
    // What it would do when a later cell calls it.
    const inside = scope.clone();
    inside.positional = null;
    this.following.push(name);
    this.statement(body, inside, { stdin: noStdin });
    this.following.pop();
    return {};
  }

  #command(node: Node, redirects: readonly Node[], scope: Scope, context: Context, whole: Node = node): Flow {
    this.inside(node, scope);
    for (const redirect of redirects) this.inside(redirect, scope);
    const own = node.childrenForFieldName('redirect').filter((one) => one !== null);
    const allRedirects = [...own, ...redirects];
    const choices = choicesOf(node, scope);
    const found: Resolved[] = [];
    let flow: Flow = {};
    for (const choice of choices) {
      const redirections = readRedirections(allRedirects, scope, choice);
      const stdin = redirections.stdin ?? context.stdin;
      const words = wordsOf(node, redirections, scope, choice, this.source);
      const result = resolveSimple(this, node, words, scope, stdin);
      if (!result) continue;
      found.push(withRedirections(result, redirections.writes, redirections.reads, redirections.empties));
      flow = { tool: result.tool, text: staticOutput(words, stdin), remote: remoteOf(result) };
    }
    this.#emit(whole, found, context);
    if (countsWithCommand(node, found, scope))
      this.unread(whole, 'holds a command in an index, which bash runs');
    for (const name of applyEffects(node, scope, this.assigned))
      if (name) this.notesSetting(whole, name, { kind: 'values', values: [unknownPart] });
    return flow;
  }

  surroundings(scope: Scope, stdin: Stdin): Surroundings {
    const { place, deadlineAt, depth, projectTools } = this.#input;
    return {
      place,
      stdin,
      deadlineAt,
      depth,
      pathChanged: scope.pathChanged,
      ...(projectTools ? { projectTools } : {}),
      script: (text, where, input, level, sameShell) =>
        this.#script(text, where, input, level, sameShell ? scope : scope.ofChild()),
    };
  }

  /** The commands, without those of functions that were called: the call has them, with its arguments. */
  finish(): FoundCommand[] {
    const bodies = [...this.#definitions].flatMap(([name, body]) => (this.#called.has(name) ? [body] : []));
    return this.commands.filter(
      (one) => !bodies.some((body) => body.start <= one.start && one.end <= body.end),
    );
  }

  readFunction(called: ShellFunction, scope: Scope, stdin: Stdin): Resolved[] {
    for (const [name, held] of scope.functions) if (held === called) this.#called.add(name);
    const walk = this.#inner({ source: called.source });
    walk.statement(called.body, scope, { stdin });
    return this.#taken(walk);
  }

  /** A script inside a command (`bash -c '…'`), read with what is known here. */
  #script(text: string, place: Place, stdin: Stdin, depth: number, scope: Scope): Resolved[] {
    const { parser, deadlineAt } = this.#input;
    if (depth > 6) return [unreadable('is nested too deeply to follow', place, text)];
    const tree = parser.parse(text, deadlineAt);
    if (!tree) {
      this.deadlineHit = true;
      return [unreadable('took too long to read', place, text)];
    }
    try {
      const walk = this.#inner({ source: text, place, depth });
      const inside = scope.clone();
      inside.positional = null;
      walk.statements(tree.root.children, inside, { stdin });
      walk.unreadIn(tree.root);
      return this.#taken(walk);
    } finally {
      tree.dispose();
    }
  }

  #inner(other: Partial<WalkInput>): Walk {
    const walk = new Walk({ ...this.#input, ...other });
    walk.following.push(...this.following);
    return walk;
  }

  #taken(walk: Walk): Resolved[] {
    this.deadlineHit ||= walk.deadlineHit;
    for (const name of walk.assigned) this.assigned.add(name);
    for (const name of walk.#called) this.#called.add(name);
    return walk.finish().map((one) => ({ ...one.resolved, text: one.text.replace(/\uE000+/g, '…') }));
  }

  #emit(node: Node, found: readonly Resolved[], context: Context): void {
    if (found.length === 0) return;
    addCommand(this.commands, node, this.source, merged(found), context.background === true);
  }
}
