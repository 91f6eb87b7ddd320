// kubectl: every verb by its effect on the cluster. Plugins are programs of unknown content.

import type { ParsedArguments } from '../flags.ts';
import { clusterTarget } from './clusterTarget.ts';
import { kubectlFlags } from './kubectlFlags.ts';
import {
  judgeAttach,
  judgeChange,
  judgeCopy,
  judgeDebug,
  judgeExec,
  judgeGet,
  judgePatch,
  judgeRun,
  judgeScale,
  judgeTaint,
} from './kubectlVerbs.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

const change = judgeChange;
const follows = (flag: string, what: string) => (parsed: ParsedArguments) =>
  parsed.on(flag) ? { blocking: what } : {};

/** Without the flags, which come from `kubectlFlags`. */
const rules: Record<string, Omit<VerbRule, 'flags'>> = {
  get: { risk: 'read', why: 'shows objects', judge: judgeGet },
  describe: { risk: 'read', why: 'shows objects', judge: judgeGet },
  logs: { risk: 'read', why: 'shows logs', judge: follows('--follow', 'follows the log') },
  top: { risk: 'read', why: 'shows usage' },
  'top node': { risk: 'read', why: 'shows usage' },
  'top pod': { risk: 'read', why: 'shows usage' },
  events: { risk: 'read', why: 'shows events', judge: follows('--watch', 'watches events') },
  explain: { risk: 'read', why: 'shows documentation' },
  'api-resources': { risk: 'read', why: 'shows the API' },
  'api-versions': { risk: 'read', why: 'shows the API' },
  version: { risk: 'read', why: 'shows versions' },
  options: { risk: 'read', why: 'shows its options' },
  help: { risk: 'read', why: 'shows help' },
  completion: { risk: 'read', why: 'prints a completion script' },
  'cluster-info': { risk: 'read', why: 'shows addresses' },
  'cluster-info dump': {
    risk: 'read',
    why: 'shows the cluster state',
    when: [{ flag: '--output-directory', risk: 'write', why: 'writes files', file: 'writes' }],
  },
  diff: { risk: 'read', why: 'compares with the live objects', judge: readsFiles },
  wait: { risk: 'read', why: 'waits for a condition' },
  kustomize: {
    risk: 'read',
    why: 'builds manifests',
    when: [
      { flag: '--output', risk: 'write', why: 'writes the manifests', file: 'writes' },
      { flag: '--enable-alpha-plugins', risk: 'unknown', why: 'runs plugins' },
      { flag: '--enable-exec', risk: 'unknown', why: 'runs programs' },
      { flag: '--enable-helm', risk: 'unknown', why: 'runs helm' },
    ],
  },
  'plugin list': { risk: 'read', why: 'lists plugins' },
  plugin: { risk: 'read', why: 'shows help' },
  'port-forward': {
    risk: 'read',
    why: 'opens a tunnel from this machine',
    judge: (parsed) => ({
      blocking: 'holds a tunnel open',
      ...(opensToOthers(parsed.last('--address') ?? '')
        ? { risk: 'change', reasons: ['opens the tunnel to other machines (--address)'] }
        : {}),
    }),
  },
  proxy: {
    risk: 'change',
    why: 'opens the API server to every local program, with your rights',
    judge: () => ({ blocking: 'serves until stopped' }),
  },
  'auth can-i': { risk: 'read', why: 'asks for permissions' },
  'auth whoami': { risk: 'read', why: 'shows the user' },
  'auth reconcile': { risk: 'change', why: 'changes roles and bindings', judge: change },
  'certificate approve': { risk: 'change', why: 'approves a certificate request' },
  'certificate deny': { risk: 'change', why: 'denies a certificate request' },
  'rollout status': { risk: 'read', why: 'shows the rollout' },
  'rollout history': { risk: 'read', why: 'shows revisions' },
  'rollout restart': { risk: 'change', why: 'replaces every pod of the workload', judge: change },
  'rollout undo': { risk: 'change', why: 'goes back to an earlier revision', judge: change },
  'rollout pause': { risk: 'change', why: 'pauses the rollout', judge: change },
  'rollout resume': { risk: 'change', why: 'resumes the rollout', judge: change },
  // A pod by its labels is what many write, and what exec has never taken.
  exec: {
    risk: 'read',
    why: 'runs a command in a container',
    lacks: '-l,--selector=',
    judge: judgeExec,
  },
  attach: { risk: 'read', why: 'attaches to a running container', judge: judgeAttach },
  cp: { risk: 'change', why: 'copies files', judge: judgeCopy },
  debug: { risk: 'change', why: 'starts a debugging container', judge: judgeDebug },
  run: { risk: 'change', why: 'starts a pod', judge: judgeRun },
  create: { risk: 'change', why: 'creates objects', judge: change },
  'create token': { risk: 'secret', why: 'issues a token and prints it' },
  expose: { risk: 'change', why: 'creates a service', judge: change },
  autoscale: { risk: 'change', why: 'creates an autoscaler', judge: change },
  scale: { risk: 'change', why: 'changes the number of replicas', judge: judgeScale },
  set: { risk: 'read', why: 'shows help' },
  label: { risk: 'change', why: 'changes labels', judge: change },
  annotate: { risk: 'change', why: 'changes annotations', judge: change },
  taint: { risk: 'change', why: 'changes where pods may run', judge: judgeTaint },
  cordon: { risk: 'change', why: 'keeps new pods off the node', judge: change },
  uncordon: { risk: 'change', why: 'lets pods on the node again', judge: change },
  drain: { risk: 'destroy', why: 'evicts every pod of the node', judge: change },
  edit: { risk: 'change', why: 'changes objects', judge: () => ({ interactive: 'opens an editor' }) },
  patch: { risk: 'change', why: 'changes objects', judge: judgePatch },
  apply: {
    risk: 'change',
    why: 'creates or changes objects',
    judge: change,
    when: [
      { flag: '--prune', risk: 'destroy', why: 'deletes objects that the files do not hold' },
      { flag: '--force', risk: 'destroy', why: 'may delete and create again' },
    ],
  },
  'apply view-last-applied': { risk: 'read', why: 'shows what was applied', judge: judgeGet },
  'apply set-last-applied': { risk: 'change', why: 'changes an annotation', judge: change },
  'apply edit-last-applied': {
    risk: 'change',
    why: 'changes an annotation',
    judge: () => ({ interactive: 'opens an editor' }),
  },
  replace: {
    risk: 'change',
    why: 'replaces objects',
    judge: change,
    when: [{ flag: '--force', risk: 'destroy', why: 'deletes the objects and creates them again' }],
  },
  delete: { risk: 'destroy', why: 'deletes objects', judge: change },
  config: { risk: 'read', why: 'shows help' },
  'config view': {
    risk: 'read',
    why: 'shows the kubeconfig without credentials',
    when: [{ flag: '--raw', risk: 'secret', why: 'shows the credentials of the kubeconfig' }],
  },
};

