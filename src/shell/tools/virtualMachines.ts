// Virtual machines and their networks: KubeVirt's virtctl, libvirt's virsh, Open vSwitch and OVN.

import { type Tool, verdict } from '../call.ts';
import { isKnown } from '../word.ts';
import { clusterTarget } from './clusterTarget.ts';
import { infrastructureTool as tool } from './infrastructureTool.ts';
import { kubectlFlags } from './kubectlFlags.ts';

const opens = (what: string) => ({
  risk: 'unknown' as const,
  why: `opens ${what}, in which anything may be typed`,
  judge: () => ({ interactive: `opens ${what}` }),
});

const virtctl = tool(
  ['virtctl'],
  `${kubectlFlags['']} --local-ssh-opts= -l,--username= -i,--identity-file= -p,--port=`,
  {
    read: 'version, guestosinfo, userlist, fslist, permitted-devices, help, options, completion, create vm, create instancetype, create preference, create clone, get vmi-to-machine-type',
    change:
      'start, restart, soft-reboot, migrate, migrate-cancel, evacuate-cancel, pause vm, pause vmi, unpause vm, unpause vmi, pause, unpause, addvolume, expose, unexpose, image-upload, memory-dump get, memory-dump, vmexport create, vmexport download, memory-dump download, guestfs, scp, set, credentials set-password, credentials add-ssh-key, adm logverbosity, objectgraph',
    destroy: 'stop, removevolume, vmexport delete, memory-dump remove, reset, credentials remove-ssh-key',
    unknown: 'usbredir',
  },
  {
    verbs: {
      console: opens('the console of a virtual machine'),
      vnc: opens('the screen of a virtual machine'),
      ssh: opens('a shell in a virtual machine'),
      'port-forward': {
        risk: 'read',
        why: 'opens a tunnel from this machine',
        judge: () => ({ blocking: 'holds a tunnel open' }),
      },
    },
    target: clusterTarget,
  },
);

const virsh = tool(
  ['virsh'],
  '-c,--connect= -d,--debug= -q,--quiet -r,--readonly -l,--log= -t,--timing -k= -K= --security-info',
  {
    read: 'list, dominfo, domstate, domstats, domcontrol, domid, domname, domuuid, domblkinfo, domblklist, domblkstat, domblkerror, domiflist, domifstat, domifaddr, domif-getlink, domfsinfo, domhostname, domtime, dommemstat, domjobinfo, domdisplay, domcapabilities, dumpxml, vcpuinfo, vcpucount, vcpupin, emulatorpin, guestinfo, guestvcpus, schedinfo, memtune, numatune, nodeinfo, nodecpustats, nodememstats, nodecpumap, nodedev-list, nodedev-dumpxml, freecell, freepages, hostname, sysinfo, uri, version, capabilities, cpu-stats, iothreadinfo, net-list, net-info, net-dumpxml, net-dhcp-leases, iface-list, nwfilter-list, nwfilter-dumpxml, pool-list, pool-info, pool-dumpxml, vol-list, vol-info, vol-path, vol-dumpxml, snapshot-list, snapshot-info, snapshot-dumpxml, checkpoint-list, secret-list, perf, event, help, pwd',
    secret: 'secret-get-value',
    write: 'dump, screenshot, vol-download, save-image-dumpxml',
    change:
      'start, reboot, suspend, resume, migrate, migrate-setspeed, setmem, setmaxmem, setvcpus, attach-device, attach-disk, attach-interface, update-device, autostart, define, create, edit, domrename, domfsfreeze, domfsthaw, domfstrim, domif-setlink, blockresize, blockpull, blockcommit, blockcopy, blockjob, change-media, inject-nmi, send-key, set-user-password, desc, metadata, managedsave, snapshot-create, snapshot-create-as, net-start, net-define, net-create, net-update, net-autostart, pool-start, pool-define, pool-create, pool-refresh, pool-autostart, vol-create, vol-create-as, vol-clone, vol-resize, vol-upload, iface-bridge, nodedev-reattach, secret-define, secret-set-value',
    destroy:
      'destroy, shutdown, undefine, reset, save, restore, detach-device, detach-disk, detach-interface, managedsave-remove, snapshot-delete, snapshot-revert, checkpoint-delete, net-destroy, net-undefine, pool-destroy, pool-undefine, pool-delete, vol-delete, vol-wipe, iface-unbridge, iface-destroy, nodedev-destroy, nodedev-detach, secret-undefine, nwfilter-undefine',
    // Runs what it is given inside the guest, or speaks to the hypervisor itself.
    unknown: 'qemu-agent-command, qemu-monitor-command, lxc-enter-namespace, shell, cd',
  },
  { when: [{ flag: '--security-info', risk: 'secret', why: 'shows passwords of the domain' }] },
);

