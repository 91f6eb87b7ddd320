// From the words of one command to what it does: finds the tool's rule, goes into wrappers, tells where things run.

import { type Call, noStdin, type Place, type Stdin, type Verdict, verdict } from './call.ts';
import { isCredentialFile } from './credentialFiles.ts';
import { opensConnection, riskOfWriting, shownPath } from './redirections.ts';
import { compareRisk, highestRisk, type Risk } from './risk.ts';
import { toolNamed } from './tools/registry.ts';
import { isKnown, unknownPart, type Word } from './word.ts';

/** What a project's own tool does, told by a policy; undefined where the policy says nothing. */
export type ProjectTools = (argv: readonly string[]) => { risk: Risk; why: string } | undefined;

export interface Surroundings {
  readonly place: Place;
  readonly stdin: Stdin;
  readonly deadlineAt: number;
  readonly depth: number;
  readonly pathChanged: boolean;
  readonly projectTools?: ProjectTools;
  /** Reads a script inside a command; gives back its commands. */
  readonly script: (
    text: string,
    place: Place,
    stdin: Stdin,
    depth: number,
    sameShell: boolean,
  ) => Resolved[];
}

/** One command with its verdict, before it is tied to its lines. */
export interface Resolved {
  readonly tool: string;
  readonly words: readonly Word[];
  readonly verdict: Verdict;
  readonly place: Place;
  readonly inner: readonly Resolved[];
  /** Its class without what its inner commands do; absent where it has none that add to it. */
  readonly ownRisk?: Risk;
  /** What it reads on standard input, where that is written out in the text. */
  readonly stdin?: string;
  /** As written, where it stands in a script of its own. */
  readonly text?: string;
  /** Where variables have several values: each list of words, `words` among them. */
  readonly ways?: readonly (readonly Word[])[];
}

const maxDepth = 6;
/** What the gate's first door watches. */
const gated = new Set(['kubectl', 'oc', 'helm']);
const systemDirectory = /^(\/(usr\/(local\/)?)?s?bin|\/opt\/homebrew\/bin|\/snap\/bin|\/busybox)\//;

