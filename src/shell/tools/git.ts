// git: the working tree and the local branches (`change`), what others share (`push`), and what throws work away.

import type { ParsedArguments } from '../flags.ts';
import type { Risk } from '../risk.ts';
import type { Word } from '../word.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

type Judge = NonNullable<VerbRule['judge']>;
const rule = (risk: Risk, why: string, flags: string, judge?: Judge): VerbRule => ({
  risk,
  why,
  flags,
  ...(judge ? { judge } : {}),
});
const raised = (risk: Risk, why: string) => ({ risk, reasons: [why] });

const logFlags =
  '--oneline --graph --all --since,--after= --until,--before= --grep= --author= -n,--max-count= -NUM -p,--patch --stat --name-only --name-status --format,--pretty= --decorate? --follow -S= -G= -L= ' +
  '--merges --no-merges --first-parent --reverse --abbrev-commit --date= --cached,--staged -w --color? --no-color --shortstat --numstat --summary -M -C -U= --diff-filter= --word-diff? --exit-code -q,--quiet --raw --no-pager -i --show-signature --branches --tags --remotes --left-right --cherry-pick -1 -z --unified= --no-index --check --compact-summary --dirstat --full-index -b --ignore-all-space -s,--no-patch -t --output=';

const push: Judge = (parsed) => {
  const forced =
    parsed.on('--force') || parsed.on('--force-with-lease') || parsed.on('--mirror') || parsed.on('--prune');
  if (parsed.on('--dry-run')) return raised('read', 'is a dry run');
  const refs = parsed.operands.slice(1);
  if (forced || refs.some((word) => word.value.startsWith('+')))
    return raised('destroy', 'overwrites what others have (force)');
  if (parsed.on('--delete') || refs.some((word) => word.value.startsWith(':')))
    return raised('destroy', 'deletes a branch that others have');
  return undefined;
};

const checkout: Judge = (parsed) => {
  if (parsed.on('--force')) return raised('destroy', 'throws local changes away (--force)');
  if (parsed.rest?.length || parsed.operands.some((word) => word.value === '.'))
    return raised('destroy', 'throws local changes of files away');
  if (parsed.on('-B')) return raised('destroy', 'resets a branch (-B)');
  // Given no commit to begin at, it takes the files as they are.
  if (parsed.on('-b') && parsed.operands.length === 0) return { reasons: ['begins a new branch'] };
  return undefined;
};

const lists = (parsed: ParsedArguments, except: readonly string[]): boolean =>
  parsed.operands.length === 0 && !except.some((flag) => parsed.on(flag));

const branch: Judge = (parsed) => {
  if (['-D', '--delete'].some((flag) => parsed.on(flag))) return raised('destroy', 'deletes a branch');
  if (
    [
      '--move',
      '-M',
      '-C',
      '--copy',
      '--set-upstream-to',
      '--unset-upstream',
      '--force',
      '--edit-description',
    ].some((flag) => parsed.on(flag))
  )
    return raised('change', 'changes branches');
  if (
    lists(parsed, []) ||
    ['--list', '--all', '--remotes', '--contains', '--merged', '--no-merged', '--show-current'].some((flag) =>
      parsed.on(flag),
    )
  )
    return raised('read', 'lists branches');
  return undefined;
};

const twoWords =
  (first: (word: Word | undefined) => readonly [Risk, string]): Judge =>
  (parsed) => {
    const [risk, why] = first(parsed.operands[0]);
    return raised(risk, why);
  };

