// The kubectl verbs whose effect depends on more than their name.

import type { Call, Inner, Place, Verdict } from '../call.ts';
import type { ParsedArguments } from '../flags.ts';
import { riskOfWriting } from '../redirections.ts';
import { isKnown, shown, unknownPart, type Word } from '../word.ts';

type Judgement = Partial<Verdict> | undefined;

function raised(risk: Verdict['risk'], ...reasons: string[]): Judgement {
  return { risk, reasons };
}

/** The last `--dry-run` counts, and `none` is no dry run; one that is not known is none, either. */
export function isDryRun(parsed: ParsedArguments): boolean {
  const last = parsed.flags.findLast((flag) => flag.name === '--dry-run');
  if (!last) return false;
  return last.value === undefined || ['client', 'server', 'true', 'unchanged'].includes(last.value);
}

/** What all verbs that change share: dry runs, `--local`, `--list`, and the files they need. */
export function judgeChange(parsed: ParsedArguments, _call: Call, verb: string): Judgement {
  const reads = [
    ...['--filename', '--kustomize', '--from-env-file', '--cert', '--key', '--patch-file'].flatMap((flag) =>
      parsed.all(flag),
    ),
    ...parsed.all('--from-file').map((value) => value.replace(/^[^=]*=/, '')),
  ].filter((file) => file && file !== '-' && !file.includes(unknownPart));
  if (isDryRun(parsed)) {
    // A dry run prints the object as it would be, with what the live one holds.
    const shows = /^(json|yaml|jsonpath|go-template|template)/.test(parsed.last('--output') ?? '');
    if (shows && !/^(create|run|expose)\b/.test(verb) && namesSecrets(parsed))
      return { ...raised('secret', 'is a dry run that shows secrets'), reads };
    return { ...raised('read', 'is a dry run'), reads };
  }
  if (parsed.on('--local')) return { ...raised('read', 'works on the file only (--local)'), reads };
  if (parsed.on('--list')) {
    if (verb === 'set env' && parsed.on('--resolve')) return raised('secret', 'shows the values of secrets');
    return raised('read', 'only lists (--list)');
  }
  return {
    reads,
    ...(parsed.on('--edit') || parsed.on('--interactive') ? { interactive: 'asks' } : {}),
    ...(parsed.on('--watch') && verb !== 'rollout status' ? { blocking: 'watches' } : {}),
  };
}

const secretKinds = /^(secrets?)(\.v1\.?)?(\/|$)/i;

/** A path as the API server reads it; one that it could not is taken for hiding something. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return unknownPart;
  }
}

function namesSecrets(parsed: ParsedArguments): boolean {
  const [first, ...others] = parsed.operands.map((word) => word.value);
  return [...(first ?? '').split(','), ...others.filter((one) => one.includes('/'))].some((kind) =>
    secretKinds.test(kind),
  );
}

export function judgeGet(parsed: ParsedArguments, _call: Call, verb: string): Judgement {
  const blocking =
    parsed.on('--watch') || parsed.on('--watch-only') ? { blocking: 'watches for changes' } : {};
  const raw = parsed.last('--raw');
  if (raw !== undefined) {
    const path = unescaped(raw);
    const secret = /\/(secrets|token)\b/i.test(path) || path.includes(unknownPart);
    return secret ? raised('secret', 'reads a path of the API that may hold credentials') : blocking;
  }
  const [first, ...others] = parsed.operands;
  const kinds = (first?.value ?? '').split(',');
  const named = kinds.length === 1 && first?.value.includes('/') ? others.map((word) => word.value) : [];
  const unknownKind = first !== undefined && !isKnown(first) && first.value.startsWith(unknownPart);
  if ([...kinds, ...named].some((kind) => secretKinds.test(kind))) {
    if (verb === 'get' && parsed.last('--output') === 'name') return blocking;
    return { ...raised('secret', 'shows secrets'), ...blocking };
  }
  if (unknownKind && !first?.text.includes('/')) {
    return { ...blocking, reasons: ['shows objects of a kind that is not known here'] };
  }
  return blocking;
}

/** The command after `--`, or in the old form the operands after the first. */
function commandWords(parsed: ParsedArguments): readonly Word[] {
  return parsed.rest ?? parsed.operands.slice(1);
}

