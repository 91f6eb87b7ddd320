// Live names of the pinned cluster for a placeholder: which kind of object it stands for is read from the kubectl
// call around it (`logs <pod>`, `-n <namespace>`, `deployment/<name>`), else from its own words (`POD_NAME`).

import { flag, isOn, type KubectlCall, parseKubectl } from '../cluster/kubectlArguments.ts';
import type { LiveName } from '../cluster/matchingNames.ts';
import { type CallSite, callsOf } from '../lint/callSite.ts';
import { findPlaceholders, type Placeholder } from '../shell/placeholders.ts';
import type { SessionTarget } from './sessionTarget.ts';
import { shellParser } from './shellTools.ts';
import type { OpenValue, Suggestion, ValueSource } from './valueSources.ts';

/** What is looked up: names of a resource that begin and end as the word around the placeholder does. */
export interface Wanted {
  readonly resource: string;
  /** undefined: the pinned one. */
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  /** With `…` for the placeholder itself where other text stands around it. */
  readonly pattern?: string;
  /** The value is `pod/NAME`, since it stands where kubectl wants the kind too. */
  readonly withKind?: boolean;
}

export function liveNames(target: Pick<SessionTarget, 'cluster'>): ValueSource {
  return {
    async suggest(open, signal) {
      const wanted = wantedOf(open, callsOf(await shellParser(), open.text, findPlaceholders(open.text)));
      if (!wanted) return [];
      const { withKind, pattern, ...query } = wanted;
      const names = await target.cluster.names({ ...query, ...(pattern ? { pattern } : {}) }, { signal });
      return namedAfter(open.placeholder, names).map((name) => suggestionOf(name, wanted));
    },
  };
}

/** Those that share a word with the placeholder come first: the frontend's pods for `<frontend-pod>`. */
function namedAfter({ name }: Placeholder, names: readonly LiveName[]): LiveName[] {
  const words = (name.toLowerCase().match(/[a-z]{3,}/g) ?? []).filter(
    (word) => word !== 'name' && !Object.hasOwn(kindWords, word.replace(/s$/, '')),
  );
  const shared = (one: LiveName): number =>
    words.filter((word) => one.name.split(/[^a-z]+/).includes(word)).length;
  return [...names].sort((one, other) => shared(other) - shared(one));
}

/** In its largest unit: how old to the second a pod of last month is helps nobody. */
function ageText(ageMs: number): string {
  const hours = ageMs / 3_600_000;
  if (hours >= 48) return `${Math.floor(hours / 24)} days old`;
  if (hours >= 2) return `${Math.floor(hours)} h old`;
  if (ageMs >= 120_000) return `${Math.floor(ageMs / 60_000)} min old`;
  return `${Math.max(0, Math.floor(ageMs / 1000))} s old`;
}

function suggestionOf(live: LiveName, { resource, pattern, withKind, allNamespaces }: Wanted): Suggestion {
  const facts = [
    live.state,
    live.ageMs === undefined ? '' : ageText(live.ageMs),
    allNamespaces && live.namespace ? `in ${live.namespace}` : '',
  ];
  const [before = '', after = ''] = pattern?.includes('…') ? pattern.split('…') : [];
  const name = live.name.slice(before.length, live.name.length - after.length);
  return {
    value: withKind ? `${singular(resource)}/${live.name}` : name,
    from: [singular(resource), ...facts].filter(Boolean).join(', '),
  };
}

/** Of the words that runbooks use, in the singular. */
const kindWords: Readonly<Record<string, string>> = {
  pod: 'pods', po: 'pods', podname: 'pods', namespace: 'namespaces', ns: 'namespaces', deployment: 'deployments',
  deploy: 'deployments', service: 'services', svc: 'services', node: 'nodes', nodename: 'nodes',
  statefulset: 'statefulsets', sts: 'statefulsets', daemonset: 'daemonsets', ds: 'daemonsets',
  replicaset: 'replicasets', rs: 'replicasets', configmap: 'configmaps', cm: 'configmaps', secret: 'secrets',
  job: 'jobs', cronjob: 'cronjobs', pvc: 'persistentvolumeclaims', claim: 'persistentvolumeclaims',
  ingress: 'ingresses', certificate: 'certificates', workload: 'deployments', app: 'deployments',
}; // biome-ignore format: a table

/** Verbs whose operand is a pod unless it names its kind. */
const podVerbs = new Set(['logs', 'log', 'exec', 'attach', 'port-forward', 'cp', 'debug']);
const nodeVerbs = new Set(['cordon', 'uncordon', 'drain']);
/** What the word stands for while the call is read; no argument of a runbook holds it. */
const mark = '\u0001';