const openVSwitchFlags =
  '-t,--target= --db= --timeout= -T= -O,--protocols= -f,--format= -d,--data= --no-heading --pretty --bare --no-leader-only --leader-only -p,--private-key= -c,--certificate= -C,--ca-cert= --columns= --if-exists --may-exist --strict --detach --names --no-names --ct';

/** These take several commands at once, with `--` between them: the first says nothing of the others, and a word that
 * is not known yet may be both. */
function oneCommand(of: Tool): Tool {
  return {
    names: of.names,
    classify: (call) =>
      call.args.slice(1).some((word) => word.value === '--' || !isKnown(word))
        ? verdict('unknown', `${call.name} may be given several commands at once`)
        : of.classify(call),
  };
}

const openVSwitch: readonly Tool[] = [
  tool(['ovs-vsctl', 'ovn-nbctl', 'ovn-sbctl', 'vtep-ctl'], openVSwitchFlags, {
    read: 'show, list, find, get, list-br, list-ports, list-ifaces, br-exists, port-to-br, iface-to-br, br-get-external-id, get-controller, get-manager, get-fail-mode, get-ssl, get-connection, lflow-list, dump-flows, count-flows, acl-list, ls-list, lsp-list, lsp-get-addresses, lr-list, lrp-list, lr-route-list, lr-nat-list, lr-policy-list, lb-list, ls-lb-list, lr-lb-list, qos-list, meter-list, pg-list, chassis-list, wait-until, emer-list',
    change:
      'add, set, create, init, add-br, add-port, add-bond, set-controller, set-manager, set-fail-mode, set-ssl, set-connection, br-set-external-id, acl-add, ls-add, lsp-add, lsp-set-addresses, lsp-set-type, lsp-set-options, lr-add, lrp-add, lr-route-add, lr-nat-add, lr-policy-add, lb-add, ls-lb-add, lr-lb-add, qos-add, meter-add, pg-add, lsp-bind, chassis-add, sync',
    destroy:
      'remove, clear, destroy, del-br, del-port, del-controller, del-manager, del-fail-mode, del-ssl, del-connection, emer-reset, acl-del, ls-del, lsp-del, lr-del, lrp-del, lr-route-del, lr-nat-del, lr-policy-del, lb-del, ls-lb-del, lr-lb-del, qos-del, meter-del, pg-del, lsp-unbind, chassis-del',
  }),
  tool(['ovs-ofctl', 'ovs-dpctl'], openVSwitchFlags, {
    read: 'show, dump-flows, dump-ports, dump-ports-desc, dump-tables, dump-groups, dump-meters, dump-desc, dump-dps, dump-conntrack, ct-stats-show, get-flow, snoop, diff-flows, ping, probe',
    change:
      'add-flow, add-flows, mod-flows, mod-port, mod-table, add-group, mod-group, add-meter, mod-meter, replace-flows, set-frags, add-dp, add-if, set-if, mod-flow, bundle, packet-out',
    destroy: 'del-flows, del-groups, del-meters, del-dp, del-if, del-flow, flush-conntrack',
  }),
  tool(['ovs-appctl', 'ovn-appctl'], openVSwitchFlags, {
    read: 'cluster/status, connection-status, coverage/show, memory/show, version, list-commands, vlog/list, ofproto/trace, ofproto/list, dpif/show, dpif/dump-flows, dpif-netdev/pmd-stats-show, dpif-netdev/pmd-rxq-show, dpctl/show, dpctl/dump-flows, dpctl/dump-conntrack, dpctl/ct-stats-show, fdb/show, fdb/stats-show, bond/show, bond/list, lacp/show, bfd/show, cfm/show, stp/show, upcall/show, revalidator/wait, ovsdb-server/sync-status, ovsdb-server/list-dbs, lflow-cache/show-stats, ct-zone-list, debug/status, debug/chassis-features-list, inc-engine/show-stats, group-table-list, meter-table-list, sb-connection-status, status, parallel-build/get-n-threads, dpif-netdev/subtable-lookup-prio-get, tnl/arp/show, tnl/ports/show',
    change:
      'vlog/set, vlog/reopen, vlog/close, coverage/read-counter, ovsdb-server/compact, ovsdb-server/reconnect, recompute, inc-engine/recompute, lflow-cache/flush, inject-pkt, pause, resume, debug/pause, debug/resume, cluster/change-election-timer, revalidator/purge, dpif-netdev/pmd-rxq-rebalance, dpif-netdev/pmd-stats-clear, fdb/flush, bond/set-active-slave, bond/enable-slave, bond/disable-slave, bond/migrate',
    destroy: 'exit, stop, cluster/leave, cluster/kick, dpctl/del-flows, dpctl/flush-conntrack, dpctl/del-dp',
  }),
];

export const virtualMachines: readonly Tool[] = [virtctl, virsh, ...openVSwitch.map(oneCommand)];