const verbs: Record<string, VerbRule> = {
  push: rule(
    'change',
    'publishes commits',
    '-f,--force --force-with-lease? --force-if-includes -u,--set-upstream --all --tags --mirror -d,--delete -n,--dry-run --prune --follow-tags -q,--quiet -v,--verbose --no-verify --atomic -o,--push-option= --progress --porcelain --thin --signed?',
    push,
  ),
  checkout: rule(
    'change',
    'switches the files to another commit',
    '-b= -B= -f,--force --track? -t --detach -q,--quiet --orphan= --ours --theirs -m,--merge -p,--patch --no-track --recurse-submodules',
    checkout,
  ),
  switch: rule(
    'change',
    'switches the branch',
    '-c,--create= -C,--force-create= -f,--force --discard-changes --detach -d -q,--quiet -t,--track? --orphan= -m,--merge --guess',
    (parsed) =>
      parsed.on('--force') || parsed.on('--discard-changes') || parsed.on('--force-create')
        ? raised('destroy', 'throws local changes away')
        : undefined,
  ),
  restore: rule(
    'destroy',
    'throws local changes away',
    '-s,--source= -S,--staged -W,--worktree -p,--patch -q,--quiet --ours --theirs',
    (parsed) =>
      parsed.on('--staged') && !parsed.on('--worktree')
        ? raised('write', 'takes files off the index')
        : undefined,
  ),
  reset: rule(
    'change',
    'moves the branch',
    '--hard --soft --mixed --merge --keep -q,--quiet -p,--patch',
    (parsed) =>
      parsed.on('--hard') || parsed.on('--merge')
        ? raised('destroy', 'throws work away (--hard)')
        : undefined,
  ),
  clean: rule(
    'destroy',
    'removes files that git does not know',
    '-f,--force -d -x -X -n,--dry-run -q,--quiet -i,--interactive -e,--exclude=',
    (parsed) => (parsed.on('--dry-run') ? raised('read', 'is a dry run') : undefined),
  ),
  branch: rule(
    'write',
    'makes a branch',
    '-a,--all -r,--remotes -v,--verbose -vv -l,--list --contains? --merged? --no-merged? --show-current -d,--delete -D -m,--move -M -c,--copy -C -u,--set-upstream-to= --unset-upstream -f,--force --sort= --format= --track? --edit-description -q,--quiet --points-at= --color?',
    branch,
  ),
  tag: rule(
    'write',
    'makes a tag',
    '-l,--list? -n? -d,--delete -a,--annotate -m,--message= -s,--sign -f,--force -v,--verify --sort= --contains= --points-at= -F,--file= --format=',
    (parsed) =>
      parsed.on('--delete') || parsed.on('--force')
        ? raised('destroy', 'removes or moves a tag')
        : lists(parsed, ['--annotate']) || parsed.flags.some((flag) => flag.name === '--list')
          ? raised('read', 'lists tags')
          : undefined,
  ),
  stash: rule(
    'change',
    'puts local changes away',
    '-u,--include-untracked -a,--all -k,--keep-index -m,--message= -p,--patch -q,--quiet --index --stat --only-untracked',
    twoWords((word) =>
      /^(list|show)$/.test(word?.value ?? '')
        ? ['read', 'shows stashes']
        : /^(drop|clear)$/.test(word?.value ?? '')
          ? ['destroy', 'throws stashed work away']
          : ['change', 'puts local changes away or takes them back'],
    ),
  ),
  remote: rule(
    'read',
    'shows remotes',
    '-v,--verbose -t= -m= -f --tags --no-tags --push --all -n --add --delete',
    twoWords((word) =>
      !word || /^(show|get-url)$/.test(word.value)
        ? ['read', 'shows remotes']
        : /^(remove|rm|prune)$/.test(word.value)
          ? ['destroy', 'removes a remote']
          : ['change', 'changes remotes'],
    ),
  ),
  config: rule(
    'change',
    'changes settings',
    '--global --system --local --worktree -f,--file= -l,--list --get= --get-all= --get-regexp= --unset= --unset-all= --add --replace-all -e,--edit --show-origin --show-scope --name-only --type= --bool --int --default= -z,--null',
    (parsed) =>
      parsed.on('--list') ||
      parsed.on('--get') ||
      parsed.on('--get-all') ||
      parsed.on('--get-regexp') ||
      (parsed.operands.length === 1 && !parsed.on('--unset') && !parsed.on('--edit')) ||
      ['get', 'list'].includes(parsed.operands[0]?.value ?? '')
        ? raised('read', 'shows settings')
        : undefined,
  ),
  worktree: rule(
    'write',
    'makes a working tree',
    '-b= -B= -f,--force --detach --lock --porcelain -v',
    twoWords((word) =>
      word?.value === 'list'
        ? ['read', 'lists working trees']
        : /^(remove|prune)$/.test(word?.value ?? '')
          ? ['destroy', 'removes working trees']
          : ['write', 'makes or changes working trees'],
    ),
  ),
  submodule: rule(
    'change',
    'changes submodules',
    '--init --recursive --remote -q,--quiet --depth= --cached -f,--force -b= --name= --jobs=',
    twoWords((word) =>
      !word || /^(status|summary)$/.test(word.value)
        ? ['read', 'shows submodules']
        : /^(deinit)$/.test(word.value)
          ? ['destroy', 'removes a submodule']
          : word.value === 'foreach'
            ? ['unknown', 'runs commands in submodules']
            : ['change', 'changes submodules'],
    ),
  ),
  bisect: rule(
    'unknown',
    'may run a program',
    '--term-old= --term-new= --no-checkout --first-parent',
    twoWords((word) =>
      /^(log|view|visualize)$/.test(word?.value ?? '')
        ? ['read', 'shows the search']
        : /^(start|good|bad|skip|reset|new|old)$/.test(word?.value ?? '')
          ? ['change', 'switches the commit']
          : ['unknown', 'runs a program'],
    ),
  ),
  reflog: rule(
    'read',
    'shows where branches were',
    `${logFlags} --expire= --all`,
    twoWords((word) =>
      /^(expire|delete)$/.test(word?.value ?? '')
        ? ['destroy', 'removes the way back']
        : ['read', 'shows where branches were'],
    ),
  ),
  rebase: rule(
    'change',
    'rewrites local commits',
    '-i,--interactive --onto= --continue --abort --skip --autosquash --autostash -x,--exec= -q,--quiet -r,--rebase-merges? --root --edit-todo -m,--merge -X= -s= --quit',
    (parsed) =>
      parsed.on('--exec')
        ? raised('unknown', 'runs commands (--exec)')
        : parsed.on('--interactive')
          ? { interactive: 'opens an editor' }
          : undefined,
  ),
  commit: rule(
    'change',
    'moves the branch',
    '-m,--message= -a,--all --amend --no-edit -F,--file= -s,--signoff -S,--gpg-sign? -q,--quiet -v,--verbose --allow-empty --no-verify -n --author= --date= -C= -c= --fixup= --squash= -p,--patch -o,--only -i,--include --reset-author --allow-empty-message -t,--template= --dry-run --trailer= -u,--untracked-files?',
    (parsed) =>
      parsed.on('--dry-run')
        ? raised('read', 'is a dry run')
        : ['--message', '--file', '--no-edit', '-C'].some((flag) => parsed.on(flag))
          ? undefined
          : { interactive: 'opens an editor' },
  ),
  fetch: rule(
    'write',
    'fetches into the repository',
    '--all -p,--prune -t,--tags --depth= -q,--quiet -v,--verbose -f,--force --unshallow --no-tags -n,--dry-run -j,--jobs= --recurse-submodules? -u --shallow-since= --deepen= --multiple --atomic',
  ),
  archive: rule(
    'read',
    'prints an archive',
    '--format= -o,--output= --prefix= -l,--list --remote= -v,--verbose -0 -9 --worktree-attributes',
    (parsed) => (parsed.on('--output') ? raised('write', 'writes an archive') : undefined),
  ),
  log: rule('read', 'shows history', logFlags, outputs),
  diff: rule('read', 'compares', `${logFlags} --ext-diff`, (parsed) =>
    parsed.on('--ext-diff') ? raised('unknown', 'runs a program') : outputs(parsed),
  ),
  show: rule('read', 'shows commits', logFlags, outputs),
};

