// Programs of a machine with verbs of their own kind, each with a rule of a few lines.

import { type Call, type Verdict, verdict } from '../call.ts';
import { isKnown } from '../word.ts';

export function assorted({ name, args, stdin }: Call): Verdict {
  const text = args.map((word) => (isKnown(word) ? word.value : '\0')).join(' ');
  const read = (pattern: RegExp): boolean => pattern.test(text);
  switch (name) {
    case 'nginx':
    case 'httpd':
    case 'haproxy':
      if (read(/^(-[tTvVhS]|-c \S+ -t|-t -c \S+|-t -q|-c -f \S+|-f \S+ -c|-vv)$/))
        return verdict('read', 'checks its configuration');
      return verdict('change', 'starts, stops or reloads the server');
    case 'chronyc':
      if (
        read(
          /^(-\S+ )*(sources|sourcestats|tracking|activity|clients|ntpdata|serverstats|rtcdata|smoothing|authdata|selectdata)\b/,
        )
      )
        return verdict('read', 'shows the clock’s sources');
      return verdict(
        args.length ? 'change' : 'unknown',
        'steers the clock',
        args.length ? {} : { interactive: 'a chronyc console' },
      );
    case 'nmcli':
      return read(/\b(up|down|add|modify|delete|connect|disconnect|on|off|set|reload|edit)\b/)
        ? verdict(read(/\bdelete\b/) ? 'destroy' : 'change', 'changes the network')
        : verdict('read', 'shows the network');
    case 'ipmitool':
      if (read(/\bpower (off|reset|cycle|soft)\b|\bclear\b/)) return verdict('destroy', 'ends the machine');
      return read(/\b(list|print|status|info|elist|get|reading|show)\b/)
        ? verdict('read', 'shows the machine')
        : verdict('change', 'changes the machine');
    case 'supervisorctl':
      if (read(/^(status|tail|maintail|avail|pid|version|help)/)) return verdict('read', 'shows processes');
      return read(/^(start|stop|restart|reload|reread|update|add|signal|clear)/)
        ? verdict('change', 'steers processes')
        : read(/^(remove|shutdown)/)
          ? verdict('destroy', 'ends processes')
          : verdict('unknown', 'takes commands', stdin.kind === 'none' ? { interactive: 'a console' } : {});
    case 'varnishadm':
      return read(/^(status|ping|backend\.list|vcl\.list|param\.show|banner)/)
        ? verdict('read', 'shows the cache')
        : read(/^ban|purge/)
          ? verdict('destroy', 'empties the cache')
          : verdict('unknown', 'takes commands');
    case 'nvidia-smi':
      return read(/(^|\s)(-r|--gpu-reset|-pm|-pl|-c|-e|-ac|-lgc|-mig)/)
        ? verdict('change', 'changes the GPU')
        : verdict('read', 'shows the GPU');
    default:
      return verdict('read', 'shows settings');
  }
}
