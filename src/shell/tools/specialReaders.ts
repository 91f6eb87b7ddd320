// Readers that some flag or operand makes a writer, an endless one, or one that waits for a key.

import { type Tool, verdict } from '../call.ts';
import { isKnown, shown } from '../word.ts';
import { flat } from './flat.ts';

const reads = 'only reads';

export const specialReaders: readonly Tool[] = [
  flat({
    names: ['sort'],
    risk: 'read',
    why: reads,
    flags:
      '-b,--ignore-leading-blanks -d,--dictionary-order -f,--ignore-case -g,--general-numeric-sort ' +
      '-i,--ignore-nonprinting -M,--month-sort -h,--human-numeric-sort -n,--numeric-sort -R,--random-sort ' +
      '--random-source= -r,--reverse --sort= -V,--version-sort --batch-size= -c --check? -C ' +
      '--compress-program= --debug --files0-from= -k,--key= -m,--merge -o,--output= -s,--stable ' +
      '-S,--buffer-size= -t,--field-separator= -T,--temporary-directory= --parallel= -u,--unique ' +
      '-z,--zero-terminated',
    when: [
      { flag: '--output', risk: 'write', why: 'writes its output to a file (-o)', file: 'writes' },
      { flag: '--compress-program', risk: 'unknown', why: 'runs a program' },
    ],
  }),
  flat({
    names: ['uniq'],
    risk: 'read',
    why: reads,
    flags:
      '-c,--count -d,--repeated -D --all-repeated? -f,--skip-fields= --group? -i,--ignore-case ' +
      '-s,--skip-chars= -u,--unique -z,--zero-terminated -w,--check-chars=',
    judge: ({ operands: [, output] }) =>
      output && { risk: 'write', reasons: [`writes ${shown(output)}`], writes: [output.value] },
  }),
  flat({
    names: ['tail'],
    risk: 'read',
    why: reads,
    flags:
      '-c,--bytes= -f,--follow? -F -n,--lines= --max-unchanged-stats= --pid= -NUM -q,--quiet,--silent ' +
      '--retry -s,--sleep-interval= -v,--verbose -z,--zero-terminated',
    judge: (parsed) =>
      parsed.on('--follow') || parsed.on('-F') ? { blocking: 'follows the file' } : undefined,
  }),
  flat({
    names: ['date'],
    risk: 'read',
    why: 'shows the time',
    flags:
      '-d,--date= --debug -f,--file= -I,--iso-8601? --resolution -R,--rfc-email --rfc-3339= ' +
      '-r,--reference= -s,--set= -u,--utc,--universal -j -v=',
    when: [{ flag: '--set', risk: 'change', why: 'sets the clock' }],
  }),
  flat({
    names: ['w', 'strings', 'lsof', 'xxd'],
    risk: 'read',
    why: reads,
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['top', 'htop', 'atop', 'btop', 'iftop', 'iotop', 'nethogs', 'k9s', 'ncdu'],
    risk: 'read',
    why: 'shows what runs',
    flags: '-b,--batch -n,--iterations= -h -v -d= -l= -o= -p= -u= -U= -H -c -i -w? -s= -1 -S -e= -E=',
    looseFlags: true,
    judge: (parsed, call) => {
      if (call.name === 'k9s' || call.name === 'ncdu') {
        return {
          risk: 'unknown',
          reasons: ['takes commands from the keyboard'],
          interactive: 'a full screen',
        };
      }
      return parsed.on('--batch') || parsed.on('-l') ? undefined : { interactive: 'shows a full screen' };
    },
  }),
  flat({
    names: ['less', 'more', 'most', 'pg'],
    risk: 'read',
    why: reads,
    flags: '',
    looseFlags: true,
    judge: () => ({ interactive: 'pages' }),
  }),
  flat({
    names: ['journalctl'],
    risk: 'read',
    why: 'shows the journal',
    looseFlags: true,
    flags:
      '-f,--follow --vacuum-size= --vacuum-files= --vacuum-time= --rotate --flush --sync --relinquish-var ' +
      '--smart-relinquish-var --update-catalog --setup-keys -u,--unit= -n,--lines? -o,--output= -b,--boot?',
    when: [
      { flag: '--vacuum-size', risk: 'destroy', why: 'deletes old journals' },
      { flag: '--vacuum-time', risk: 'destroy', why: 'deletes old journals' },
      { flag: '--vacuum-files', risk: 'destroy', why: 'deletes old journals' },
      { flag: '--rotate', risk: 'change', why: 'starts new journal files' },
      { flag: '--flush', risk: 'change', why: 'moves the journal' },
      { flag: '--relinquish-var', risk: 'change', why: 'moves the journal' },
      { flag: '--setup-keys', risk: 'change', why: 'makes new sealing keys' },
      { flag: '--update-catalog', risk: 'change', why: 'changes the catalog' },
    ],
    judge: (parsed) => (parsed.on('--follow') ? { blocking: 'follows the journal' } : undefined),
  }),
  flat({
    names: ['dmesg'],
    risk: 'read',
    why: 'shows kernel messages',
    looseFlags: true,
    flags:
      '-C,--clear -c,--read-clear -D,--console-off -E,--console-on -n,--console-level= -w,--follow -W,--follow-new -l,--level= -f,--facility=',
    when: [
      { flag: '--clear', risk: 'destroy', why: 'clears the kernel messages' },
      { flag: '--read-clear', risk: 'destroy', why: 'clears the kernel messages' },
      { flag: '--console-off', risk: 'change', why: 'changes the console' },
      { flag: '--console-on', risk: 'change', why: 'changes the console' },
      { flag: '--console-level', risk: 'change', why: 'changes the console' },
    ],
    judge: (parsed) =>
      parsed.on('--follow') || parsed.on('--follow-new') ? { blocking: 'follows the messages' } : undefined,
  }),
  flat({
    names: ['ping', 'ping6', 'fping', 'arping'],
    risk: 'read',
    why: 'sends probes',
    flags: '-c,--count= -w= -W= -i= -I= -s= -t= -q -n -4 -6 -f',
    looseFlags: true,
    judge: (parsed) =>
      parsed.on('--count') || parsed.on('-w') ? undefined : { blocking: 'probes without end' },
  }),
  flat({
    names: ['stern', 'kail', 'kubetail'],
    risk: 'read',
    why: 'shows logs',
    flags: '--no-follow -n,--namespace= --context= -c,--container= -l,--selector= --tail= -s,--since=',
    looseFlags: true,
    judge: (parsed) => (parsed.on('--no-follow') ? undefined : { blocking: 'follows logs' }),
  }),
  flat({
    names: ['tcpdump', 'tshark', 'ngrep'],
    risk: 'read',
    why: 'watches the network',
    flags: '-w= -i= -c= -n -s= -v -r= -A -X -e -G= -C= -W= -a= -Y= -f= -z=',
    looseFlags: true,
    when: [
      { flag: '-w', risk: 'write', why: 'writes the packets to a file', file: 'writes' },
      { flag: '-z', risk: 'unknown', why: 'runs a program' },
    ],
    judge: (parsed) => (parsed.on('-c') || parsed.on('-r') ? undefined : { blocking: 'watches without end' }),
  }),
  flat({
    names: ['hostname', 'domainname', 'nisdomainname'],
    risk: 'read',
    why: 'shows the name',
    flags: '-F,--file= -b,--boot',
    looseFlags: true,
    when: [{ flag: '--file', risk: 'change', why: 'sets the name' }],
    judge: ({ operands }) =>
      operands.length ? { risk: 'change', reasons: ['sets the name of the machine'] } : undefined,
  }),
  flat({
    names: ['getent'],
    risk: 'read',
    why: reads,
    flags: '',
    looseFlags: true,
    judge: ({ operands: [database] }) =>
      database && (!isKnown(database) || /^g?shadow$/.test(database.value))
        ? { risk: 'secret', reasons: ['shows password hashes'] }
        : undefined,
  }),
  flat({
    names: ['iconv', 'shuf', 'xmllint', 'pandoc', 'dot'],
    risk: 'read',
    why: reads,
    flags: '-o,--output= -n= -f= -t= --format',
    looseFlags: true,
    when: [{ flag: '--output', risk: 'write', why: 'writes a file', file: 'writes' }],
  }),
  {
    names: ['nc', 'ncat', 'netcat', 'telnet', 'socat'],
    classify(call) {
      const probes = call.args.some((word) => /^-[a-y46]*z/i.test(word.value));
      const runs = call.args.some((word) => /^(-[a-zA-Z0-9]*[ec]|--(sh-|lua-)?exec)/.test(word.value));
      if (probes && !runs && call.name !== 'socat') return verdict('read', 'tries the port');
      return verdict('unknown', 'opens a connection of unknown content', {
        ...(call.stdin.kind === 'none' ? { interactive: 'talks to the other side' } : {}),
      });
    },
  },
  {
    names: ['route', 'arp', 'ethtool', 'smartctl', 'iw', 'swapon', 'fuser'],
    classify({ name, args }) {
      const text = args.map((word) => word.value).join(' ');
      const changes =
        /(^|\s)(add|del|change|flush|-[ds]|-t|--set-\S+|-[ACEGKLNPQUWX]|--change)(\s|$)/.test(text) ||
        (name === 'swapon' && !/--show|-s\b|--summary/.test(text));
      if (name === 'fuser') {
        const kills = /(^|\s)(-[a-zA-Z]*k|--kill)/.test(text);
        return kills ? verdict('change', 'kills the processes that use the file') : verdict('read', reads);
      }
      if (!changes) return verdict('read', 'shows settings');
      return verdict(
        /\b(del|flush|-d)\b/.test(text) ? 'destroy' : 'change',
        'changes settings of the machine',
      );
    },
  },
];
