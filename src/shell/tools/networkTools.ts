// Network settings and packet filters: an object, then a verb.

import { type Tool, type Verdict, verdict } from '../call.ts';

/** `ip`, `tc`, `nft` and the like: object, then verb. */
function network(
  names: readonly string[],
  reads: RegExp,
  destroys: RegExp,
  changes: RegExp,
  bare: Verdict,
): Tool {
  return {
    names,
    classify({ name, args }) {
      const text = args.map((word) => word.value).join(' ');
      if (args.length === 0) return bare;
      if (destroys.test(text)) return verdict('destroy', `${name}: removes settings of the network`);
      if (changes.test(text)) return verdict('change', `${name}: changes the network`);
      if (reads.test(text)) return verdict('read', `${name}: shows settings`);
      return verdict('unknown', `${name} ${text.replaceAll('\0', '…')} is not in the table`);
    },
  };
}

export const ip = network(
  ['ip', 'tc', 'bridge', 'devlink'],
  /^(-\S+\s+)*(a|addr|address|l|link|r|ro|route|rule|n|neigh|neighbor|neighbour|maddr|tunnel|netns|netconf|vrf|mroute|tcp_metrics|qdisc|class|filter|fdb|vlan|dev|-V|-br\w*|monitor)(\s+(show|list|ls|lst|get|s|sh)\b.*|\s*)$|^(-\S+\s+)*\w+\s+(show|list|ls|get|save)\b/,
  /\b(del|delete|flush)\b/,
  /\b(add|set|change|replace|append|up|down|exec|attach|restore)\b/,
  verdict('read', 'shows its usage'),
);
export const firewall = network(
  [
    'iptables',
    'ip6tables',
    'iptables-legacy',
    'iptables-nft',
    'ebtables',
    'arptables',
    'ipset',
    'nft',
    'ufw',
    'firewall-cmd',
    'ipvsadm',
    'conntrack',
  ],
  /(^|\s)(-L|--list|-S|--list-rules|-V|--version|-nL|-nvL|-vnL|-vL|-Ln|-Lnv|-Lvn|-Lv|list|status|show|--state|--list-\S+|--get-\S+|--query-\S+|-n|-v|-h)(\s|$)/,
  /(^|\s)(-F|--flush|-X|--delete-chain|-D|--delete|-Z|--zero|flush|delete|destroy|reset|disable|-C|--clear|--remove-\S+|--panic-on|del)(\s|$)/,
  /(^|\s)(-A|--append|-I|--insert|-P|--policy|-N|--new-chain|-R|--replace|-E|-U|add|create|insert|replace|enable|allow|deny|reject|limit|--add-\S+|--set-\S+|--reload|--permanent|-f|restore|rename)(\s|$)/,
  verdict('read', 'shows its usage'),
);
