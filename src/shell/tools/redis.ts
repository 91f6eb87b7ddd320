// redis-cli: every command by what it does to the server.

import { type Call, type Tool, type Verdict, verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { highestRisk } from '../risk.ts';
import { isKnown, literal, type Word } from '../word.ts';

const flags =
  '-h= -p= -s= -a= --user= --pass= --askpass -u= -r= -i= -n= -2 -3 -x -X= -d= -D= -c -e --tls --sni= --cacert= --cacertdir= --insecure --cert= ' +
  '--key= --raw --no-raw --quoted-input --csv --json --quoted-json --show-pushes= --stat --latency --latency-history --latency-dist ' +
  '--lru-test= --replica --rdb= --functions-rdb= --pipe --pipe-timeout= --bigkeys --memkeys --memkeys-samples= --hotkeys --scan ' +
  '--pattern= --count= --quoted-pattern= --intrinsic-latency= --eval= --ldb --ldb-sync-mode --cluster --verbose --no-auth-warning --help --version';

const words = (text: string): Set<string> => new Set(text.split(/\s+/));

const reads = words(
  `GET MGET STRLEN GETRANGE SUBSTR EXISTS KEYS SCAN SSCAN HSCAN ZSCAN TYPE TTL PTTL EXPIRETIME PEXPIRETIME DUMP RANDOMKEY OBJECT DBSIZE INFO PING ECHO TIME
  LASTSAVE LLEN LRANGE LINDEX LPOS HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HRANDFIELD SMEMBERS SISMEMBER SMISMEMBER SCARD
  SRANDMEMBER SINTER SUNION SDIFF SINTERCARD ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZRANK ZREVRANK ZSCORE
  ZMSCORE ZCARD ZCOUNT ZLEXCOUNT ZRANDMEMBER ZINTER ZUNION ZDIFF XRANGE XREVRANGE XLEN XINFO XPENDING XREAD BITCOUNT GETBIT BITPOS BITFIELD_RO
  PFCOUNT GEOPOS GEODIST GEOHASH GEOSEARCH GEORADIUS_RO SORT_RO COMMAND ROLE MONITOR SUBSCRIBE PSUBSCRIBE SSUBSCRIBE AUTH HELLO SELECT WAIT LOLWUT
  READONLY READWRITE ASKING MULTI DISCARD WATCH UNWATCH QUIT`,
);
const changes = words(
  `SET SETEX PSETEX SETNX MSET MSETNX APPEND SETRANGE INCR INCRBY INCRBYFLOAT DECR DECRBY GETSET GETEX EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST
  RENAME RENAMENX COPY RESTORE MOVE TOUCH LPUSH RPUSH LPUSHX RPUSHX LINSERT LSET LMOVE BLMOVE RPOPLPUSH BRPOPLPUSH HSET HMSET HSETNX HINCRBY HINCRBYFLOAT
  SADD SMOVE SUNIONSTORE SINTERSTORE SDIFFSTORE ZADD ZINCRBY ZUNIONSTORE ZINTERSTORE ZDIFFSTORE ZRANGESTORE XADD XGROUP XACK XCLAIM XAUTOCLAIM XREADGROUP
  XSETID SETBIT BITOP BITFIELD PFADD PFMERGE GEOADD GEOSEARCHSTORE GEORADIUS SORT PUBLISH SPUBLISH BGSAVE SAVE BGREWRITEAOF MIGRATE SLAVEOF REPLICAOF
  FAILOVER SWAPDB EXEC PSYNC SYNC`,
);
const destroys = words(
  `DEL UNLINK FLUSHDB FLUSHALL SHUTDOWN GETDEL LPOP RPOP BLPOP BRPOP LMPOP BLMPOP LREM LTRIM HDEL SREM SPOP ZREM ZREMRANGEBYSCORE ZREMRANGEBYRANK
  ZREMRANGEBYLEX ZPOPMIN ZPOPMAX BZPOPMIN BZPOPMAX ZMPOP BZMPOP XDEL XTRIM`,
);
const runs = words('EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO');

/** Second words: `CONFIG GET`, `CLIENT KILL`, … */
const groups: Record<string, readonly (readonly [string, Verdict['risk'], string])[]> = {
  CONFIG: [
    ['GET|HELP', 'read', 'shows settings'],
    ['RESETSTAT', 'change', 'resets counters'],
    ['SET|REWRITE', 'change', 'changes the settings of the server'],
  ],
  CLIENT: [
    ['LIST|INFO|ID|GETNAME|GETREDIR|TRACKINGINFO|HELP', 'read', 'shows clients'],
    ['KILL', 'destroy', "ends other people's sessions"],
    [
      'PAUSE|UNPAUSE|UNBLOCK|SETNAME|NO-EVICT|NO-TOUCH|REPLY|TRACKING|SETINFO',
      'change',
      'changes how clients are served',
    ],
  ],
  DEBUG: [
    ['OBJECT|SLEEP|JMAP|DIGEST|DIGEST-VALUE|HTSTATS|STRINGMATCH-LEN', 'change', 'holds the server up'],
    ['', 'destroy', 'ends or changes the server under its clients'],
  ],
  SCRIPT: [
    ['EXISTS|HELP', 'read', 'asks'],
    ['FLUSH|KILL', 'destroy', 'removes scripts'],
    ['LOAD|DEBUG', 'change', 'loads a script'],
  ],
  FUNCTION: [
    ['LIST|STATS|DUMP|HELP', 'read', 'shows functions'],
    ['DELETE|FLUSH|KILL', 'destroy', 'removes functions'],
    ['LOAD|RESTORE', 'change', 'loads functions'],
  ],
  MEMORY: [
    ['USAGE|STATS|DOCTOR|MALLOC-STATS|HELP', 'read', 'shows memory'],
    ['PURGE', 'change', 'frees memory'],
  ],
  SLOWLOG: [
    ['GET|LEN|HELP', 'read', 'shows slow commands'],
    ['RESET', 'destroy', 'empties the log'],
  ],
  LATENCY: [
    ['LATEST|HISTORY|DOCTOR|GRAPH|HISTOGRAM|HELP', 'read', 'shows latencies'],
    ['RESET', 'destroy', 'empties the log'],
  ],
  ACL: [
    ['LIST|GETUSER', 'secret', 'shows password hashes'],
    ['WHOAMI|USERS|CAT|LOG|DRYRUN|HELP', 'read', 'shows rights'],
    ['GENPASS', 'read', 'prints random text'],
    ['DELUSER', 'destroy', 'removes a user'],
    ['SETUSER|LOAD|SAVE', 'change', 'changes rights'],
  ],
  CLUSTER: [
    [
      'INFO|NODES|SLOTS|SHARDS|KEYSLOT|COUNTKEYSINSLOT|GETKEYSINSLOT|MYID|LINKS|REPLICAS|SLAVES|COUNT-FAILURE-REPORTS|HELP',
      'read',
      'shows the cluster',
    ],
    ['RESET|FORGET|DELSLOTS|DELSLOTSRANGE|FLUSHSLOTS', 'destroy', 'takes the cluster apart'],
    [
      'FAILOVER|MEET|REPLICATE|ADDSLOTS|ADDSLOTSRANGE|SETSLOT|SAVECONFIG|BUMPEPOCH|SET-CONFIG-EPOCH',
      'change',
      'changes the cluster',
    ],
  ],
  SENTINEL: [
    [
      'MASTERS|MASTER|REPLICAS|SLAVES|SENTINELS|GET-MASTER-ADDR-BY-NAME|CKQUORUM|MYID|HELP',
      'read',
      'shows the sentinels',
    ],
    ['REMOVE', 'destroy', 'removes a master'],
    ['FAILOVER|MONITOR|SET|RESET|FLUSHCONFIG', 'change', 'changes the sentinels'],
  ],
  MODULE: [
    ['LIST|HELP', 'read', 'lists modules'],
    ['LOAD|LOADEX|UNLOAD', 'unknown', 'loads or unloads code'],
  ],
  PUBSUB: [['', 'read', 'shows channels']],
};

export const redis: Tool = {
  names: ['redis-cli', 'valkey-cli', 'keydb-cli'],
  classify(call: Call): Verdict {
    const parsed = parseFlags(call.args, flags, 'posix');
    const found: Verdict[] = [];
    if (parsed.unlisted.length)
      found.push(verdict('unknown', `redis-cli has no flag ${parsed.unlisted.join(', ')} that we know`));
    if (parsed.on('--eval') || parsed.on('--pipe')) found.push(verdict('unknown', 'runs a script or a file'));
    if (parsed.on('--rdb'))
      found.push(verdict('write', 'writes a file', { writes: [parsed.last('--rdb') ?? ''] }));
    if (parsed.on('--cluster')) found.push(clusterManager(parsed.operands));
    else if (parsed.operands.length > 0) found.push(command(parsed.operands));
    else if (
      ![
        '--scan',
        '--bigkeys',
        '--memkeys',
        '--hotkeys',
        '--stat',
        '--latency',
        '--latency-history',
        '--latency-dist',
        '--intrinsic-latency',
        '--version',
        '--help',
        '--rdb',
        '--eval',
        '--pipe',
        '--replica',
      ].some((flag) => parsed.on(flag))
    ) {
      if (call.stdin.kind === 'text' && call.stdin.text !== undefined) {
        for (const line of call.stdin.text.split('\n').filter((one) => one.trim()))
          found.push(
            command(
              line
                .trim()
                .split(/\s+/)
                .map((part) => literal(part)),
            ),
          );
      } else if (call.stdin.kind !== 'none')
        found.push(verdict('unknown', 'runs commands that are known only at run time'));
      else found.push(verdict('unknown', 'opens a redis console', { interactive: 'a redis console' }));
    }
    const endless = ['--stat', '--latency', '--latency-history', '--latency-dist', '--replica'].some((flag) =>
      parsed.on(flag),
    );
    return {
      risk: highestRisk(found.map((one) => one.risk)),
      reasons: found.length ? found.flatMap((one) => one.reasons) : ['only looks'],
      verb: found.find((one) => one.verb)?.verb,
      ...(found.find((one) => one.interactive) ? { interactive: 'a redis console' } : {}),
      ...(endless
        ? { blocking: 'measures until stopped' }
        : found.find((one) => one.blocking)?.blocking
          ? { blocking: 'listens until stopped' }
          : {}),
    };
  },
};

function command([first, second, third]: readonly Word[]): Verdict {
  if (!first || !isKnown(first)) return verdict('unknown', 'a command that is known only at run time');
  const verb = first.value.toUpperCase();
  const group = groups[verb];
  if (group) {
    const sub = second && isKnown(second) ? second.value.toUpperCase() : '\0';
    if (
      verb === 'CONFIG' &&
      sub === 'GET' &&
      (!third || !isKnown(third) || /pass|auth|\*/i.test(third.value))
    ) {
      return verdict('secret', 'shows settings with passwords', { verb });
    }
    const rule = group.find(([names]) => names === '' || names.split('|').includes(sub));
    return rule
      ? verdict(rule[1], `${verb} ${second?.text ?? ''}: ${rule[2]}`, { verb })
      : verdict('unknown', `${verb} ${second?.text ?? ''} is not in the table`, { verb });
  }
  if (destroys.has(verb)) return verdict('destroy', `${verb} removes from the database`, { verb });
  if (reads.has(verb))
    return verdict('read', `${verb} only reads`, {
      verb,
      ...(/SUBSCRIBE|MONITOR/.test(verb) ? { blocking: 'listens' } : {}),
    });
  if (changes.has(verb)) return verdict('change', `${verb} changes the database`, { verb });
  if (runs.has(verb)) return verdict('unknown', `${verb} runs a program on the server`, { verb });
  return verdict('unknown', `${verb} is not in the table`, { verb });
}

function clusterManager([first]: readonly Word[]): Verdict {
  const verb = first?.value ?? '';
  if (/^(check|info|help)$/.test(verb)) return verdict('read', 'shows the cluster', { verb });
  if (/^(del-node|reset)$/.test(verb)) return verdict('destroy', 'takes the cluster apart', { verb });
  return verdict(
    /^(create|fix|reshard|rebalance|add-node|set-timeout|import|backup)$/.test(verb) ? 'change' : 'unknown',
    'changes the cluster',
    { verb },
  );
}
