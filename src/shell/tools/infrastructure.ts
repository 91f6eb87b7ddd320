// The tools around a cluster: etcd, service meshes, delivery, secrets, queues, metrics, TLS.

import type { Call, Tool, Verdict } from '../call.ts';
import { verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { riskOfWriting, shownPath } from '../redirections.ts';
import { flat } from './flat.ts';
import { infrastructureTool as tool } from './infrastructureTool.ts';

const kubeGlobals =
  '--context= --kubeconfig= -n,--namespace= -o,--output= --kube-context= -v= --server= --grpc-web --insecure --auth-token= --plaintext --core --port-forward --port-forward-namespace=';

/** Java tools with `--describe`, `--delete`, … instead of verbs. */
const kafka: Tool = {
  names: [
    'kafka-topics',
    'kafka-consumer-groups',
    'kafka-configs',
    'kafka-acls',
    'kafka-reassign-partitions',
    'kafka-leader-election',
    'kafka-delete-records',
    'kafka-console-consumer',
    'kafka-console-producer',
    'kafka-broker-api-versions',
    'kafka-log-dirs',
    'kafka-get-offsets',
    'kafka-run-class',
    'zookeeper-shell',
    'kafka-metadata-quorum',
  ].flatMap((name) => [name, `${name}.sh`]),
  classify({ name, args }) {
    const on = (pattern: RegExp): boolean => args.some((word) => pattern.test(word.value));
    if (/delete-records|run-class|zookeeper-shell/.test(name))
      return verdict(/delete/.test(name) ? 'destroy' : 'unknown', 'removes records, or runs a class');
    if (/producer/.test(name)) return verdict('change', 'sends messages');
    if (on(/^--(delete|delete-offsets|delete-config|remove)$/)) return verdict('destroy', 'deletes');
    if (on(/^--reset-offsets$/))
      return on(/^--execute$/)
        ? verdict('destroy', 'moves what a group has read')
        : verdict('read', 'shows what would be moved');
    if (on(/^--(create|alter|add|execute|election-type|cancel|add-config)$/))
      return verdict('change', 'changes topics or brokers');
    return /console-consumer/.test(name)
      ? verdict('read', 'reads messages', {
          blocking: on(/^--(max-messages|timeout-ms)$/) ? undefined : 'follows the topic',
        })
      : verdict('read', 'shows topics or groups');
  },
};

const opensslReads =
  /^(version|s_client|s_server|x509|verify|crl|ocsp|asn1parse|dgst|md5|sha\d+|rand|prime|speed|ciphers|list|errstr|help|req|pkcs7|passwd|base64|enc|pkeyutl|s_time|sess_id|ecparam|dhparam|cms|ts|storeutl|info|nseq|engine)$/;
const openssl: Tool = {
  names: ['openssl'],
  classify(call: Call): Verdict {
    const [verb, ...rest] = call.args;
    const name = verb?.value ?? '';
    const parsed = parseFlags(
      rest,
      '-out= -in= -keyout= -key= -inkey= -passin= -passout= -text -noout -pubout -pubin -nodes -connect= -servername= -CA= -subj= -days= -d -k= -pass=',
      'go',
    );
    const reasons: string[] = [];
    let risk: Verdict['risk'] = 'read';
    const out = parsed.last('-out') ?? parsed.last('-keyout');
    if (/^(rsa|ec|pkey|pkcs8|pkcs12|dsa|genrsa|genpkey|gendsa)$/.test(name)) {
      const shows =
        !/^gen/.test(name) &&
        !parsed.on('-pubout') &&
        !parsed.on('-pubin') &&
        !(parsed.on('-noout') && !parsed.on('-text'));
      if (shows || (/^gen/.test(name) && !out)) {
        risk = 'secret';
        reasons.push('shows a private key');
      }
    } else if (name === 'ca') return verdict('change', 'signs certificates');
    else if (!opensslReads.test(name))
      return verdict(name ? 'unknown' : 'unknown', `openssl ${name} is not in the table`);
    if (out) {
      const meaning = riskOfWriting(out);
      if (meaning) {
        reasons.push(`writes ${shownPath(out)}`);
        if (risk === 'read' || meaning.risk === 'change' || meaning.risk === 'destroy') risk = meaning.risk;
      }
    }
    const blocking =
      name === 's_client' && call.stdin.kind === 'none'
        ? { interactive: 'waits for input after it connected' }
        : {};
    return {
      risk,
      reasons: reasons.length ? reasons : ['shows or computes'],
      verb: name,
      writes: out ? [out] : [],
      ...blocking,
    };
  },
};

export const infrastructure: readonly Tool[] = [
  openssl,
  kafka,
  tool(
    ['etcdctl', 'etcdutl'],
    '--endpoints= --cacert= --cert= --key= --user= --password= -w,--write-out= --command-timeout= --dial-timeout= --hex --debug --insecure-skip-tls-verify --insecure-transport --cluster --discovery-srv= --keepalive-time= --keepalive-timeout=',
    {
      read: 'get, watch, version, endpoint status, endpoint health, endpoint hashkv, member list, alarm list, snapshot status, check perf, check datascale, lease list, lease timetolive, role list, role get, user list, user get, auth status, help, elect -l, cluster-health, ls, downgrade validate, hashkv',
      write: 'snapshot save',
      change:
        'put, defrag, compact, compaction, move-leader, member add, member update, member promote, lease grant, lease keep-alive, role add, role grant-permission, user add, user grant-role, user passwd, auth enable, alarm disarm, snapshot restore, lock, elect, downgrade enable, downgrade cancel, make-mirror, migrate, set, mk, mkdir',
      destroy:
        'del, member remove, lease revoke, role delete, role revoke-permission, user delete, user revoke-role, auth disable, rm, rmdir',
      unknown: 'txn',
    },
  ),
  tool(
    ['amtool'],
    '--alertmanager.url= --config.file= -o= --output= --timeout= --verify.receivers= --http.config.file=',
    {
      read: 'alert, alert query, silence query, config show, config routes, config routes show, config routes test, check-config, cluster show, template render',
      change: 'alert add, silence add, silence update, silence import',
      destroy: 'silence expire',
    },
    {
      verbs: {
        silence: { risk: 'read', why: 'shows silences' },
        config: { risk: 'read', why: 'shows the configuration' },
      },
    },
  ),
  tool(
    ['promtool', 'mimirtool', 'cortextool', 'logcli', 'thanos', 'lokitool'],
    '--addr= --username= --password= --org-id= -o= --output= --quiet -q --address= --id= --key=',
    {
      read: 'query, query instant, query range, query series, query labels, check, check config, check rules, check metrics, test, test rules, tsdb list, tsdb analyze, debug all, debug metrics, labels, series, instant-query, rules list, rules print, rules get, rules diff, rules lint, rules check, alertmanager get, analyze grafana, analyze prometheus, stats, volume, tools bucket ls, tools bucket inspect',
      write: 'tsdb dump, debug pprof',
      change:
        'push metrics, rules load, rules sync, alertmanager load, tsdb create-blocks-from, backfill, promql',
      destroy: 'rules delete, alertmanager delete',
    },
  ),
  tool(
    [
      'istioctl',
      'linkerd',
      'cilium',
      'hubble',
      'consul',
      'nomad',
      'calicoctl',
      'cmctl',
      'velero',
      'flux',
      'argo',
      'kn',
      'tkn',
      'kubeadm',
      'rancher',
      'kubescape',
      'popeye',
      'kubeseal',
      'crossplane',
      'teleport',
      'tsh',
      'tctl',
      'boundary',
      'step',
      'k0s',
      'k3s',
      'talosctl',
      'etcdadm',
    ],
    `${kubeGlobals} --istioNamespace= -i= --revision= -A,--all-namespaces -r --http-addr= --token= --address= --nodes= -e= --endpoints= --proxy= --user= --talosconfig= --cluster=`,
    {
      read: 'proxy-status, ps, proxy-config, pc, analyze, version, describe, check, stat, top, tap, edges, routes, viz, diagnostics, status, get, list, observe, members, info, monitor, catalog, kv get, intention list, operator raft list-peers, node, node status, job status, alloc status, server members, logs, backup get, backup describe, backup logs, restore get, restore describe, restore logs, schedule get, get all, get kustomizations, tree, events, stats, trace, diff, ls, inspect, config images list, token list, certs check-expiration, config print, upgrade plan, scan, endpoint list, endpoint get, policy get, connectivity, service list, health, dmesg, containers, services, processes, mounts, memory, get members, version check, whoami, search, bgp peers, bgp routes, ipam show, lint, report',
      write: 'bug-report, kube-inject, profile, manifest generate, export, sysdump, debug zip, support',
      change:
        'install, upgrade, inject, uninject, apply, create, set, enable, disable, patch, replace, promote, sync, renew, approve, backup create, restore create, schedule create, schedule pause, schedule unpause, reconcile, suspend, resume, submit, retry, resubmit, kv put, job run, job dispatch, job scale, job promote, job revert, job restart, node drain -disable, node eligibility, reload, join, maint, lock, bootstrap, start, restart, init, token create, certs renew, upgrade apply, upgrade node, alloc restart, alloc signal, import, login, logout, deny, snapshot create, update, edit, config, service restart, encode',
      destroy:
        'uninstall, delete, backup delete, restore delete, schedule delete, kv delete, leave, force-leave, operator raft remove-peer, job stop, alloc stop, node drain, system gc, stop, terminate, reset, token delete, rm, purge, remove, prune, reboot, shutdown, etcd remove-member, etcd leave',
      unknown: 'exec, ssh, alloc exec, experimental, x, admin, kubectl, ctr, crictl, watch',
    },
  ),
  {
    names: ['kubectx', 'kubens', 'kctx', 'kns'],
    classify: ({ name, args }) =>
      args.length === 0 || args.some((word) => /^(-c|--current|-h|--help)$/.test(word.value))
        ? verdict('read', 'shows contexts')
        : args[0]!.value === '-d'
          ? verdict('destroy', 'deletes a context')
          : verdict(
              'change',
              `switches the ${name.includes('ctx') ? 'cluster' : 'namespace'} for everything that follows`,
              { switchesTarget: args[0]!.text },
            ),
  },
  tool(['argocd'], kubeGlobals, {
    read: 'app get, app list, app diff, app history, app logs, app manifests, app resources, app wait, app actions list, appset get, appset list, cluster get, cluster list, proj get, proj list, repo get, repo list, account get, account list, account can-i, account get-user-info, version, cert list, gpg list, admin settings validate, context, app get-resource',
    change:
      'app sync, app set, app unset, app create, app edit, app patch, app rollback, app actions run, app patch-resource, app add-source, app remove-source, appset create, cluster add, cluster set, cluster rotate-auth, proj create, proj set, proj edit, proj add-source, proj add-destination, repo add, login, logout, relogin, account update-password, cert add-tls, cert add-ssh, gpg add',
    secret: 'account generate-token, admin initial-password, proj role create-token',
    destroy:
      'app delete, app terminate-op, app delete-resource, appset delete, cluster rm, proj delete, proj remove-source, proj remove-destination, repo rm, account delete-token, cert rm, gpg rm',
    unknown: 'admin',
  }),
  tool(
    [
      'rabbitmqctl',
      'rabbitmq-diagnostics',
      'rabbitmqadmin',
      'rabbitmq-plugins',
      'rabbitmq-queues',
      'rabbitmq-upgrade',
    ],
    '-n= --node= -q,--quiet -t= -p,--vhost= -u= -s,--silent --formatter= -H= -P= -l --longnames',
    {
      read: 'list_queues, list_exchanges, list_bindings, list_connections, list_channels, list_consumers, list_users, list_vhosts, list_permissions, list_policies, list_parameters, status, cluster_status, environment, node_health_check, report, ping, check_running, check_alarms, check_local_alarms, check_port_connectivity, check_virtual_hosts, memory_breakdown, list, show, list_nodes, observer, runtime_thread_stats, help, list_unresponsive_queues, quorum_status, check_if_node_is_quorum_critical, list_feature_flags, alarms, listeners, version, server_version',
      change:
        'add_user, add_vhost, set_permissions, set_policy, set_parameter, set_user_tags, change_password, start_app, enable, disable, sync_queue, trace_on, trace_off, set_vm_memory_high_watermark, set_disk_free_limit, declare, publish, import, rebalance, grow, shrink, join_cluster, enable_feature_flag, await_startup, rotate_logs, restart_vhost, eval_timeout, set_log_level, get, export',
      destroy:
        'purge_queue, delete_queue, delete_user, delete_vhost, close_connection, close_all_connections, stop_app, stop, reset, force_reset, forget_cluster_node, clear_permissions, clear_policy, clear_parameter, delete, purge, shutdown, clear_password, force_boot, cancel_sync_queue, drain, revive',
      unknown: 'eval, eval_file, exec, encode, decode, remote_shell',
    },
  ),
  flat({
    names: [
      'nats',
      'mc',
      's3cmd',
      's5cmd',
      'influx',
      'cockroach',
      'yugabyted',
      'nodetool',
      'dgraph',
      'elasticdump',
      'ceph',
      'rados',
      'rbd',
      'gluster',
      'zfs',
      'zpool',
      'hdfs',
      'pvesh',
      'qm',
      'govc',
      'mosquitto_pub',
      'mosquitto_sub',
    ],
    risk: 'unknown',
    why: 'a verb that is not in the table',
    flags: '',
    looseFlags: true,
    judge: byCommonVerb,
  }),
  flat({
    names: [
      'ab',
      'hey',
      'wrk',
      'k6',
      'vegeta',
      'siege',
      'stress',
      'stress-ng',
      'fio',
      'sysbench',
      'iperf',
      'iperf3',
      'chaos',
    ],
    risk: 'change',
    why: 'puts load on what it reaches',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['grpcurl', 'http', 'https', 'xh', 'httpie'],
    risk: 'unknown',
    why: 'calls a service',
    flags: '',
    looseFlags: true,
    judge: (_parsed, { name, args }) => {
      const words = args.map((word) => word.value).filter((value) => !value.startsWith('-'));
      if (name === 'grpcurl')
        return /(^|\s)(list|describe)(\s|$)/.test(words.join(' '))
          ? { risk: 'read', reasons: ['lists services'] }
          : undefined;
      const method = /^([A-Z]+|get|head|options|post|put|patch|delete)$/.test(words[0] ?? '')
        ? words[0]!.toUpperCase()
        : words.slice(1).some((value) => /^[\w-]+:?=|@/.test(value) && !/==/.test(value))
          ? 'POST'
          : 'GET';
      return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
        ? { risk: 'read', reasons: [`asks with ${method}`] }
        : { risk: method === 'DELETE' ? 'destroy' : 'change', reasons: [`sends a ${method}`] };
    },
  }),
  flat({
    names: ['vim', 'vi', 'nvim', 'nano', 'emacs', 'pico', 'joe', 'micro', 'code'],
    risk: 'change',
    why: 'edits files',
    flags: '--version -h',
    looseFlags: true,
    judge: (_parsed, { args }) =>
      args.some(({ value }) => editorCommands.test(value))
        ? { risk: 'unknown', reasons: ['runs commands of the editor'], interactive: 'opens an editor' }
        : { interactive: 'opens an editor' },
  }),
  flat({
    names: ['screen', 'tmux', 'expect', 'minicom', 'ftp', 'lftp', 'tftp'],
    risk: 'unknown',
    why: 'opens a session in which anything may be typed',
    flags: '',
    looseFlags: true,
    judge: (_parsed, { args }) =>
      /^(ls|list-sessions|-ls|-list|list-windows|list-panes|capture-pane)$/.test(args[0]?.value ?? '')
        ? { risk: 'read', reasons: ['lists sessions'] }
        : { interactive: 'opens a session' },
  }),
];

/** `vim -c '!rm …'`, `vi '+!rm …'`, `emacs --eval …`; a line to go to (`+12`) is none. */
const editorCommands = /^(\+[^\d/]|-c|--cmd|-e?s$|-[SuUWl]$|--(eval|execute|funcall|load|script|batch)|-f$)/;

function byCommonVerb(_parsed: unknown, { args }: Call): Partial<Verdict> | undefined {
  const words = args.map((word) => word.value).filter((value) => /^[a-z][\w-]*$/i.test(value));
  const text = words.slice(0, 3).join(' ');
  if (
    /\b(rm|rb|del|delete|destroy|purge|remove|erase|drop|decommission|removenode|assassinate|out|shutdown|reset|stop|clearsnapshot|truncatehints|rollback|labelclear|offline|detach)\b/.test(
      text,
    )
  )
    return verdict('destroy', `${text}: removes or ends something`);
  if (
    /\b(set|put|pub|publish|mb|cp|create|add|start|restart|reboot|flush|repair|compact|cleanup|scrub|drain|snapshot|import|export|in|reweight|mount|unmount|clear|online|attach|replace|send|receive|enable|disable|update|write|mv|move|promote|rename|upgrade|suspend|resume|migrate)\b/.test(
      text,
    )
  )
    return verdict('change', `${text}: changes something`);
  if (
    /^(ls|list|status|info|stat|df|du|get|cat|show|health|report|ring|tpstats|cfstats|tablestats|compactionstats|netstats|gossipinfo|describecluster|version|iostat|history|find|tree|head|osd (tree|df|status|stat|perf|dump)|mon stat|pg (stat|dump|ls)|fs (ls|status)|dfsadmin|fsck|node (status|ls)|server (check|ls|info|report|ping)|stream (ls|info|report)|consumer (ls|info|report)|admin info|log|crash ls)\b/.test(
      text,
    )
  )
    return verdict('read', `${text}: only shows`);
  return undefined;
}