/** undefined where nothing tells what the placeholder stands for. */
export function wantedOf(open: OpenValue, calls: readonly CallSite[]): Wanted | undefined {
  const { placeholder } = open;
  const call = calls.find((one) => one.start <= placeholder.start && placeholder.end <= one.end);
  const byPlace = call?.name === 'kubectl' || call?.name === 'oc' ? wantedIn(call, open) : undefined;
  if (byPlace) return byPlace;
  if (call?.name === 'kubectl' || call?.name === 'oc') return undefined;
  const resource = kindOf(placeholder);
  return resource ? { resource, ...(resource === 'namespaces' ? {} : { allNamespaces: true }) } : undefined;
}

/** `<pod-name>`, `YOUR_NAMESPACE`, `$POD`: the kind that its words name, the last of them first. */
function kindOf({ name, form, text }: Placeholder): string | undefined {
  if (form === 'xxx' && text.includes('-')) return 'pods';
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== 'name');
  const found = words.findLast((word) => Object.hasOwn(kindWords, word.replace(/s$/, '')));
  return found && kindWords[found.replace(/s$/, '')];
}

function wantedIn(site: CallSite, { placeholder, text, values }: OpenValue): Wanted | undefined {
  const at = site.words.findIndex((word) => word.start <= placeholder.start && placeholder.end <= word.end);
  if (at < 0) return undefined;
  const word = site.words[at]!;
  const before = unquoted(text.slice(word.start, placeholder.start));
  const after = unquoted(text.slice(placeholder.end, word.end));
  const argv = site.words.map((one, index) =>
    index === at ? `${before}${mark}${after}` : knownWord(one, text, values),
  );
  const call = parseKubectl(argv);
  if (marked(flag(call, 'namespace'))) return { resource: 'namespaces' };
  if ([...call.flags.values()].flat().some(marked) || call.rest.some(marked)) return undefined;
  const index = call.positionals.findIndex(marked);
  if (index < 0) return undefined;
  return objectAt(call, index, placeholder);
}

function objectAt(call: KubectlCall, index: number, placeholder: Placeholder): Wanted | undefined {
  const operand = call.positionals[index]!;
  const where = placeOf(call);
  const slash = operand.lastIndexOf('/', operand.indexOf(mark));
  if (nodeVerbs.has(call.verb)) return named('nodes', operand, placeholder, {});
  if (call.verb === 'cp') return named('pods', operand.split(':')[0]!, placeholder, where);
  if (slash > 0) return named(operand.slice(0, slash), operand.slice(slash + 1), placeholder, where);
  if (podVerbs.has(call.verb)) return named('pods', operand, placeholder, where);
  if (index > 0) return named(call.positionals[0]!.split(',')[0]!, operand, placeholder, where);
  // Alone it has to bring its kind along: `kubectl delete <pod>`.
  const kind = kindOf(placeholder);
  return kind && operand === mark && call.positionals.length === 1
    ? { resource: kind, withKind: true, ...where }
    : undefined;
}

function named(resource: string, operand: string, placeholder: Placeholder, where: object): Wanted {
  const own = operand.replace(mark, placeholder.form === 'xxx' ? placeholder.text : '…');
  return { resource, ...where, ...(own === '…' ? {} : { pattern: own }) };
}

function placeOf(call: KubectlCall): Pick<Wanted, 'namespace' | 'allNamespaces' | 'selector'> {
  const namespace = flag(call, 'namespace');
  const selector = flag(call, 'selector');
  const known = namespace !== undefined && /^[a-z0-9][a-z0-9.-]*$/.test(namespace);
  return {
    ...(known ? { namespace } : {}),
    ...(isOn(call, 'all-namespaces') || (namespace !== undefined && !known) ? { allNamespaces: true } : {}),
    ...(selector && /^[\w./=!,() -]+$/.test(selector) ? { selector } : {}),
  };
}

/** Another word of the call: placeholders that have a value, and `$NAME` that has one, are put in. */
function knownWord(
  word: CallSite['words'][number],
  text: string,
  values: ReadonlyMap<string, string>,
): string {
  let own = unquoted(text.slice(word.start, word.end));
  for (const [name, value] of values) {
    own = own.replaceAll(`<${name}>`, value).replaceAll(`\${${name}}`, value).replaceAll(`$${name}`, value);
  }
  return own;
}

const unquoted = (text: string): string => text.replace(/["']/g, '');
const marked = (text: string | undefined): boolean => text?.includes(mark) ?? false;
const singular = (resource: string): string =>
  resource
    .replace(/ies$/, 'y')
    .replace(/(ss)es$/, '$1')
    .replace(/(?<!s)s$/, '');