function opensToOthers(addresses: string): boolean {
  return addresses.split(',').some((one) => one !== '' && !/^(localhost|127(\.\d+){3}|::1)$/.test(one));
}

function readsFiles(parsed: ParsedArguments) {
  return { reads: parsed.all('--filename').filter((file) => file !== '-') };
}

function configRules(): Record<string, Omit<VerbRule, 'flags'>> {
  const made: Record<string, Omit<VerbRule, 'flags'>> = {};
  const add = (verbs: string, rule: Omit<VerbRule, 'flags'>) => {
    for (const verb of verbs.split(' ')) made[`config ${verb}`] = rule;
  };
  add('current-context get-contexts get-clusters get-users', { risk: 'read', why: 'shows the kubeconfig' });
  add('set set-cluster set-context set-credentials rename-context', {
    risk: 'change',
    why: 'changes the kubeconfig that every terminal shares',
    judge: (parsed) => (parsed.on('--namespace') ? { switchesTarget: parsed.lastShown('--namespace') } : {}),
  });
  add('use-context', {
    risk: 'change',
    why: 'switches the cluster for everything that follows',
    judge: (parsed) => ({ switchesTarget: parsed.operands[0]?.text ?? '' }),
  });
  add('unset', { risk: 'change', why: 'changes the kubeconfig that every terminal shares' });
  add('delete-cluster delete-context delete-user', { risk: 'destroy', why: 'deletes from the kubeconfig' });
  return made;
}

function setRules(): Record<string, Omit<VerbRule, 'flags'>> {
  const made: Record<string, Omit<VerbRule, 'flags'>> = {};
  for (const what of ['image', 'resources', 'selector', 'serviceaccount', 'subject', 'env']) {
    made[`set ${what}`] = { risk: 'change', why: `changes the ${what} of a workload`, judge: change };
  }
  return made;
}

function createRules(): Record<string, Omit<VerbRule, 'flags'>> {
  const made: Record<string, Omit<VerbRule, 'flags'>> = {};
  for (const path of Object.keys(kubectlFlags)) {
    if (path.startsWith('create ')) made[path] = { risk: 'change', why: 'creates an object', judge: change };
  }
  return made;
}

/** Every verb of kubectl with its flags: `oc` knows them, too. */
export const kubectlVerbs: Readonly<Record<string, VerbRule>> = Object.fromEntries(
  Object.entries({ ...createRules(), ...setRules(), ...configRules(), ...rules }).map(([path, rule]) => [
    path,
    { ...rule, flags: kubectlFlags[path] ?? '' },
  ]),
);

/** Other spellings of a verb, by what they mean. */
export const kubectlAliases: Readonly<Record<string, string>> = {
  log: 'logs',
  clusterinfo: 'cluster-info',
  'config use': 'config use-context',
  'top nodes': 'top node',
  'top no': 'top node',
  'top pods': 'top pod',
  'top po': 'top pod',
  'create deploy': 'create deployment',
  'create ns': 'create namespace',
  'create cm': 'create configmap',
  'create svc': 'create service',
  'create sa': 'create serviceaccount',
  'create cj': 'create cronjob',
  'create pdb': 'create poddisruptionbudget',
  'create pc': 'create priorityclass',
  'create resourcequota': 'create quota',
  'create ing': 'create ingress',
};

export const kubectl = subcommands({
  names: ['kubectl'],
  style: 'cobra',
  globals: `${kubectlFlags['']} --alsologtostderr --stderrthreshold=`,
  verbs: kubectlVerbs,
  alias: kubectlAliases,
  target: clusterTarget,
});
