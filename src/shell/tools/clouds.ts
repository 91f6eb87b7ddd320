// gcloud, az, gsutil, bq, doctl, eksctl: groups of nouns, then a verb.

import type { Call, Inner, Tool, Verdict } from '../call.ts';
import { verdict } from '../call.ts';
import { flagTable, parseFlags } from '../flags.ts';
import type { Risk } from '../risk.ts';
import { isKnown, shown, type Word } from '../word.ts';
import { classifySql } from './sqlText.ts';
import { subcommands } from './subcommands.ts';

interface Cloud {
  readonly names: readonly string[];
  readonly globals: string;
  /** Of the words joined by blanks; the first that matches counts. */
  readonly rules: readonly (readonly [RegExp, Risk, string])[];
}

const reads =
  /(^| )(list|ls|describe|show|get|get-value|info|read|tail|status|wait|search|diff|validate|check|get-iam-policy|list-[\w-]+|show-[\w-]+|get-[\w-]+|check-[\w-]+|lookup|versions list|exists|help|version|query|logs|top|usage)$/;
const destroys =
  /(^| )(delete|remove|destroy|purge|undelete-never|rb|rm|cancel-[\w-]*deletion|delete-[\w-]+|remove-[\w-]+|drain|empty|wipe|reset-windows-password|schedule-deletion|disable-and-delete|deprovision)$/;
const changes =
  /(^| )(create|update|set|add|apply|deploy|enable|disable|start|stop|restart|reset|resize|scale|import|export|attach|detach|upgrade|rollback|promote|failover|move|patch|replace|restore|suspend|resume|submit|write|upload|copy|clone|activate|deactivate|cancel|approve|reject|regenerate|renew|rotate|rotate-[\w-]+|swap|switch|invoke-never|lock|unlock|mount|publish|register|unregister|run-never|sync|tag|untag|purge-cache|deallocate|redeploy|reimage|assign|add-[\w-]+|set-[\w-]+|update-[\w-]+|create-[\w-]+|enable-[\w-]+|disable-[\w-]+|start-[\w-]+|stop-[\w-]+|apply-[\w-]+|abandon-instances|recreate-instances|rolling-action .*|simulate-maintenance-event|perform-maintenance|suggest|link|unlink|login|logout|init|install|configure|invalidate-cdn-cache|bulk-import|migrate|convert|generate)$/;

function cloud(table: Cloud): Tool {
  return {
    names: table.names,
    classify(call) {
      const words = nouns(call.args, table.globals);
      const text = words.map((word) => (isKnown(word) ? word.value : '\0')).join(' ');
      if (text === '') return verdict('read', 'shows its usage');
      if (call.args.some((word) => word.value === '--help')) return verdict('read', 'shows help');
      const found = [...table.rules, ...common]
        .map(([pattern, risk, why]) => ({ at: pattern.exec(text), risk, why }))
        .find((one) => one.at);
      if (found) return remote(call, found.risk, found.why, words);
      for (let length = words.length; length > 0; length--) {
        const head = words
          .slice(0, length)
          .map((word) => (isKnown(word) ? word.value : '\0'))
          .join(' ');
        if (destroys.test(head))
          return verdict('destroy', `${head}: deletes or ends something`, { verb: head });
        if (reads.test(head)) return verdict('read', `${head}: only reads`, { verb: head });
        if (changes.test(head)) return verdict('change', `${head}: changes something`, { verb: head });
      }
      return verdict('unknown', `${call.name} ${shown(words[0]!)} … is not in the table`, {
        verb: shown(words[0]!),
      });
    },
  };
}

/** The words that are neither flags nor values of the flags that we know. */
function nouns(args: readonly Word[], globals: string): Word[] {
  const known = flagTable(globals);
  const out: Word[] = [];
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at]!;
    if (value === '--') break;
    if (!value.startsWith('-')) out.push(args[at]!);
    else if (!value.includes('=') && known.get(value)?.arity === 'value') at++;
    else if (
      !value.includes('=') &&
      out.length >= 2 &&
      !known.has(value) &&
      args[at + 1] &&
      !args[at + 1]!.value.startsWith('-') &&
      out.length > 2
    )
      at++;
  }
  return out;
}

const common: readonly (readonly [RegExp, Risk, string])[] = [
  [
    /^(auth|account) (print-(access|identity)-token|get-access-token|application-default print-access-token)/,
    'secret',
    'prints a token',
  ],
  [
    /^secrets versions access|^keyvault (secret|key|certificate) (show|download)|^(storage account keys|cosmosdb keys|acr credential|redis|servicebus .*keys|eventhubs .*keys) (list-keys|list|show)$|connection-string|^kms decrypt|list-keys$|^ad sp credential/,
    'secret',
    'shows a credential',
  ],
];

function remote(call: Call, risk: Risk, why: string, words: readonly Word[]): Verdict {
  const base: Verdict = verdict(risk, why, { verb: words.slice(0, 3).map(shown).join(' ') });
  if (/get-credentials|config set|account set|set-context/.test(base.verb ?? ''))
    return { ...base, switchesTarget: words.at(-1)!.text };
  if (!/\bssh\b|exec\b/.test(base.verb ?? '')) return base;
  const parsed = parseFlags(call.args, '--command= --scripts=', 'gnu');
  const script = parsed.last('--command');
  const host = words.at(-1);
  const place = { kind: 'host' as const, label: `host ${host ? shown(host) : ''}` };
  if (script !== undefined) {
    const inner: Inner[] = [{ script, place, separate: true }];
    return { ...base, risk: 'read', reasons: [`runs on ${place.label}`], inner };
  }
  return { ...base, interactive: 'opens a remote shell' };
}

