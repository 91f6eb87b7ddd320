// terraform and its twins: one dash for long flags, the working directory as a global one.

import { subcommands, type VerbRule } from './subcommands.ts';

const common =
  '-input= -lock= -lock-timeout= -no-color -parallelism= -state= -state-out= -backup= -var= -var-file= -target= -replace= -refresh= -refresh-only -compact-warnings -json -concise';

const verbs: Record<string, VerbRule> = {
  plan: {
    risk: 'read',
    why: 'shows what would change',
    flags: `${common} -out= -destroy -detailed-exitcode -generate-config-out= -exclude=`,
    when: [
      { flag: '-out', risk: 'write', why: 'writes the plan', file: 'writes' },
      { flag: '-generate-config-out', risk: 'write', why: 'writes configuration', file: 'writes' },
    ],
  },
  apply: {
    risk: 'change',
    why: 'changes the infrastructure',
    flags: `${common} -auto-approve -destroy -exclude=`,
    when: [
      { flag: '-destroy', risk: 'destroy', why: 'destroys the infrastructure' },
      { flag: '-replace', risk: 'destroy', why: 'destroys a resource and makes it again' },
    ],
    judge: (parsed) => ({
      ...(parsed.on('-auto-approve') || parsed.operands.length > 0 ? {} : { interactive: 'asks for yes' }),
      reads: parsed.operands.map((word) => word.value).filter((file) => !file.includes('\0')),
    }),
  },
  destroy: {
    risk: 'destroy',
    why: 'destroys the infrastructure',
    flags: `${common} -auto-approve -force -exclude=`,
  },
  fmt: {
    risk: 'change',
    why: 'rewrites files',
    flags: '-list= -write= -diff -check -no-color -recursive',
    when: [
      { flag: '-check', risk: 'read', why: 'checks the form', instead: true },
      { flag: '-write', is: /^false$/, risk: 'read', why: 'only shows', instead: true },
    ],
    judge: (parsed) =>
      parsed.last('-write') === 'false' ? { risk: 'read', reasons: ['only shows'] } : undefined,
  },
  init: {
    risk: 'write',
    why: 'fetches providers into the directory',
    flags: `${common} -backend= -backend-config= -force-copy -from-module= -get= -migrate-state -reconfigure -upgrade -lockfile= -ignore-remote-version -plugin-dir= -test-directory=`,
    when: [
      { flag: '-migrate-state', risk: 'change', why: 'moves the state' },
      { flag: '-force-copy', risk: 'change', why: 'moves the state' },
    ],
  },
  output: {
    risk: 'read',
    why: 'shows outputs',
    flags: '-state= -no-color -json -raw',
    when: [
      { flag: '-json', risk: 'secret', why: 'shows sensitive values' },
      { flag: '-raw', risk: 'secret', why: 'shows sensitive values' },
    ],
  },
  show: {
    risk: 'read',
    why: 'shows state or plan',
    flags: '-no-color -json',
    when: [{ flag: '-json', risk: 'secret', why: 'shows sensitive values' }],
  },
  console: {
    risk: 'unknown',
    why: 'opens a console',
    flags: common,
    judge: () => ({ interactive: 'opens a console' }),
  },
};

export const terraform = subcommands({
  names: ['terraform', 'tofu', 'terragrunt'],
  style: 'go',
  globals:
    '-chdir= -help -version --terragrunt-working-dir= --terragrunt-non-interactive --terragrunt-log-level=',
  looseFlags: true,
  verbs,
  classes: {
    read: 'validate, graph, providers, providers schema, version, state list, state show, workspace list, workspace show, metadata functions, modules, help',
    write: 'get, providers lock, providers mirror',
    secret: 'state pull',
    change:
      'import, refresh, taint, untaint, state mv, state push, state replace-provider, workspace new, workspace select, login, logout, test, run-all plan',
    destroy: 'state rm, workspace delete, force-unlock, run-all destroy, run-all apply',
  },
});
