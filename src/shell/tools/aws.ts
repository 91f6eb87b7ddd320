// aws: services with operations named by their verb; the few whose effect their name does not tell are listed.

import type { Risk } from '../risk.ts';
import { isKnown, type Word } from '../word.ts';
import { classifySql } from './sqlText.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

const globals =
  '--debug --endpoint-url= --no-verify-ssl --no-paginate --output= --query= --profile= --region= --version --color= --no-sign-request --ca-bundle= ' +
  '--cli-read-timeout= --cli-connect-timeout= --cli-binary-format= --no-cli-pager --cli-auto-prompt --no-cli-auto-prompt';

const rule = (risk: Risk, why: string, more: Partial<VerbRule> = {}): VerbRule => ({ risk, why, ...more });
const has = (words: readonly Word[], flag: string): boolean =>
  words.some((word) => word.value === flag || word.value.startsWith(`${flag}=`));

const secret = 'hands out a credential';
const verbs: Record<string, VerbRule> = {
  's3 ls': rule('read', 'lists'),
  's3 presign': rule('secret', 'makes a link that needs no login'),
  's3 rm': rule('destroy', 'deletes objects', { judge: dryRun }),
  's3 rb': rule('destroy', 'deletes a bucket'),
  's3 mb': rule('change', 'creates a bucket'),
  's3 website': rule('change', 'changes a bucket'),
  's3 mv': rule('destroy', 'moves objects: they are gone where they were', { judge: dryRun }),
  's3 cp': rule('change', 'writes objects', { judge: copies }),
  's3 sync': rule('change', 'writes objects', { judge: copies }),
  'secretsmanager get-secret-value': rule('secret', secret),
  'secretsmanager batch-get-secret-value': rule('secret', secret),
  'ecr get-login-password': rule('secret', secret),
  'ecr get-authorization-token': rule('secret', secret),
  'ecr-public get-login-password': rule('secret', secret),
  'codeartifact get-authorization-token': rule('secret', secret),
  'eks get-token': rule('secret', secret),
  'rds generate-db-auth-token': rule('secret', secret),
  'redshift get-cluster-credentials': rule('secret', secret),
  'ec2 get-password-data': rule('secret', secret),
  'kms decrypt': rule('secret', 'decrypts'),
  'kms generate-data-key': rule('secret', 'makes a key'),
  'iam get-credential-report': rule('read', 'shows a report'),
  'eks update-kubeconfig': rule('change', 'switches the cluster for everything that follows', {
    judge: (_parsed, call) => ({ switchesTarget: call.args.at(-1)?.text ?? '' }),
  }),
  'ssm start-session': rule('unknown', 'opens a shell', {
    judge: () => ({ interactive: 'opens a remote shell' }),
  }),
  'ssm send-command': rule('unknown', 'runs a script on machines'),
  'ssm start-automation-execution': rule('unknown', 'runs an automation'),
  'ecs execute-command': rule('unknown', 'runs a command in a container'),
  'lambda invoke': rule('unknown', 'runs a function of unknown content'),
  'stepfunctions start-execution': rule('unknown', 'runs a workflow of unknown content'),
  'batch submit-job': rule('unknown', 'runs a job of unknown content'),
  'codebuild start-build': rule('unknown', 'runs a build of unknown content'),
  'logs start-query': rule('read', 'asks the logs'),
  'logs tail': rule('read', 'shows logs', {
    judge: (_parsed, { args }) => (has(args, '--follow') ? { blocking: 'follows logs' } : undefined),
  }),
  'athena start-query-execution': rule('change', 'runs a query', {
    judge: (_parsed, { args }) => sqlOf(args, '--query-string'),
  }),
  'rds-data execute-statement': rule('change', 'runs SQL', {
    judge: (_parsed, { args }) => sqlOf(args, '--sql'),
  }),
  'dynamodb execute-statement': rule('unknown', 'runs a statement'),
  'sqs receive-message': rule('change', 'hides messages from other readers'),
  'configure list': rule('read', 'shows settings'),
  'configure list-profiles': rule('read', 'shows profiles'),
  'configure get': rule('secret', 'may show a key'),
  'configure export-credentials': rule('secret', secret),
  'configure sso': rule('change', 'changes settings'),
  'sso login': rule('change', 'logs in'),
  'sso logout': rule('change', 'logs out'),
  'sso get-role-credentials': rule('secret', secret),
  'cloudformation deploy': rule('change', 'changes a stack'),
  'cloudformation package': rule('change', 'uploads'),
  'cloudformation validate-template': rule('read', 'checks'),
  'ec2 wait': rule('read', 'waits'),
};