export const clouds: readonly Tool[] = [
  cloud({
    names: ['gcloud'],
    globals:
      '--project= --account= --format= --filter= --region= --zone= --quiet -q --verbosity= --configuration= --impersonate-service-account= --limit= --sort-by= --cluster= --location= --namespace= --log-http --flatten= --billing-project= --page-size=',
    rules: [
      [
        /^(alpha |beta )?compute (ssh|start-iap-tunnel|connect-to-serial-port)|^cloud-shell ssh|^app instances ssh|^sql connect|^workstations ssh/,
        'unknown',
        'opens a shell',
      ],
      [/^compute scp/, 'change', 'copies files'],
      [/^container clusters get-credentials/, 'change', 'switches the cluster for everything that follows'],
      [
        /^container fleet memberships get-credentials/,
        'change',
        'switches the cluster for everything that follows',
      ],
      [
        /^config (set|unset|configurations (activate|create|delete))/,
        'change',
        'switches the project or account for everything that follows',
      ],
      [
        /^auth (login|activate-service-account|revoke|configure-docker|application-default (login|set-quota-project|revoke))/,
        'change',
        'changes who is logged in',
      ],
      [/^iam service-accounts keys create/, 'change', 'makes a key'],
      [
        /^(functions call|run jobs execute|builds submit|workflows run|workflows execute|scheduler jobs run|dataflow .*run|composer environments run)/,
        'unknown',
        'runs a program of unknown content',
      ],
      [/^storage (rm|buckets delete|objects delete)|^pubsub subscriptions seek/, 'destroy', 'deletes'],
      [/^storage (cp|mv|rsync|buckets update|objects update)/, 'change', 'writes objects'],
      [/^storage (ls|cat|du|hash)|^storage buckets describe/, 'read', 'lists'],
      [/^pubsub subscriptions pull/, 'change', 'takes messages'],
    ],
  }),
  cloud({
    names: ['az'],
    globals:
      '-g --resource-group= -n --name= --subscription= -o --output= --query= --verbose --debug --only-show-errors -s --vault-name= --account-name= -c --container-name= -l --location= --ids= -y --yes --no-wait',
    rules: [
      [
        /^aks get-credentials|^account set|^configure/,
        'change',
        'switches the target for everything that follows',
      ],
      [
        /^(ssh|vm run-command invoke|aks command invoke|container exec|webapp ssh|vmss run-command)/,
        'unknown',
        'runs commands on a machine',
      ],
      [/^(login|logout|acr login)/, 'change', 'changes who is logged in'],
      [/^storage blob (upload|download)|^storage (copy|blob copy)/, 'change', 'copies objects'],
      [
        /^(pipelines run|functionapp function invoke|rest|deployment-scripts)/,
        'unknown',
        'runs something of unknown content',
      ],
      [/^monitor (log-analytics query|metrics list|activity-log list)/, 'read', 'asks'],
    ],
  }),
  cloud({
    names: ['gsutil'],
    globals: '-m -q -o= -u= -D -h=',
    rules: [
      [
        /^(ls|cat|stat|du|hash|version|help|test|acl get|iam get|lifecycle get|logging get|cors get|versioning get)/,
        'read',
        'lists',
      ],
      [/^(rm|rb|mv)/, 'destroy', 'deletes'],
      [/^rsync/, 'change', 'writes objects'],
      [
        /^(cp|mb|acl|iam|lifecycle|cors|versioning|setmeta|rewrite|compose|logging|notification|retention|defacl|web|kms|config|update)/,
        'change',
        'writes objects',
      ],
      [/^signurl/, 'secret', 'makes a link that needs no login'],
    ],
  }),
  {
    names: ['bq'],
    classify({ args }) {
      const words = args.filter((word) => !word.value.startsWith('-'));
      const verb = words[0]?.value ?? '';
      if (/^(ls|show|head|wait|version|help|info)$/.test(verb)) return verdict('read', 'shows', { verb });
      if (verb === 'query') {
        const sql = words.at(-1)!.value;
        const found = classifySql(sql);
        return verdict(found.risk, found.reasons.join('; ') || 'asks', { verb });
      }
      if (verb === 'rm' || verb === 'truncate') return verdict('destroy', 'deletes', { verb });
      if (
        /^(mk|load|cp|update|insert|extract|cancel|undelete|set-iam-policy|add-iam-policy-binding)$/.test(
          verb,
        )
      )
        return verdict('change', 'changes', { verb });
      return verdict('unknown', `bq ${verb} is not in the table`, { verb });
    },
  },
  cloud({
    names: ['doctl', 'linode-cli', 'hcloud', 'ibmcloud', 'oci', 'exo', 'scw', 'civo', 'openstack', 'nova'],
    globals: '-t -o --output= --format= --context= -c= --access-token=',
    rules: [
      [/kubeconfig (save|show)/, 'change', 'switches the cluster'],
      [/(^| )ssh( |$)/, 'unknown', 'opens a shell'],
    ],
  }),
  subcommands({
    names: ['eksctl', 'kops', 'rosa', 'clusterctl', 'kind', 'minikube', 'k3d'],
    style: 'cobra',
    globals:
      '-v= --verbose= -C= --color= --state= --name= -r= --region= --profile= -p= -f= --config-file= --cluster=',
    looseFlags: true,
    classes: {
      read: 'get, version, info, help, list, status, describe, validate, profile list, logs, ip, service list, kubectl get, get clusters, get cluster, get nodegroup, get iamidentitymapping',
      change:
        'create, upgrade, update, scale, enable, utils, set, unset, register, start, stop, pause, unpause, addons, load, image, config, export, replace, edit, associate, disassociate, install, init, move, rolling-update, login, whoami, link, unlink',
      destroy: 'delete, drain, deregister, uninstall, purge',
      unknown: 'ssh, kubectl, mount, tunnel',
    },
  }),
];
