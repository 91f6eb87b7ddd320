// Label and field selectors, in the two forms Kubernetes has: a query string and an object of a spec.
// Grammar: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors

import { ApiError } from './apiError.ts';
import { type Json, type KubeObject, valueAt } from './kubeObject.ts';

export type Matcher = (object: KubeObject) => boolean;
type Labels = Record<string, string>;

const setBased = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/;

/** A label selector of a query string; undefined or empty matches everything. Throws 400 when malformed. */
export function labelMatcher(text: string | undefined): Matcher {
  if (!text?.trim()) return () => true;
  const tests = splitOutsideParentheses(text).map(labelTest);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return tests.every((test) => test(labels));
  };
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function labelTest(part: string): (labels: Labels) => boolean {
  const set = setBased.exec(part);
  if (set) {
    const [, key, operator, list] = set as unknown as [string, string, string, string];
    const values = new Set(list.split(',').map((value) => value.trim()));
    return operator === 'in'
      ? (labels) => key in labels && values.has(labels[key]!)
      : (labels) => !(key in labels) || !values.has(labels[key]!);
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [, key, operator, value] = equality as unknown as [string, string, string, string];
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const existence = /^(!?)\s*([^=!\s()]+)$/.exec(part);
  if (!existence) throw ApiError.badRequest(`unable to parse requirement: found '${part}'`);
  const key = existence[2]!;
  return existence[1] ? (labels) => !(key in labels) : (labels) => key in labels;
}

/** A `LabelSelector` object (`matchLabels`, `matchExpressions`) or, with `plain`, a bare map as Services have it. */
export function selectorMatches(selector: Json, labels: Labels | undefined, plain = false): boolean {
  if (!selector) return false;
  const have = labels ?? {};
  const wanted: Labels = plain ? selector : (selector.matchLabels ?? {});
  if (plain && Object.keys(wanted).length === 0) return false;
  if (!Object.entries(wanted).every(([key, value]) => have[key] === value)) return false;
  return (plain ? [] : (selector.matchExpressions ?? [])).every((one: Json) => {
    const value = have[one.key];
    if (one.operator === 'Exists') return value !== undefined;
    if (one.operator === 'DoesNotExist') return value === undefined;
    if (one.operator === 'In') return value !== undefined && one.values.includes(value);
    return value === undefined || !one.values.includes(value);
  });
}

/** Fields besides name and namespace that may be selected on, by plural; what the API server supports. */
const selectable: Record<string, readonly string[]> = {
  pods: [
    'spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork',
    'status.phase', 'status.podIP', 'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid',
    'involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason',
    'reportingComponent', 'source', 'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicasets: ['status.replicas'],
  jobs: ['status.successful'],
  services: ['spec.clusterIP', 'spec.type'],
}; // biome-ignore format: lists of names

/** A field selector of a query string. Throws 400 for a field that this kind can't be selected by. */
export function fieldMatcher(text: string | undefined, plural: string): Matcher {
  if (!text?.trim()) return () => true;
  const tests = text.split(',').map((part): Matcher => {
    const match = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (!match) throw ApiError.badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, path, operator, wanted] = match as unknown as [string, string, string, string];
    if (path !== 'metadata.name' && path !== 'metadata.namespace' && !selectable[plural]?.includes(path))
      throw ApiError.badRequest(`field label not supported: ${path}`);
    return (object) => {
      const value = path === 'source' ? object.source?.component : valueAt(object, path);
      return (String(value ?? defaultOf(path)) === wanted) === (operator !== '!=');
    };
  });
  return (object) => tests.every((test) => test(object));
}

function defaultOf(path: string): string {
  return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : '';
}
