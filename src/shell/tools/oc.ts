// oc: the verbs of kubectl, and OpenShift's own.

import { verdict } from '../call.ts';
import { clusterTarget } from './clusterTarget.ts';
import { kubectlAliases, kubectlVerbs } from './kubectl.ts';
import { kubectlFlags } from './kubectlFlags.ts';
import { judgeDebug, judgeExec } from './kubectlVerbs.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

const common =
  '-o,--output= -l,--selector= -f,--filename= --dry-run? -A,--all-namespaces --show-managed-fields --template= -w,--watch --timeout= --all --force --grace-period= -c,--container= -q,--quiet';
const loose = (risk: VerbRule['risk'], why: string, more: Partial<VerbRule> = {}): VerbRule => ({
  risk,
  why,
  ...more,
});

const own: Record<string, VerbRule> = {
  whoami: loose('read', 'shows the user', {
    flags: '-t,--show-token --show-server -c,--show-context --show-console',
    when: [{ flag: '--show-token', risk: 'secret', why: 'prints the token' }],
  }),
  project: {
    risk: 'read',
    why: 'shows the project',
    flags: '-q,--short',
    judge: ({ operands: [to] }) =>
      to && {
        risk: 'change',
        reasons: ['switches the project for everything that follows'],
        switchesTarget: to.text,
      },
  },
  login: loose('change', 'switches the cluster for everything that follows', {
    flags: `${common} -p,--password= -u,--username= --web --insecure-skip-tls-verify -k`,
    judge: ({ operands: [to] }) => ({ switchesTarget: to?.text ?? '' }),
  }),
  logout: loose('change', 'ends the session of this user', { flags: '' }),
  rsh: {
    style: 'posix',
    risk: 'read',
    why: 'runs a command in a container',
    flags: '-c,--container= -f,--filename= --no-tty -T --shell= -t,--tty --timeout=',
    judge: (parsed, call) => {
      if (parsed.operands.length < 2) {
        return { risk: 'unknown', reasons: ['opens a shell in a container'], interactive: 'opens a shell' };
      }
      return judgeExec(parsed, call);
    },
  },
  rsync: loose('change', 'copies files into or out of a pod', {
    flags: `${common} --delete --exclude= --include= --no-perms --progress --strategy= --compress`,
    when: [{ flag: '--delete', risk: 'destroy', why: 'deletes what the other side does not have' }],
  }),
  debug: {
    ...kubectlVerbs.debug!,
    flags: `${kubectlFlags.debug} --as-root --as-user= --no-tty -T --node-name= --one-container --keep-init-containers --to-namespace= -o,--output=`,
    judge: (parsed, call) => {
      const found = judgeDebug(parsed, call);
      return found?.risk === 'unknown' ? { ...found, interactive: 'opens a shell' } : found;
    },
  },
};

const classes = {
  read: 'status, projects, adm top, adm top nodes, adm top pods, adm top images, adm inspect-certificates, adm node-logs, adm release info, image info, registry info, adm policy who-can',
  secret: 'extract, get-token',
  write: 'adm inspect, image extract, adm release extract',
  change:
    'adm must-gather, new-project, new-app, new-build, start-build, import-image, tag, expose, adm cordon, adm uncordon, adm taint, adm policy add-role-to-user, adm policy add-role-to-group, adm policy add-cluster-role-to-user, adm policy add-cluster-role-to-group, adm policy add-scc-to-user, adm policy add-scc-to-group, adm policy remove-role-from-user, adm policy remove-role-from-group, adm policy remove-cluster-role-from-user, adm policy remove-scc-from-user, adm upgrade, adm certificate approve, adm certificate deny, adm groups new, adm groups add-users, rollout latest, rollout retry, set volume, set probe, set triggers, set build-secret, set data, secrets link, process, idle, adm restart-kubelet, adm reboot-machine-config-pool',
  destroy:
    'adm drain, adm prune images, adm prune builds, adm prune deployments, adm prune groups, rollout cancel, cancel-build, secrets unlink, adm groups remove-users',
};

const table = subcommands({
  names: ['oc'],
  style: 'cobra',
  globals: `${kubectlFlags['']} --loglevel=`,
  verbs: { ...kubectlVerbs, ...own, kustomize: kubectlVerbs.kustomize! },
  classes,
  looseFlags: true,
  alias: kubectlAliases,
  target: clusterTarget,
});

export const oc = {
  names: ['oc'],
  classify: (call: Parameters<typeof table.classify>[0]) =>
    call.args.length === 0 ? verdict('read', 'shows its usage') : table.classify(call),
};
