// What administers a machine: services, kernel settings, network, users, schedules.

import { type Tool, verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import type { Word } from '../word.ts';
import { assorted } from './assorted.ts';
import { flat } from './flat.ts';
import { firewall, ip } from './networkTools.ts';
import { subcommands } from './subcommands.ts';

const ends = verdict('destroy', "ends everybody's session on the machine");

const systemctl = subcommands({
  names: ['systemctl'],
  style: 'gnu',
  globals:
    '--system --user -H,--host= -M,--machine= -t,--type= --state= --failed -p,--property= -P= -a,--all -l,--full -r,--recursive --reverse ' +
    '--with-dependencies --job-mode= -T,--show-transaction --show-types --value --check-inhibitors= -i --kill-whom= --kill-who= -s,--signal= --what= --now ' +
    '--dry-run -q,--quiet --wait --no-block --no-wall --no-reload --legend= --no-legend --no-pager --no-ask-password --global --runtime -f,--force --preset-mode= ' +
    '--root= --image= -n,--lines= -o,--output= --plain --timestamp= --read-only --mkdir --marked --version',
  bare: { risk: 'read', why: 'lists units' },
  verbs: {
    clean: { risk: 'destroy', why: "removes a unit's files" },
    ...Object.fromEntries(
      [
        'reboot',
        'poweroff',
        'halt',
        'kexec',
        'soft-reboot',
        'rescue',
        'emergency',
        'isolate',
        'exit',
        'switch-root',
      ].map((verb) => [verb, { risk: 'destroy' as const, why: "ends everybody's session on the machine" }]),
    ),
  },
  classes: {
    read: 'status, show, cat, is-active, is-enabled, is-failed, is-system-running, list-units, list-unit-files, list-timers, list-sockets, list-jobs, list-dependencies, list-machines, list-automounts, list-paths, get-default, help, show-environment, whoami',
    change:
      'start, stop, restart, reload, try-restart, reload-or-restart, try-reload-or-restart, condrestart, enable, disable, reenable, preset, preset-all, mask, unmask, link, revert, add-wants, add-requires, edit, set-default, set-property, set-environment, unset-environment, import-environment, daemon-reload, daemon-reexec, kill, reset-failed, freeze, thaw, bind, mount-image, service-log-level, service-log-target, cancel, suspend, hibernate, hybrid-sleep, log-level, log-target',
  },
});

const service: Tool = {
  names: ['service', 'rc-service', 'invoke-rc.d', 'sv', 'initctl'],
  classify({ args }) {
    const text = args.map((word) => word.value).join(' ');
    if (/(^|\s)(status|--status-all|list)(\s|$)/.test(text)) return verdict('read', 'shows services');
    if (
      /(^|\s)(start|stop|restart|reload|force-reload|up|down|once|pause|cont|hup|term|kill|try-restart|condrestart)(\s|$)/.test(
        text,
      )
    )
      return verdict('change', 'steers a service');
    return verdict('unknown', 'a verb that is not in the table');
  },
};

function hasOperand(args: readonly Word[]): boolean {
  return args.some((word) => !word.value.startsWith('-'));
}

export const machine: readonly Tool[] = [
  systemctl,
  service,
  ip,
  firewall,
  { names: ['reboot', 'poweroff', 'halt', 'telinit', 'init'], classify: () => ends },
  {
    names: ['shutdown'],
    classify: ({ args }) =>
      args.some((word) => word.value === '-c' || word.value === '--show')
        ? verdict('change', 'calls a shutdown off')
        : ends,
  },
  flat({
    names: ['sysctl'],
    risk: 'read',
    why: 'shows kernel settings',
    flags:
      '-a,--all -A -X -n,--values -N,--names -e,--ignore -q,--quiet -w,--write -p,--load? --system -r,--pattern= -b,--binary -h -V',
    when: [
      { flag: '--write', risk: 'change', why: 'sets kernel settings' },
      { flag: '--load', risk: 'change', why: 'sets kernel settings' },
      { flag: '--system', risk: 'change', why: 'sets kernel settings' },
    ],
    judge: ({ operands }) =>
      operands.some((word) => word.value.includes('='))
        ? verdict('change', 'sets kernel settings')
        : undefined,
  }),
  {
    names: ['mount'],
    classify: ({ args }) =>
      hasOperand(args) || args.some((word) => /^(-a|--all)$/.test(word.value))
        ? verdict('change', 'mounts a file system')
        : verdict('read', 'lists mounts'),
  },
  {
    names: [
      'umount',
      'swapoff',
      'fstrim',
      'resize2fs',
      'xfs_growfs',
      'btrfs',
      'e2fsck',
      'fsck',
      'tune2fs',
      'multipath',
      'lvextend',
      'vgextend',
      'pvcreate',
      'pvresize',
      'lvcreate',
      'vgcreate',
      'lvresize',
      'losetup',
      'growpart',
      'partprobe',
      'hdparm',
      'blockdev',
    ],
    classify: ({ name, args }) =>
      /^(blockdev|hdparm|losetup|multipath|btrfs)$/.test(name) &&
      args.every((word) =>
        /^(--get\w+|-[gIiltaT]|--list|-ll|--report|filesystem|subvolume|show|df|list|usage|device|stats|\/.*)$/.test(
          word.value,
        ),
      )
        ? verdict('read', 'shows disks')
        : verdict('change', 'changes a file system'),
  },
  {
    names: ['lvremove', 'vgremove', 'pvremove', 'lvreduce', 'vgreduce', 'blkdiscard'],
    classify: () => verdict('destroy', 'removes storage'),
  },
  flat({
    names: ['lvs', 'vgs', 'pvs', 'lvdisplay', 'vgdisplay', 'pvdisplay', 'lvscan', 'pvscan', 'vgscan', 'sar'],
    risk: 'read',
    why: 'shows storage',
    flags: '',
    looseFlags: true,
  }),
  {
    names: ['mdadm'],
    classify: ({ args }) => {
      const text = args.map((word) => word.value).join(' ');
      if (/--(zero-superblock|stop|remove|fail)|(^|\s)-[Srf]\b/.test(text))
        return verdict('destroy', 'takes a disk out of an array');
      return /^(--detail|-D|--examine|-E|--query|-Q|--detail --scan|--examine --scan)/.test(text)
        ? verdict('read', 'shows the array')
        : verdict('change', 'changes an array');
    },
  },
  {
    names: ['crontab'],
    classify({ args, stdin }) {
      const parsed = parseFlags(args, '-u= -l -r -i -e -s -n= -c', 'gnu');
      if (parsed.on('-r')) return verdict('destroy', 'removes the schedule');
      if (parsed.on('-l')) return verdict('read', 'lists the schedule');
      if (parsed.on('-e'))
        return verdict('change', 'changes the schedule', { interactive: 'opens an editor' });
      return parsed.operands.length || stdin.kind !== 'none'
        ? verdict('change', 'replaces the schedule')
        : verdict('unknown', 'waits for a schedule', { interactive: 'reads the keyboard' });
    },
  },
  {
    names: ['at', 'batch'],
    classify: ({ stdin, args }) =>
      args.some((word) => word.value === '-l')
        ? verdict('read', 'lists jobs')
        : {
            ...verdict('unknown', 'runs text later'),
            inner: stdin.text ? [{ script: stdin.text, separate: true }] : [],
          },
  },
  { names: ['atq'], classify: () => verdict('read', 'lists jobs') },
  { names: ['atrm'], classify: () => verdict('destroy', 'removes jobs') },
  subcommands({
    names: [
      'timedatectl',
      'hostnamectl',
      'localectl',
      'resolvectl',
      'networkctl',
      'machinectl',
      'bootctl',
      'udevadm',
      'coredumpctl',
      'systemd-analyze',
      'busctl',
    ],
    style: 'gnu',
    globals:
      '-p,--property= -a,--all --value --no-pager -H,--host= -M,--machine= -q --json= -l -n= --no-legend -u= --since= -S= -U=',
    looseFlags: true,
    bare: { risk: 'read', why: 'shows settings' },
    classes: {
      read: 'status, show, timesync-status, show-timesync, list, list-timezones, list-locales, query, statistics, dns, domain, info, blame, critical-chain, verify, time, security, calendar, dump, monitor, list-names, tree, introspect, list-keymaps',
      change:
        'set-time, set-timezone, set-local-rtc, set-ntp, set-hostname, set-icon-name, set-chassis, set-deployment, set-location, set-locale, set-keymap, flush-caches, reset-statistics, up, down, renew, reconfigure, reload, trigger, settle, control, start, stop, enable, disable, call, emit',
      destroy: 'terminate, poweroff, reboot, remove, kill',
    },
  }),
  subcommands({
    names: ['loginctl'],
    style: 'gnu',
    globals: '-p,--property= -a,--all --value --no-pager',
    looseFlags: true,
    bare: { risk: 'read', why: 'lists sessions' },
    classes: {
      read: 'list-sessions, session-status, show-session, list-users, user-status, show-user, list-seats, seat-status, show-seat',
      change: 'enable-linger, disable-linger, lock-session, unlock-session, activate, attach',
      destroy:
        'terminate-session, terminate-user, terminate-seat, kill-session, kill-user, flush-devices, lock-sessions',
    },
  }),
  flat({
    names: ['userdel', 'groupdel', 'deluser', 'delgroup'],
    risk: 'destroy',
    why: 'removes an account',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: [
      'useradd',
      'usermod',
      'groupadd',
      'groupmod',
      'adduser',
      'addgroup',
      'gpasswd',
      'chsh',
      'chage',
      'newgrp',
      'visudo',
      'passwd',
      'chpasswd',
      'modprobe',
      'insmod',
      'setenforce',
      'semanage',
      'setsebool',
      'audit2allow',
      'ldconfig',
      'update-ca-certificates',
      'update-grub',
      'update-alternatives',
      'ntpdate',
      'hwclock',
      'chronyd',
      'renice',
      'prlimit',
      'cpupower',
      'tuned-adm',
      'logrotate',
      'ifup',
      'dhclient',
      'wg-quick',
      'ssh-copy-id',
      'ssh-add',
      'certbot',
      'apachectl',
      'apache2ctl',
      'auditctl',
    ],
    risk: 'change',
    why: 'changes the machine',
    flags: '',
    looseFlags: true,
    judge: (_parsed, { name, args }) => {
      const text = args.map((word) => word.value).join(' ');
      if (
        /^(-s|--status|-t|configtest|status|-S|--show|-l|list|active|certificates|-p \d+|-n|--dry-run|-c|--check)$/.test(
          text,
        ) &&
        /^(tuned-adm|apachectl|apache2ctl|cpupower|prlimit|hwclock|ssh-add|auditctl|visudo|certbot|chage|passwd|semanage)/.test(
          name,
        )
      )
        return verdict('read', 'shows settings');
      return name === 'auditctl' && /-D|-e\s*0/.test(text)
        ? verdict('destroy', 'turns auditing off')
        : undefined;
    },
  }),
  flat({
    names: ['rmmod', 'ifdown'],
    risk: 'destroy',
    why: 'takes something out of the machine',
    flags: '',
    looseFlags: true,
  }),
  {
    names: ['ifconfig'],
    classify: ({ args }) =>
      args.filter((word) => !word.value.startsWith('-')).length > 1
        ? verdict('change', 'changes the network')
        : verdict('read', 'shows the network'),
  },
  {
    names: [
      'sync',
      'getenforce',
      'sestatus',
      'aa-status',
      'chronyc',
      'ntpq',
      'ntpstat',
      'nvidia-smi',
      'ipmitool',
      'nmcli',
      'supervisorctl',
      'nginx',
      'haproxy',
      'httpd',
      'varnishadm',
    ],
    classify: assorted,
  },
];
