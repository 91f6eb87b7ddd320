// psql, pg_dump and redis-cli, on state that the cluster keeps: enough SQL and Redis for what runbooks ask.

import type { Json } from '../store/kubeObject.ts';
import { readAll, readFlags } from './commandTools.ts';
import type { Command, CommandContext } from './program.ts';

export interface Connection {
  readonly pid: number;
  readonly state: 'active' | 'idle';
  readonly stateChangeMs: number;
  readonly application: string;
}

/** The state of a server in the cluster's facts, under `postgres <namespace>` or `redis <namespace>`. */
function factOf<T extends object>(context: Pick<CommandContext, 'view'>, kind: string, initial: T): T {
  const { facts } = context.view.cluster;
  const key = `${kind} ${context.view.pod.metadata.namespace}`;
  if (!facts.has(key)) facts.set(key, initial);
  return facts.get(key);
}

const intervalMs: Record<string, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function matchesWhere(sql: string, one: Connection, now: number): boolean {
  const state = /state\s*=\s*'(\w+)'/i.exec(sql)?.[1];
  if (state && one.state !== state) return false;
  const interval = /interval\s*'(\d+)\s*(\w+?)s?'/i.exec(sql);
  if (interval && /state_change\s*<\s*now\(\)/i.test(sql))
    return now - one.stateChangeMs > Number(interval[1]) * (intervalMs[interval[2]!.toLowerCase()] ?? 0);
  return true;
}

function table(column: string, values: Json[]): string {
  const width = Math.max(column.length, ...values.map((value) => String(value).length));
  const rows = values.map((value) => ` ${String(value).padStart(width)}\n`).join('');
  return ` ${column.padStart(width)} \n-${'-'.repeat(width)}-\n${rows}(${values.length} row${values.length === 1 ? '' : 's'})\n\n`;
}

export const connectionLimit = 100;

interface PostgresServer {
  connections: Connection[];
  /** Its tables, by name with their rows. */
  tables?: Record<string, string[]>;
}

function runSql(context: CommandContext, sql: string): number {
  const now = context.view.cluster.now();
  const server = factOf<PostgresServer>(context, 'postgres', { connections: [] });
  server.tables ??= { 'public.practice': ['1\tpractice data'] };
  const statement = sql.trim().replace(/\s+/g, ' ');
  const [, verb = '', name = ''] =
    /^(drop table if exists|create table|copy) ([\w.]+)/i.exec(statement) ?? [];
  if (/^set \w/i.test(statement)) context.out('SET\n');
  else if (/^drop/i.test(verb)) {
    delete server.tables[name];
    context.out('DROP TABLE\n');
  } else if (/^create/i.test(verb)) {
    if (server.tables[name]) {
      context.err(`ERROR:  relation "${name.replace(/^.*\./, '')}" already exists\n`);
      return 1;
    }
    server.tables[name] = [];
    context.out('CREATE TABLE\n');
  } else if (/^copy/i.test(verb) && server.tables[name]) {
    // Its rows are the lines behind the statement, as psql reads them from the same script.
    const rows = sql.split('\n').slice(1);
    server.tables[name]!.push(...rows);
    context.out(`COPY ${rows.length}\n`);
  } else if (/^vacuum/i.test(statement)) context.out('VACUUM\n');
  else if (/^(analyze|checkpoint|reindex)/i.test(statement))
    context.out(`${statement.split(' ')[0]!.toUpperCase()}\n`);
  else if (/pg_terminate_backend/i.test(statement)) {
    const ended = server.connections.filter((one) => matchesWhere(statement, one, now));
    server.connections = server.connections.filter((one) => !ended.includes(one));
    context.out(
      table(
        'pg_terminate_backend',
        ended.map(() => 't'),
      ),
    );
  } else if (/count\(\*\)\s+from pg_stat_activity/i.test(statement))
    context.out(
      table('count', [server.connections.filter((one) => matchesWhere(statement, one, now)).length]),
    );
  else if (/show max_connections/i.test(statement)) context.out(table('max_connections', [connectionLimit]));
  else if (/select version\(\)/i.test(statement))
    context.out(table('version', ['PostgreSQL 15.6 (practice)']));
  else if (/^select 1/i.test(statement)) context.out(table('?column?', [1]));
  else {
    context.err(`ERROR:  the practice database does not know: ${statement.slice(0, 80)}\n`);
    return 1;
  }
  return 0;
}

/** A script's statements without its comments; the rows that `COPY … FROM stdin` reads stay behind theirs. */
function statementsOf(script: string): string[] {
  const found: string[] = [];
  const text = script
    .replace(/^--.*\n?/gm, '')
    .replace(/^(COPY .* FROM stdin);\n([\s\S]*?)^\\\.$/gim, (...[, head, rows]) => {
      found.push(`${head}\n${rows}`.trimEnd());
      return `\u0000${found.length - 1};`;
    });
  return text
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => (one.startsWith('\u0000') ? found[Number(one.slice(1))]! : one));
}

