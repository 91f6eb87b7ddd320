// Reads kubectl's arguments as far as this room needs them: verb, objects, selector, namespace, files and flags.
// It judges no risk; that is the shell room's work, with its own tables.

/** Flags without a value, or whose value must be joined by `=`. Every other long flag takes the next word. */
const switches = new Set(
  `all all-containers all-namespaces allow-missing-template-keys cascade delete-emptydir-data delete-local-data
  disable-eviction dry-run flatten follow force force-conflicts help ignore-daemonsets
  ignore-errors ignore-not-found include-extended-apis insecure-skip-tls-verify insecure-skip-tls-verify-backend
  interactive keep-annotations list local match-server-version minify no-headers now overwrite
  prefix previous prune quiet record recursive resolve rm server-print server-side show-kind
  show-labels show-managed-fields stdin timestamps tty validate wait warnings-as-errors watch watch-only
  attach expose disable-compression use-protocol-buffers sum containers`.split(/\s+/),
);

const shortNames: Record<string, string> = {
  A: 'all-namespaces', R: 'recursive', f: 'filename', h: 'help', i: 'stdin', k: 'kustomize', l: 'selector',
  n: 'namespace', o: 'output', p: 'patch', q: 'quiet', s: 'server', t: 'tty', v: 'v', w: 'watch', c: 'container',
  L: 'label-columns', e: 'env',
}; // biome-ignore format: a table

const logsShort: Record<string, string> = { f: 'follow', p: 'previous' };

const withSubverb = new Set([
  'rollout', 'set', 'create', 'auth', 'config', 'certificate', 'top', 'cluster-info', 'plugin',
]); // biome-ignore format: one list
const subverbsOf: Record<string, RegExp> = {
  apply: /^(view|edit|set)-last-applied$/,
  'cluster-info': /^dump$/,
};

export interface KubectlCall {
  readonly verb: string;
  /** `restart` of `rollout restart`, `image` of `set image`, … */
  readonly subverb: string | undefined;
  /** What follows the verb and is no flag. */
  readonly positionals: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[];
  /** Long names; a switch has the value `true`; in the order given. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** An object or a set of objects that a call names. */
export interface ObjectRef {
  /** As written: `deploy`, `pods`, `deployment.apps`. */
  readonly resource: string;
  /** Absent where a selector, `--all` or the bare kind chooses. */
  readonly name: string | undefined;
}

/** `argv` without the binary's own name. Never throws. */
export function parseKubectl(argv: readonly string[]): KubectlCall {
  const words: string[] = [];
  const flags = new Map<string, string[]>();
  let rest: string[] = [];
  const add = (name: string, value: string): void => {
    const given = flags.get(name);
    if (given) given.push(value);
    else flags.set(name, [value]);
  };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === '--') {
      rest = argv.slice(index + 1);
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      if (equals >= 0) add(name, word.slice(equals + 1));
      else if (switches.has(name)) add(name, 'true');
      else add(name, argv[++index] ?? '');
    } else if (word.startsWith('-') && word.length > 1) {
      if (shortFlags(word.slice(1), words[0], argv[index + 1], add)) index++;
    } else {
      words.push(word);
    }
  }
  const [verb = '', second] = words;
  const hasSubverb =
    second !== undefined && (subverbsOf[verb] ? subverbsOf[verb].test(second) : withSubverb.has(verb));
  return {
    verb,
    subverb: hasSubverb ? second : undefined,
    positionals: words.slice(hasSubverb ? 2 : 1),
    rest,
    flags,
  };
}

/** Reads `it`, `n=x`, `nx` or `n`; tells whether the next word was its value. */
function shortFlags(
  letters: string,
  verb: string | undefined,
  next: string | undefined,
  add: (name: string, value: string) => void,
): boolean {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at]!;
    const name = (verb === 'logs' ? logsShort[letter] : undefined) ?? shortNames[letter] ?? letter;
    const joined = letters.slice(at + 1);
    if (switches.has(name)) {
      if (joined.startsWith('=')) {
        add(name, joined.slice(1));
        return false;
      }
      add(name, 'true');
    } else {
      if (joined) add(name, joined.replace(/^=/, ''));
      else add(name, next ?? '');
      return !joined && next !== undefined;
    }
  }
  return false;
}

/** The value that counts: the last one given. */
export function flag(call: KubectlCall, name: string): string | undefined {
  return call.flags.get(name)?.at(-1);
}

export function isOn(call: KubectlCall, name: string): boolean {
  const value = flag(call, name);
  return value !== undefined && !/^(false|0|f)$/i.test(value);
}

/** Splits values given as `a,b` and by repeated flags. */
export function listFlag(call: KubectlCall, name: string): string[] {
  return (call.flags.get(name) ?? []).flatMap((value) => value.split(',')).filter(Boolean);
}

/** `pods a b`, `deploy/x sts/y`, `pods,services -l …`: what is named. */
export function objectRefs(words: readonly string[]): ObjectRef[] {
  const [first, ...others] = words;
  if (first === undefined) return [];
  if (words.some((word) => word.includes('/'))) {
    return words
      .filter((word) => word.includes('/'))
      .map((word) => {
        const slash = word.indexOf('/');
        return { resource: word.slice(0, slash), name: word.slice(slash + 1) };
      });
  }
  const kinds = first.split(',').filter(Boolean);
  if (others.length === 0) return kinds.map((resource) => ({ resource, name: undefined }));
  return kinds.flatMap((resource) => others.map((name) => ({ resource, name })));
}