function podPlace(parsed: ParsedArguments, fallback: string): Place {
  const first = parsed.operands.find((word) => !parsed.rest?.includes(word) && !word.value.includes('='));
  if (!first) return { kind: 'pod', label: fallback };
  const name = first.text.length > 60 || /\$\(|`/.test(first.text) ? '' : shown(first);
  if (name.startsWith('node/')) return { kind: 'node', label: `node ${name.slice(5)}` };
  if (!name) return { kind: 'pod', label: fallback };
  if (/^(pods?|po)\//.test(name)) return { kind: 'pod', label: `pod ${name.replace(/^[^/]*\//, '')}` };
  return { kind: 'pod', label: name.includes('/') ? `a pod of ${name}` : `pod ${name}` };
}

function innerIn(place: Place, words: readonly Word[], call: Call, parsed: ParsedArguments): Inner {
  return {
    words,
    place,
    stdin: parsed.on('--stdin') ? call.stdin : undefined,
    separate: true,
  };
}

export function judgeExec(parsed: ParsedArguments, call: Call): Judgement {
  const words = commandWords(parsed);
  if (words.length === 0) return raised('unknown', 'names no command to run in the container');
  const place = podPlace(parsed, 'a pod');
  return { reasons: [`runs a command in ${place.label}`], inner: [innerIn(place, words, call, parsed)] };
}

export function judgeAttach(parsed: ParsedArguments): Judgement {
  if (parsed.on('--stdin')) {
    return { ...raised('unknown', 'types into a running container'), interactive: 'attaches a terminal' };
  }
  return { blocking: 'follows the container' };
}

export function judgeDebug(parsed: ParsedArguments, call: Call): Judgement {
  const place = podPlace(parsed, 'a debugging container');
  const words = commandWords(parsed);
  if (words.length === 0) {
    const interactive =
      parsed.on('--stdin') || parsed.on('--tty') ? { interactive: 'opens a shell' } : undefined;
    return { ...raised('unknown', `starts a debugging container in ${place.label}`), ...interactive };
  }
  return { inner: [innerIn(place, words, call, parsed)] };
}

export function judgeRun(parsed: ParsedArguments, call: Call): Judgement {
  if (isDryRun(parsed)) return raised('read', 'is a dry run');
  const words = commandWords(parsed);
  const image = parsed.lastShown('--image') ?? '';
  if (words.length === 0) {
    if (parsed.on('--stdin')) {
      return {
        ...raised('unknown', `opens a terminal in a new pod of ${image}`),
        interactive: 'opens a terminal',
      };
    }
    return { reasons: [`starts a pod of ${image}`] };
  }
  const place: Place = { kind: 'pod', label: `pod ${parsed.operands[0]?.text ?? ''}` };
  return { reasons: [`starts a pod of ${image}`], inner: [innerIn(place, words, call, parsed)] };
}

const remoteFile = /^(?![./])[^:=]*:/;

export function judgeCopy(parsed: ParsedArguments): Judgement {
  const [source, target] = parsed.operands;
  if (!source || !target) return raised('unknown', 'names no two files');
  if (remoteFile.test(target.value)) {
    return { ...raised('change', `writes ${shown(target)} in the pod`), reads: [source.value] };
  }
  if (remoteFile.test(source.value) && isKnown(target)) {
    const meaning = riskOfWriting(target.value);
    return {
      ...raised(meaning?.risk ?? 'write', meaning?.why ?? `writes the local file ${shown(target)}`),
      writes: [target.value],
    };
  }
  return undefined;
}

export function judgeScale(parsed: ParsedArguments, call: Call, verb: string): Judgement {
  const dry = judgeChange(parsed, call, verb);
  if (dry?.risk) return dry;
  const replicas = parsed.last('--replicas');
  // As Go reads an integer: with a sign, and with the base in front.
  if (replicas !== undefined && /^[-+]?0[xob]?[0_]*$/i.test(replicas)) {
    return { ...dry, ...raised('destroy', 'ends every replica (--replicas=0)') };
  }
  const known = replicas !== undefined && !replicas.includes(unknownPart);
  return { ...dry, reasons: [known ? `sets ${replicas} replicas` : 'sets a number of replicas'] };
}

export function judgeTaint(parsed: ParsedArguments, call: Call, verb: string): Judgement {
  const dry = judgeChange(parsed, call, verb);
  if (dry?.risk) return dry;
  if (parsed.operands.some((word) => /:NoExecute$/.test(word.value))) {
    return raised('destroy', 'evicts the pods that do not tolerate the taint');
  }
  return dry;
}

export function judgePatch(parsed: ParsedArguments, call: Call, verb: string): Judgement {
  const dry = judgeChange(parsed, call, verb);
  if (dry?.risk) return dry;
  // JSON may spell any letter by its number.
  const patch = (parsed.last('--patch') ?? '').replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const endsAll =
    /"?\breplicas"?\s*:\s*-?0+(\.0*)?(e[-+]?\d+)?\s*([,}\n]|$)/i.test(patch) ||
    (/\/replicas"/.test(patch) && /"value"\s*:\s*"?-?0+(\.0*)?"?\s*[,}]/.test(patch));
  if (endsAll) {
    return { ...dry, ...raised('destroy', 'ends every replica (replicas: 0)') };
  }
  if (/\bfinalizers"?\s*:\s*(null|\[\s*\])|\/metadata\/finalizers/.test(patch)) {
    return { ...dry, ...raised('destroy', 'removes finalizers: the object goes without its cleanup') };
  }
  return dry;
}