const psql: Command = async (context) => {
  const { flags } = readFlags(context.argv, ['U', 'd', 'c', 'h', 'p', 'f', 'v']);
  const command = flags.get('c');
  const statements = statementsOf(command ?? (await readAll(context.stdin)).toString());
  // A script goes on after an error and ends well, unless it is told to stop.
  const stops = command !== undefined || /^ON_ERROR_STOP=(1|on)$/i.test(flags.get('v') ?? '');
  for (const one of statements) {
    const failed = runSql(context, one) !== 0;
    if (failed && stops) return command === undefined ? 3 : 1;
  }
  return 0;
};

const pgDump: Command = (context) => {
  const { rest } = readFlags(context.argv, ['U', 'd', 'h', 'p', 'f']);
  const name = rest.find((one) => !one.startsWith('-')) ?? 'postgres';
  const { tables = { 'public.practice': ['1\tpractice data'] } } = factOf<PostgresServer>(
    context,
    'postgres',
    {
      connections: [],
    },
  );
  const dropped = context.argv.includes('--clean');
  const parts = Object.entries(tables).map(
    ([table, rows]) =>
      `${dropped ? `DROP TABLE IF EXISTS ${table};\n` : ''}CREATE TABLE ${table} (id integer NOT NULL, note text);\nCOPY ${table} (id, note) FROM stdin;\n${rows.map((row) => `${row}\n`).join('')}\\.\n`,
  );
  context.out(
    `--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.6\n\nSET client_encoding = 'UTF8';\n\n--\n-- Name: ${name}; made in the practice cluster\n--\n\n${parts.join('\n')}\n--\n-- PostgreSQL database dump complete\n--\n`,
  );
  return 0;
};

export interface RedisServer {
  keys: Record<string, string>;
  savedAt: number;
  /** Sessions beside the keys that are named. */
  sessions?: number;
}

/** Bytes. */
export function redisMemory(server: RedisServer | undefined): number {
  return 12.4 * 2 ** 20 + (server?.sessions ?? 0) * 112;
}

const redisCli: Command = async (context) => {
  const { rest, flags } = readFlags(context.argv, ['a', 'h', 'p', 'n']);
  const server = factOf<RedisServer>(context, 'redis', {
    keys: {},
    savedAt: 0,
  });
  const password = context.env.REDIS_PASSWORD;
  if (password && flags.get('a') !== password) {
    context.out('(error) NOAUTH Authentication required.\n');
    return 0;
  }
  const words = rest.length ? rest : (await readAll(context.stdin)).toString().trim().split(/\s+/);
  const [name = '', key = '', value = ''] = words;
  const list = (items: string[]): string =>
    items.length ? items.map((item, index) => `${index + 1}) "${item}"\n`).join('') : '(empty array)\n';
  const commands: Record<string, () => string> = {
    ping: () => 'PONG\n',
    flushdb: () => {
      server.keys = {};
      server.sessions = 0;
      return 'OK\n';
    },
    bgsave: () => {
      server.savedAt = context.view.cluster.now();
      if (context.view.files.stat('/data'))
        context.view.files.write('/data/dump.rdb', `REDIS0011practice${JSON.stringify(server.keys)}`);
      return 'Background saving started\n';
    },
    keys: () => {
      const expression = new RegExp(`^${key.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
      return list(Object.keys(server.keys).filter((one) => expression.test(one)));
    },
    get: () => (key in server.keys ? `"${server.keys[key]}"\n` : '(nil)\n'),
    set: () => {
      server.keys[key] = value;
      return 'OK\n';
    },
    del: () => {
      const had = words.slice(1).filter((one) => one in server.keys);
      for (const one of had) delete server.keys[one];
      return `(integer) ${had.length}\n`;
    },
    dbsize: () => `(integer) ${Object.keys(server.keys).length + (server.sessions ?? 0)}\n`,
    info: () =>
      `# Server\nredis_version:7.2.4\nredis_mode:practice\n# Memory\nused_memory_human:${(redisMemory(server) / 2 ** 20).toFixed(2)}M\n# Keyspace\ndb0:keys=${Object.keys(server.keys).length + (server.sessions ?? 0)}\n`,
    debug: () => 'OK\n',
    lastsave: () => `(integer) ${Math.floor(server.savedAt / 1000)}\n`,
  };
  commands.flushall = commands.flushdb!;
  const command = commands[name.toLowerCase()];
  context.out(command ? command() : `(error) ERR unknown command '${name}'\n`);
  return 0;
};

export const databaseCommands: Readonly<Record<string, Command>> = {
  psql,
  pg_dump: pgDump,
  pg_isready: (context) => {
    context.out('/var/run/postgresql:5432 - accepting connections\n');
    return 0;
  },
  'redis-cli': redisCli,
};
