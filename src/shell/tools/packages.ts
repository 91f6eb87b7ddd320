// Package managers: installing changes the machine, removing destroys, scripts of a project are unknown.

import type { Tool } from '../call.ts';
import type { Risk } from '../risk.ts';
import { flat } from './flat.ts';
import { type SubcommandTable, subcommands, type VerbRule } from './subcommands.ts';

function manager(
  names: readonly string[],
  classes: SubcommandTable['classes'],
  more: Partial<SubcommandTable> = {},
): Tool {
  return subcommands({
    names,
    style: 'gnu',
    globals: '-y,--yes,--assume-yes -q,--quiet -v,--verbose -V,--version',
    looseFlags: true,
    classes,
    ...more,
  });
}

const simulated: VerbRule['judge'] = (_parsed, { args }) =>
  args.some((word) =>
    /^(-s|--simulate|--dry-run|--just-print|--no-act|--recon|-d|--download-only)$/.test(word.value),
  )
    ? { risk: 'read' as Risk, reasons: ['is a simulation'] }
    : undefined;

const aptVerbs = (risk: Risk, why: string, list: string): Record<string, VerbRule> =>
  Object.fromEntries(list.split(' ').map((verb) => [verb, { risk, why, judge: simulated }]));

export const packages: readonly Tool[] = [
  manager(
    ['apt', 'apt-get', 'aptitude'],
    {
      read: 'list, search, show, policy, changelog, check, depends, rdepends, showsrc, why',
      write: 'download, source',
    },
    {
      globals:
        '-y,--yes,--assume-yes -q,--quiet -s,--simulate -o,--option= -t,--target-release= -c,--config-file= -f -m -d --no-install-recommends --allow-downgrades --fix-broken --reinstall -V',
      verbs: {
        ...aptVerbs(
          'change',
          'changes what is installed',
          'install reinstall update upgrade full-upgrade dist-upgrade build-dep hold unhold markauto unmarkauto edit-sources satisfy clean autoclean',
        ),
        ...aptVerbs('destroy', 'removes packages', 'remove purge autoremove autopurge'),
      },
    },
  ),
  manager(['apt-cache', 'apt-file', 'apt-config'], {
    read: 'search, show, policy, depends, rdepends, showpkg, madison, stats, pkgnames, list, dump, find',
    change: 'update, gencaches',
  }),
  manager(
    ['apt-mark', 'apt-key', 'add-apt-repository'],
    {
      read: 'showhold, showauto, showmanual, list',
      change: 'hold, unhold, auto, manual, add, adv',
      destroy: 'del',
    },
    { otherwise: () => ({ risk: 'change', why: 'changes the sources' }) },
  ),
  manager(['yum', 'dnf', 'microdnf', 'tdnf', 'zypper', 'rpm-ostree'], {
    read: 'list, search, info, repolist, provides, whatprovides, check-update, deplist, history list, history info, status, se, lr, if, updateinfo, repoquery, lu, list-updates, db',
    change:
      'install, update, upgrade, reinstall, downgrade, makecache, groupinstall, localinstall, distro-sync, clean, swap, config-manager, module, in, up, dup, ref, refresh, ar, patch, mark, rollback, rebase, deploy, override, history undo, history rollback, history redo, upgrade-minimal, versionlock',
    destroy: 'remove, erase, autoremove, groupremove, rm, rr, uninstall',
  }),
  {
    names: ['rpm', 'dpkg', 'dpkg-query', 'dpkg-deb'],
    classify({ args, name }) {
      const first = args.map((word) => word.value).filter((value) => value.startsWith('-'));
      const all = first.join(' ');
      if (
        name === 'dpkg-query' ||
        /^(-q\w*|--query|-V|--verify|-K|--checksig|-l|--list|-L|--listfiles|-s|--status|-S|--search|-p|-I|--info|-c|--contents|--print-architecture|--version|-C|--audit|--get-selections)/.test(
          all,
        )
      )
        return { risk: 'read', reasons: ['shows packages'] };
      if (/(^|\s)(-e\w*|--erase|-r|--remove|-P|--purge)/.test(all))
        return { risk: 'destroy', reasons: ['removes packages'] };
      return {
        risk: /(^|\s)(-[iUF]\w*|--install|--upgrade|--freshen|--configure|--unpack|--import|--set-selections|--rebuilddb|-x|-e)/.test(
          all,
        )
          ? 'change'
          : 'unknown',
        reasons: ['changes packages'],
      };
    },
  },
  manager(['apk'], {
    read: 'info, list, search, policy, stats, version, audit, verify, dot',
    change: 'add, update, upgrade, fix, cache, fetch',
    destroy: 'del',
  }),
  {
    names: ['pacman', 'yay'],
    classify({ args }) {
      const mode = args.find((word) => /^-[A-Z]/.test(word.value))?.value ?? '';
      if (/^-(Q|Ss|Si|Sl|Fl?|Fs|V|T)/.test(mode)) return { risk: 'read', reasons: ['shows packages'] };
      return mode.startsWith('-R')
        ? { risk: 'destroy', reasons: ['removes packages'] }
        : { risk: 'change', reasons: ['changes packages'] };
    },
  },
  manager(['brew', 'port', 'snap', 'flatpak', 'choco', 'scoop', 'winget'], {
    read: 'list, ls, info, search, outdated, deps, uses, config, doctor, home, leaves, desc, cat, services list, find, version, changes, connections, refresh --list, remotes, history',
    change:
      'install, upgrade, update, reinstall, link, unlink, tap, pin, unpin, cleanup, services start, services stop, services restart, refresh, revert, enable, disable, connect, set, remote-add, fetch',
    destroy: 'uninstall, remove, rm, untap, autoremove, zap',
    unknown: 'run',
  }),
  manager(['pip', 'pip3', 'uv', 'pipx', 'poetry', 'conda', 'mamba', 'pipenv'], {
    read: 'list, show, freeze, check, search, debug, inspect, config list, config get, index versions, pip list, pip show, pip freeze, info, env list, version, tree, graph, help',
    write: 'download, wheel, export, lock',
    change:
      'install, upgrade, update, add, sync, create, inject, cache, config set, pip install, pip sync, venv, build, publish, init, tool install, python install, activate, env create, ensurepath, upgrade-all',
    destroy: 'uninstall, remove, pip uninstall, env remove, clean, cache purge, uninstall-all',
    unknown: 'run, exec, shell, tool run',
  }),
  manager(['npm', 'pnpm', 'yarn'], {
    read: 'list, ls, view, info, show, outdated, audit, why, explain, search, whoami, ping, doctor, help, config list, config get, root, prefix, bin, fund, version, licenses',
    write: 'pack',
    change:
      'install, i, ci, add, update, upgrade, link, publish, login, logout, init, config set, dedupe, rebuild, cache, dist-tag, deprecate, audit fix, access, team, set, prune, version patch, version minor',
    destroy: 'uninstall, remove, rm, un, unpublish, cache clean',
    unknown: 'run, run-script, exec, start, test, stop, restart, dlx, create, x',
  }),
  manager(['go'], {
    read: 'version, env, list, doc, vet, help, mod graph, mod why, mod verify',
    write: 'build, mod download, mod vendor',
    change: 'install, get, fmt, fix, mod tidy, mod init, mod edit, work init, clean',
    unknown: 'run, test, generate, tool',
  }),
  manager(['cargo', 'rustup', 'gem', 'bundle', 'composer', 'mix', 'dotnet', 'mvn', 'gradle', 'sbt'], {
    read: 'list, tree, search, info, show, metadata, outdated, licenses, help, version, check-platform-reqs, env, environment',
    change:
      'install, update, upgrade, add, publish, push, fetch, vendor, new, init, default, toolchain, target, component',
    destroy: 'uninstall, remove, yank, clean, unpublish',
    unknown: 'run, test, exec, build, check, bench',
  }),
  flat({
    names: [
      'npx',
      'bunx',
      'uvx',
      'make',
      'gmake',
      'just',
      'task',
      'rake',
      'ant',
      'bazel',
      'tox',
      'nox',
      'invoke',
      'fab',
      'ansible',
      'ansible-playbook',
      'puppet',
      'chef-client',
      'salt',
      'salt-call',
      'pulumi',
      'cdk',
      'serverless',
      'sls',
      'packer',
      'vagrant',
      'skaffold',
      'tilt',
      'devspace',
      'gh',
      'glab',
      'act',
    ],
    risk: 'unknown',
    why: 'runs what a file of the project says',
    flags: '-V',
    looseFlags: true,
    judge: (_parsed, { name, args }) => {
      const text = args.map((word) => word.value).join(' ');
      if (
        /^(--version|version|-v|-V|--help|help)$/.test(text) ||
        (/^g?make$/.test(name) && /(^|\s)(-n|--dry-run|--just-print)(\s|$)/.test(text))
      )
        return { risk: 'read', reasons: ['only shows'] };
      if (/^(gh|glab)$/.test(name)) return forge(text);
      if (name === 'ansible-playbook' && /(^|\s)(--list-(hosts|tasks|tags)|--syntax-check)(\s|$)/.test(text))
        return { risk: 'read', reasons: ['only lists'] };
      if (name === 'pulumi')
        return /^(preview|stack ls|stack$|logs|config$|whoami|about)/.test(text)
          ? { risk: 'read', reasons: ['only shows'] }
          : /^(destroy|stack rm)/.test(text)
            ? { risk: 'destroy', reasons: ['destroys the infrastructure'] }
            : /^(up|update|refresh|stack (select|init)|config set|import|cancel)/.test(text)
              ? { risk: 'change', reasons: ['changes the infrastructure'] }
              : undefined;
      if (
        /^(vagrant|skaffold|cdk|serverless|sls|devspace|tilt)$/.test(name) &&
        /^(destroy|delete|remove|down|purge)\b/.test(text)
      )
        return { risk: 'destroy', reasons: ['destroys what it made'] };
      return undefined;
    },
  }),
];

function forge(text: string) {
  const read = (why: string) => ({ risk: 'read' as Risk, reasons: [why] });
  if (/^(auth token)/.test(text)) return { risk: 'secret' as Risk, reasons: ['prints a token'] };
  if (/^\w[\w-]* (list|view|status|diff|checks|watch)\b|^(status|search|browse)\b/.test(text))
    return read('only shows');
  if (/^\w[\w-]* (delete|close|archive|remove|cancel)\b/.test(text))
    return {
      risk: /delete|remove/.test(text) ? ('destroy' as Risk) : ('change' as Risk),
      reasons: ['removes or closes'],
    };
  if (
    /^(pr|issue|release|repo|run|workflow|label|secret|variable|gist|mr|ci) (create|merge|edit|comment|review|reopen|rerun|enable|disable|set|upload|sync|fork|clone|checkout|ready|transfer|pin|lock|retry|trigger|run)\b|^auth (login|logout|setup-git|refresh|switch)/.test(
      text,
    )
  )
    return { risk: 'change' as Risk, reasons: ['changes what others share'] };
  return undefined;
}