export function resolveCommand(words: readonly Word[], around: Surroundings): Resolved {
  const [first, ...args] = words;
  const made = (tool: string, found: Verdict, inner: Resolved[] = []): Resolved => ({
    tool,
    words,
    verdict: found,
    place: around.place,
    inner,
    ...(around.stdin.text === undefined ? {} : { stdin: around.stdin.text }),
  });
  if (!first) return made('', verdict('read', 'does nothing'));
  if (around.depth > maxDepth) return made(first.value, verdict('unknown', 'is nested too deeply to follow'));
  if (performance.now() >= around.deadlineAt)
    return made(first.value, verdict('unknown', 'took too long to read'));
  if (!isKnown(first)) {
    return made(
      first.text,
      verdict('unknown', `the command's name (${first.text}) is known only at run time`),
    );
  }
  const path = first.value;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const project = around.projectTools?.(words.map((word) => word.value));
  if (project)
    return made(path, atPlace({ ...verdict(project.risk, project.why), verb: args[0]?.value }, around.place));
  const elsewhere = path.includes('/') && (!systemDirectory.test(path) || /\/\.\.?\//.test(path));
  const tool = elsewhere ? undefined : toolNamed(name);
  if (!tool) return made(path, unknownTool(path, args));
  const call: Call = { name, args, stdin: around.stdin, place: around.place, deadlineAt: around.deadlineAt };
  const own = withGateGaps(
    atPlace(withCredentials(tool.classify(call), args, name), around.place),
    path,
    name,
    around,
  );
  return goInside(made(name, own), around);
}

function unknownTool(path: string, args: readonly Word[]): Verdict {
  const first = args[0]?.value ?? '';
  const verb = /^[a-z][\w-]*$/i.test(first) ? first : undefined;
  const why = path.includes('/')
    ? `${shownPath(path)} is a program of unknown content`
    : `${path} is not in the table`;
  return verdict('unknown', why, { verb });
}

/** A file of credentials among the arguments of something that only reads. */
function withCredentials(found: Verdict, args: readonly Word[], name: string): Verdict {
  if (compareRisk(found.risk, 'secret') >= 0 || blindTools.has(name)) return found;
  const file = args.find((word) => !word.value.startsWith('-') && isCredentialFile(word.value));
  if (!file) return found;
  return {
    ...found,
    risk: 'secret',
    reasons: [...found.reasons, `reads ${shownPath(file.value)}, which holds credentials`],
  };
}
/** Tools whose arguments are no files that they show. */
const blindTools = new Set(
  'kubectl oc helm echo printf ls stat file test [ touch mkdir find grep_ chmod chown basename dirname realpath readlink du cd pushd sha256sum sha1sum sha512sum md5sum cksum which type export git docker podman terraform ssh aws gcloud az openssl ssh-keygen'.split(
    ' ',
  ),
);

function atPlace(found: Verdict, place: Place): Verdict {
  if (place.kind === 'here' || found.risk !== 'write') return found;
  return {
    ...found,
    risk: 'change',
    reasons: [...found.reasons, `and that in ${place.label}, not in a local file`],
  };
}

function withGateGaps(found: Verdict, path: string, name: string, around: Surroundings): Verdict {
  const gaps = [...(found.ungated ?? [])];
  if (gated.has(name)) {
    if (path.includes('/')) gaps.push(`${path} is called by its path, past the gate`);
    if (around.pathChanged) gaps.push('PATH was changed, so the gate may not be the first on it');
    if (around.place.kind !== 'here')
      gaps.push(`${name} runs in ${around.place.label}, where there is no gate`);
  }
  return gaps.length ? { ...found, ungated: gaps } : found;
}

function goInside(outer: Resolved, around: Surroundings): Resolved {
  let result = outer;
  for (const inner of outer.verdict.inner ?? []) {
    const place = inner.place && around.place.kind === 'here' ? inner.place : (inner.place ?? around.place);
    const stdin = inner.stdin ?? (inner.place ? noStdin : around.stdin);
    const depth = around.depth + 1;
    if (inner.script !== undefined) {
      const script = inner.script.replaceAll(unknownPart, '\uE000');
      const found = around.script(script, place, stdin, depth, inner.sameShell === true);
      result = absorb(withGlobs(result, place), found);
    } else if (inner.words?.length) {
      const found = resolveCommand(inner.words, { ...around, place, stdin, depth });
      result = inner.separate ? absorb(withGlobs(result, place), [found]) : unwrap(result, found);
    }
  }
  return result;
}

/** An unquoted pattern is expanded by this shell against local files, before the other place sees it. */
function withGlobs(outer: Resolved, place: Place): Resolved {
  const globs = place.kind === 'here' ? [] : outer.words.filter((word) => word.glob).map((word) => word.text);
  if (globs.length === 0) return outer;
  const why = `${globs.join(' ')} is expanded here, not in ${place.label}, since it is not quoted`;
  return { ...outer, verdict: { ...outer.verdict, reasons: [...outer.verdict.reasons, why] } };
}

/** The outer command keeps its name and takes over what its inner ones do. */
function absorb(outer: Resolved, inside: readonly Resolved[]): Resolved {
  const found = inside.map((one) => pastTheGate(outer, one));
  const risk = highestRisk([outer.verdict.risk, ...found.map((one) => one.verdict.risk)]);
  const worst = found.filter((one) => one.verdict.risk === risk && risk !== 'read');
  const reasons = [...outer.verdict.reasons, ...worst.flatMap((one) => one.verdict.reasons)];
  const ungated = [...(outer.verdict.ungated ?? []), ...found.flatMap((one) => one.verdict.ungated ?? [])];
  const endless = found.find((one) => one.verdict.blocking)?.verdict.blocking;
  const asks = found.find((one) => one.verdict.interactive)?.verdict.interactive;
  return {
    ...outer,
    ownRisk: outer.ownRisk ?? outer.verdict.risk,
    verdict: {
      ...outer.verdict,
      risk,
      reasons: [...new Set(reasons)],
      ...(ungated.length ? { ungated } : {}),
      ...(endless && !outer.verdict.blocking ? { blocking: endless } : {}),
      ...(asks && !outer.verdict.interactive ? { interactive: asks } : {}),
    },
    inner: [...outer.inner, ...found.flatMap((one) => [one, ...one.inner])],
  };
}

/** They give what they run another PATH, on which the gate does not stand. */
const resetsPath = new Set(['sudo', 'doas', 'su', 'runuser', 'pkexec', 'chroot', 'systemd-run']);

/** Gated tools inside of such: `sudo bash -c 'kubectl …'`. */
function pastTheGate(wrapper: Resolved, found: Resolved): Resolved {
  const emptied = wrapper.verdict.ungated?.length ? wrapper.verdict.ungated : undefined;
  const gaps = resetsPath.has(wrapper.tool) ? [`${wrapper.tool} sets its own PATH, past the gate`] : emptied;
  if (!gaps || ![found, ...found.inner].some(({ tool }) => gated.has(tool))) return found;
  const marked = (one: Resolved): Resolved => ({
    ...one,
    verdict: { ...one.verdict, ungated: [...new Set([...(one.verdict.ungated ?? []), ...gaps])] },
  });
  return { ...marked(found), inner: found.inner.map((one) => (gated.has(one.tool) ? marked(one) : one)) };
}

/** A wrapper vanishes: the command is the inner one, with what the wrapper adds. */
function unwrap(wrapper: Resolved, inside: Resolved): Resolved {
  const found = pastTheGate(wrapper, inside);
  const risk = highestRisk([wrapper.verdict.risk, found.verdict.risk]);
  const { inner: _inner, ...added } = wrapper.verdict;
  const ungated = [...(added.ungated ?? []), ...(found.verdict.ungated ?? [])];
  return {
    ...found,
    words: wrapper.words,
    ...raisedOwn(found, wrapper.verdict.risk),
    verdict: {
      ...found.verdict,
      risk,
      reasons: [...new Set([...found.verdict.reasons, ...added.reasons])],
      ...(ungated.length ? { ungated } : {}),
      ...(added.blocking ? { blocking: added.blocking } : {}),
      reads: [...(added.reads ?? []), ...(found.verdict.reads ?? [])],
      writes: [...(added.writes ?? []), ...(found.verdict.writes ?? [])],
    },
    inner: [...wrapper.inner, ...found.inner],
  };
}

/** Where a command's own class is told apart from that of its inner ones, it takes part in what raises it. */
export function raisedOwn({ ownRisk }: Resolved, risk: Risk): { ownRisk?: Risk } {
  return ownRisk === undefined ? {} : { ownRisk: highestRisk([ownRisk, risk]) };
}

/** `> file`, `: > file`, `cat /dev/null > file`. */
function printsNothing({ tool, words }: Resolved): boolean {
  return (
    /^(|:|true)$/.test(tool) || (tool === 'cat' && words.length === 2 && words[1]!.value === '/dev/null')
  );
}

/** Adds the files that redirections write and read. */
export function withRedirections(
  found: Resolved,
  writes: readonly string[],
  reads: readonly string[],
  empties: readonly string[] = [],
): Resolved {
  let { risk } = found.verdict;
  const reasons = [...found.verdict.reasons];
  const raise = (to: Risk, why: string): void => {
    if (compareRisk(to, risk) > 0) risk = to;
    reasons.push(why);
  };
  const kept: string[] = [];
  for (const path of writes) {
    const meaning = riskOfWriting(path);
    if (!meaning) continue;
    kept.push(shownPath(path));
    const isEmptied = meaning.risk === 'change' && empties.includes(path) && printsNothing(found);
    if (isEmptied) raise('destroy', `empties ${shownPath(path)}`);
    else raise(meaning.risk, meaning.why);
  }
  for (const path of reads) {
    if (isCredentialFile(path)) raise('secret', `reads ${shownPath(path)}`);
    if (opensConnection(path)) raise('unknown', `opens a network connection (${shownPath(path)})`);
  }
  const known = reads.filter((path) => !path.includes(unknownPart) && !path.startsWith('/dev/'));
  const ofFiles = [
    ...writes.map((path) => riskOfWriting(path)?.risk ?? 'read'),
    ...reads.map(
      (path): Risk => (opensConnection(path) ? 'unknown' : isCredentialFile(path) ? 'secret' : 'read'),
    ),
  ];
  return {
    ...found,
    ...raisedOwn(found, highestRisk(ofFiles)),
    verdict: {
      ...found.verdict,
      risk,
      reasons,
      writes: [...(found.verdict.writes ?? []), ...kept],
      reads: [...(found.verdict.reads ?? []), ...known],
    },
  };
}