function dryRun(_parsed: unknown, { args }: { args: readonly Word[] }) {
  return has(args, '--dryrun') ? { risk: 'read' as const, reasons: ['is a dry run'] } : undefined;
}

function copies(_parsed: unknown, { args }: { args: readonly Word[] }) {
  if (has(args, '--dryrun')) return { risk: 'read' as const, reasons: ['is a dry run'] };
  if (has(args, '--delete'))
    return { risk: 'destroy' as const, reasons: ['deletes what the source does not have (--delete)'] };
  const paths = args
    .filter((word) => /^s3:\/\/|^[./~\w\0$-]/.test(word.value) && !word.value.startsWith('--'))
    .slice(2);
  const [from, to] = paths;
  if (from?.value.startsWith('s3://') && to && isKnown(to) && !to.value.startsWith('s3://')) {
    return { risk: 'write' as const, reasons: ['writes local files'], writes: [to.value] };
  }
  return undefined;
}

function sqlOf(args: readonly Word[], flag: string) {
  const at = args.findIndex((word) => word.value === flag);
  const sql = at < 0 ? undefined : args[at + 1]?.value;
  if (sql === undefined) return { risk: 'unknown' as const, reasons: ['runs SQL that is not known here'] };
  const found = classifySql(sql);
  return found.risk === 'read' ? undefined : { risk: found.risk, reasons: found.reasons };
}

const byVerb: readonly [RegExp, Risk, string][] = [
  [
    /^(describe|list|head|search|lookup|filter|estimate|preview|validate|simulate|test|check|count|discover|detect|query|scan|view|verify|help)(-|$)|^(wait|ls|tail|get-log-events|get-caller-identity)$/,
    'read',
    'only reads',
  ],
  [
    /^(assume-role|get-session-token|get-federation-token|get-credentials|get-open-id-token|create-token)/,
    'secret',
    secret,
  ],
  [/^get-.*(secret|password|credential|token|private-key|auth)/, 'secret', secret],
  [/^(batch-)?get(-|$)/, 'read', 'only reads'],
  [
    /^(batch-)?(delete|terminate|remove|purge|destroy|deregister|release|revoke-certificate|schedule-key-deletion|empty|expire|reject|batch-delete)(-|$)/,
    'destroy',
    'deletes or ends something',
  ],
  [
    /^(abort|cancel|disassociate|detach|disable|deactivate|stop|revoke|suspend|reboot|reset|restart|start|create|put|update|modify|set|add|attach|associate|enable|activate|register|run|restore|copy|import|export|tag|untag|send|publish|upload|replace|rotate|promote|failover|resume|accept|allocate|apply|assign|authorize|change|complete|confirm|deploy|execute|increase|decrease|invite|issue|join|merge|move|notify|provision|rebuild|record|renew|request|resize|resync|retry|rollback|scale|signal|submit|subscribe|swap|switch|sync|transfer|unassign|unsubscribe|upgrade|write|encrypt|re-encrypt|sign|continue|override|initiate|place|monitor|unmonitor|unassign|bundle|purchase|report|recover|refresh|configure|leave|toggle|batch-write|batch-execute|transact|admin|change-message-visibility|redrive|set-desired-capacity)(-|$)/,
    'change',
    'changes something',
  ],
];

export const aws = subcommands({
  names: ['aws', 'awslocal'],
  style: 'cobra',
  globals,
  looseFlags: true,
  target: (parsed) => ({
    context: parsed.lastShown('--profile') ?? null,
    namespace: null,
    overrides: parsed.on('--profile') ? ['--profile'] : [],
  }),
  verbs,
  classes: { change: 'configure', read: 'help' },
  otherwise(path, words) {
    const [service, named] = path.split(' ');
    const first = words.find((word) => !word.value.startsWith('-'));
    const operation = named ?? (first && isKnown(first) ? first.value : undefined);
    if (operation === undefined || operation.includes('\0')) return undefined;
    if (/^get-parameters?(-|$)/.test(operation)) {
      return has(words, '--with-decryption')
        ? rule('secret', 'decrypts a parameter')
        : rule('read', 'shows a parameter');
    }
    const none = words.some(
      ({ value }, at) =>
        /^--(desired-(count|capacity)|max-size)(=0)?$/.test(value) &&
        (value.endsWith('=0') || words[at + 1]?.value === '0'),
    );
    if (none) return rule('destroy', `${operation}: leaves none running`);
    if (has(words, '--dry-run') && service === 'ec2') return rule('read', 'is a dry run');
    return byName(operation);
  },
});

function byName(operation: string): VerbRule | undefined {
  const found = byVerb.find(([pattern]) => pattern.test(operation));
  return found && rule(found[1], `${operation}: ${found[2]}`);
}