function outputs(parsed: ParsedArguments): ReturnType<Judge> {
  const file = parsed.last('--output');
  return file ? { risk: 'write', reasons: ['writes a file (--output)'], writes: [file] } : undefined;
}

export const git = subcommands({
  names: ['git'],
  style: 'gnu',
  globals:
    '-C= -c= --exec-path? --html-path -p,--paginate -P,--no-pager --no-replace-objects --bare --git-dir= --work-tree= --namespace= --literal-pathspecs --no-optional-locks -v,--version',
  looseFlags: true,
  when: [
    {
      flag: '-c',
      is: /^(core\.(sshcommand|pager|editor|fsmonitor|hookspath)|alias\.|diff\.|.*\.(cmd|command|textconv|program))/i,
      risk: 'unknown',
      why: 'a setting that runs a program',
    },
  ],
  verbs,
  classes: {
    read: 'status, blame, annotate, shortlog, describe, grep, ls-files, ls-tree, ls-remote, rev-parse, rev-list, cat-file, name-rev, merge-base, cherry, whatchanged, range-diff, show-ref, show-branch, for-each-ref, count-objects, fsck, verify-commit, verify-tag, help, version, var, check-ignore, check-attr, diff-tree, diff-files, diff-index, symbolic-ref, hash-object',
    write: 'add, clone, init, bundle, format-patch, fetch-pack, stage, notes',
    change:
      'pull, merge, revert, cherry-pick, am, apply, mv, gc, repack, prune-packed, sparse-checkout, update-index, maintenance, lfs, replace, update-ref, read-tree, write-tree, commit-tree, send-email, request-pull, mergetool, difftool',
    destroy: 'rm, prune, filter-branch, filter-repo',
  },
});
