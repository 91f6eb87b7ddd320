// helm: releases, charts and repositories. Plugins are programs of unknown content, but for the comparing one.

import { clusterTarget } from './clusterTarget.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

const release =
  '--atomic --cleanup-on-fail --create-namespace --dependency-update --description= --devel --disable-openapi-validation ' +
  '--dry-run? --enable-dns -f,--values= --force --history-max= -i,--install --insecure-skip-tls-verify -l,--labels= ' +
  '--no-hooks -o,--output= --pass-credentials --password= --plain-http --post-renderer= --post-renderer-args= ' +
  '--render-subchart-notes --repo= --reset-then-reuse-values --reset-values --reuse-values --set= --set-file= ' +
  '--set-json= --set-literal= --set-string= --skip-crds --skip-schema-validation --timeout= --username= --verify ' +
  '--version= --wait --wait-for-jobs --ca-file= --cert-file= --key-file= --keyring= --hide-secret --hide-notes ' +
  '-g,--generate-name --name-template= --replace --take-ownership --keep-history --cascade= --recreate-pods --rollback-on-failure --ignore-not-found';

const changes = (why: string): VerbRule => ({
  risk: 'change',
  why,
  flags: release,
  when: [
    { flag: '--force', risk: 'destroy', why: 'replaces objects by deleting them (--force)' },
    { flag: '--replace', risk: 'destroy', why: 'uses the name of a deleted release again' },
    { flag: '--post-renderer', risk: 'unknown', why: 'runs a program (--post-renderer)' },
  ],
  judge: (parsed) => {
    const dry = parsed.flags.findLast((flag) => flag.name === '--dry-run');
    const effective =
      dry !== undefined && (dry.value === undefined || ['client', 'server', 'true'].includes(dry.value));
    const reads = parsed.all('--values').filter((file) => !file.includes('\0'));
    return effective ? { risk: 'read', reasons: ['is a dry run'], reads } : { reads };
  },
});

export const helm = subcommands({
  names: ['helm'],
  style: 'cobra',
  globals:
    '--burst-limit= --color= --colour= --debug --kube-apiserver= --kube-as-group= --kube-as-user= --kube-ca-file= --kube-context= ' +
    '--kube-insecure-skip-tls-verify --kube-tls-server-name= --kube-token= --kubeconfig= -n,--namespace= --qps= ' +
    '--registry-config= --repository-cache= --repository-config= --content-cache=',
  target: clusterTarget,
  looseFlags: true,
  alias: {
    ls: 'list',
    del: 'uninstall',
    delete: 'uninstall',
    un: 'uninstall',
    hist: 'history',
    inspect: 'show',
    fetch: 'pull',
    dep: 'dependency',
    'repo ls': 'repo list',
    'repo rm': 'repo remove',
    'repo up': 'repo update',
  },
  verbs: {
    upgrade: changes('changes a release'),
    install: changes('creates a release'),
    rollback: changes('goes back to an earlier revision'),
    uninstall: {
      risk: 'destroy',
      why: 'uninstalls a release',
      flags: release,
      judge: (parsed) => (parsed.on('--dry-run') ? { risk: 'read', reasons: ['is a dry run'] } : undefined),
    },
    'get values': {
      risk: 'read',
      why: 'shows the values of a release',
      flags: '-a,--all -o,--output= --revision=',
    },
    template: {
      risk: 'read',
      why: 'renders manifests',
      when: [
        { flag: '--output-dir', risk: 'write', why: 'writes files', file: 'writes' },
        { flag: '--post-renderer', risk: 'unknown', why: 'runs a program' },
      ],
      flags: `${release} --output-dir= -s,--show-only= --include-crds --api-versions= --kube-version= --is-upgrade --release-name --validate`,
    },
  },
  classes: {
    read: 'list, status, history, get all, get hooks, get manifest, get metadata, get notes, show, show all, show chart, show values, show readme, show crds, search repo, search hub, lint, version, env, help, completion, verify, dependency list, repo list, plugin list, diff upgrade, diff rollback, diff revision, diff release, registry list',
    write: 'pull, create, package, dependency build, dependency update',
    change:
      'repo add, repo update, repo index, push, registry login, registry logout, test, plugin install, plugin update',
    destroy: 'repo remove, plugin uninstall',
  },
});
