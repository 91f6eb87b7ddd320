// Clients that carry SQL in an argument or on standard input.

import { type Call, type Tool, type Verdict, verdict } from '../call.ts';
import { type FlagStyle, parseFlags } from '../flags.ts';
import { highestRisk, type Risk } from '../risk.ts';
import { unknownPart } from '../word.ts';
import { flat } from './flat.ts';
import { classifySql } from './sqlText.ts';

interface ClientTable {
  readonly names: readonly string[];
  readonly flags: string;
  readonly style?: FlagStyle;
  /** Flags with SQL in their value. */
  readonly sql: readonly string[];
  /** Flags with a file of SQL. */
  readonly files: readonly string[];
  readonly output?: readonly string[];
  /** Alone, these only show something. */
  readonly shows?: readonly string[];
  /** SQL as the operand after this many others. */
  readonly operand?: number;
  readonly meta?: (text: string) => { risk: Risk; why: string } | undefined;
}

function client(table: ClientTable): Tool {
  return { names: table.names, classify: (call) => classify(table, call) };
}

function classify(table: ClientTable, call: Call): Verdict {
  const parsed = parseFlags(call.args, `${table.flags} --help --version`, table.style ?? 'gnu');
  const found: { risk: Risk; why: string }[] = parsed.unlisted.length
    ? [{ risk: 'unknown', why: `${call.name} has no flag ${parsed.unlisted.join(', ')} that we know` }]
    : [];
  const reads = table.files.flatMap((flag) => parsed.all(flag)).filter((file) => !file.includes(unknownPart));
  const texts = table.sql.flatMap((flag) => parsed.all(flag));
  const operand = table.operand === undefined ? undefined : parsed.operands[table.operand];
  if (operand) texts.push(operand.value);
  if (table.files.some((flag) => parsed.on(flag)))
    found.push({ risk: 'unknown', why: 'runs a file of unknown SQL' });
  const writes = (table.output ?? []).flatMap((flag) => parsed.all(flag)).filter((file) => file !== '-');
  if (writes.length) found.push({ risk: 'write', why: 'writes its output to a file' });
  const shows =
    (table.shows ?? []).some((flag) => parsed.on(flag)) || parsed.on('--help') || parsed.on('--version');
  if (texts.length === 0 && !shows && !table.files.some((flag) => parsed.on(flag))) {
    if (call.stdin.kind === 'text' && call.stdin.text !== undefined) texts.push(call.stdin.text);
    else if (call.stdin.kind === 'none') found.push({ risk: 'unknown', why: `opens a ${call.name} console` });
    else found.push({ risk: 'unknown', why: 'runs SQL that is known only at run time' });
  }
  for (const text of texts) found.push(...classifyText(text, table.meta));
  const interactive = texts.length === 0 && !shows && call.stdin.kind === 'none' && reads.length === 0;
  return {
    risk: highestRisk(found.map((one) => one.risk)),
    reasons: found.length ? found.map((one) => one.why) : ['only shows'],
    reads,
    writes,
    ...(interactive ? { interactive: `a ${call.name} console` } : {}),
  };
}

function classifyText(text: string, meta: ClientTable['meta']): { risk: Risk; why: string }[] {
  const out: { risk: Risk; why: string }[] = [];
  const sql: string[] = [];
  for (const line of text.split('\n')) {
    const found = meta?.(line.trim());
    if (found) out.push(found);
    else sql.push(line.replace(/\\g(x|desc)?\s*$/, ';'));
  }
  const { risk, reasons } = classifySql(sql.join('\n'));
  return [...out, ...(reasons.length ? [{ risk, why: reasons.join('; ') }] : [])];
}

/** psql's backslash commands. */
function psqlMeta(line: string): { risk: Risk; why: string } | undefined {
  if (!line.startsWith('\\'))
    return line.match(/\\(gexec|!|o|w|copy|i)\b/)
      ? { risk: 'unknown', why: 'a console command inside SQL' }
      : undefined;
  if (
    /^\\(d\w*\+?|l\+?|z|conninfo|encoding|x|timing|a|t|pset|echo|q|h|\?|s|sf\+?|sv\+?|set|unset|errverbose|c|connect|qecho|prompt|r|p|C|f|H|T)(\s|$)/.test(
      line,
    )
  ) {
    return { risk: 'read', why: 'shows something' };
  }
  if (/^\\copy\b.*\bto\b/i.test(line)) return { risk: 'write', why: 'copies to a file' };
  if (/^\\copy\b.*\bfrom\b/i.test(line)) return { risk: 'change', why: 'copies into a table' };
  return { risk: 'unknown', why: `runs ${line.split(/\s/, 1)[0]} of the console` };
}

const psqlFlags =
  '-c,--command= -d,--dbname= -f,--file= -l,--list -v,--set,--variable= -V,--version -X,--no-psqlrc -1,--single-transaction -a,--echo-all ' +
  '-b,--echo-errors -e,--echo-queries -E,--echo-hidden -L,--log-file= -n,--no-readline -o,--output= -q,--quiet -s,--single-step ' +
  '-S,--single-line -A,--no-align --csv -F,--field-separator= -H,--html -P,--pset= -R,--record-separator= -t,--tuples-only ' +
  '-T,--table-attr= -x,--expanded -z,--field-separator-zero -0,--record-separator-zero -h,--host= -p,--port= -U,--username= ' +
  '-w,--no-password -W,--password';
const mysqlFlags =
  '-e,--execute= -u,--user= -p,--password? -h,--host= -P,--port= -D,--database= -N,--skip-column-names -B,--batch -s,--silent ' +
  '-t,--table -E,--vertical -S,--socket= -A,--no-auto-rehash -f,--force -v,--verbose -r,--raw -H,--html -X,--xml -C,--compress ' +
  '--defaults-file= --defaults-extra-file= --login-path= --ssl-mode= --ssl-ca= --ssl-cert= --ssl-key= --protocol= --connect-timeout= ' +
  '--default-character-set= --max-allowed-packet= --skip-ssl --ssl --enable-cleartext-plugin --init-command= --safe-updates -U';

export const sqlClients: readonly Tool[] = [
  client({
    names: ['psql', 'pgcli', 'cockroach-sql'],
    flags: psqlFlags,
    sql: ['--command'],
    files: ['--file'],
    output: ['--output', '--log-file'],
    shows: ['--list'],
    meta: psqlMeta,
  }),
  client({
    names: ['mysql', 'mariadb', 'mycli'],
    flags: mysqlFlags,
    sql: ['--execute', '--init-command'],
    files: [],
    meta: (line) =>
      /^(\\!|system\b|source\b|\\\.)/i.test(line)
        ? { risk: 'unknown', why: 'runs a command or file' }
        : undefined,
  }),
  client({
    names: ['sqlite3'],
    style: 'go',
    flags:
      '-batch -bail -cmd= -column -csv -header -noheader -html -init= -interactive -json -line -list -markdown -readonly -separator= -table -nullvalue=',
    sql: ['-cmd'],
    files: ['-init'],
    operand: 1,
    meta: (line) =>
      line.startsWith('.')
        ? /^\.(tables|schema|indexes|headers|mode|databases|dbinfo|show|width|timer|help|dump|fullschema|separator|nullvalue|echo|quit|exit)\b/.test(
            line,
          )
          ? { risk: 'read', why: 'shows something' }
          : { risk: 'unknown', why: 'a console command' }
        : undefined,
  }),
  client({
    names: ['cqlsh'],
    flags:
      '-e,--execute= -f,--file= -u,--username= -p,--password= -k,--keyspace= --ssl --request-timeout= --connect-timeout= --cqlversion= --no-color -C,--color',
    sql: ['--execute'],
    files: ['--file'],
  }),
  client({
    names: ['clickhouse-client', 'clickhouse-local', 'sqlcmd', 'snowsql', 'trino', 'presto', 'bq-sql'],
    flags:
      '-q,-Q,--query,--execute= --queries-file,--file= -h,--host= --port= -u,-U,--user= -P,--password= -d,--database= -f,--format= -n,--multiquery -m,--multiline -t,--time -S,--server= --secure -C -E --catalog= --schema= --output-format=',
    sql: ['--execute'],
    files: ['--file'],
  }),
  flat({
    names: ['pg_isready', 'pg_controldata', 'pg_config', 'pgbadger', 'mysqlshow', 'pt-query-digest'],
    risk: 'read',
    why: 'only shows',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['pg_dump', 'pg_dumpall', 'mysqldump', 'mariadb-dump', 'mongodump', 'mongoexport'],
    risk: 'read',
    why: 'reads the database to its output',
    flags:
      '-f,--file= -o,--out= -r,--result-file= -U,--username= -h,--host= -d,--dbname= -p,--password? -u,--user= -F,--format= -t,--table= -n,--schema= -T,--tab= -j,--jobs= -c,--clean -C,--create -a,--data-only -s,--schema-only --flush-logs --master-data? --delete-master-logs --archive? --gzip',
    looseFlags: true,
    when: [
      { flag: '--file', risk: 'write', why: 'writes a file', file: 'writes' },
      { flag: '--out', risk: 'write', why: 'writes files', file: 'writes' },
      { flag: '--result-file', risk: 'write', why: 'writes a file', file: 'writes' },
      { flag: '--delete-master-logs', risk: 'destroy', why: 'deletes the logs of the server' },
      { flag: '--flush-logs', risk: 'change', why: 'starts new logs on the server' },
    ],
  }),
  flat({
    names: ['pg_restore', 'mongorestore', 'mongoimport', 'mysqlimport'],
    risk: 'change',
    why: 'writes to the database',
    flags:
      '-c,--clean --if-exists --drop -l,--list -f,--file= -d,--dbname= -U,--username= -h,--host= -j,--jobs= -L,--use-list= -n,--schema= -t,--table=',
    looseFlags: true,
    when: [
      { flag: '--clean', risk: 'destroy', why: 'drops before it restores' },
      { flag: '--drop', risk: 'destroy', why: 'drops before it restores' },
      { flag: '--list', risk: 'read', why: 'lists an archive', instead: true },
    ],
  }),
  flat({
    names: ['dropdb', 'dropuser', 'pg_resetwal', 'pg_archivecleanup', 'pg_rewind'],
    risk: 'destroy',
    why: 'removes from the server',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: [
      'createdb',
      'createuser',
      'vacuumdb',
      'reindexdb',
      'clusterdb',
      'pg_basebackup',
      'mysqlcheck',
      'pg_ctl',
      'initdb',
      'pgbench',
    ],
    risk: 'change',
    why: 'changes the server',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['mysqladmin', 'mariadb-admin'],
    risk: 'unknown',
    why: 'administers the server',
    flags: `${mysqlFlags} -i,--sleep= -c,--count= -r,--relative`,
    judge: ({ operands }) => mysqladmin(operands.map((word) => word.value)),
  }),
  client({ names: ['mongosh', 'mongo'], flags: '', sql: [], files: [] }),
];

function mysqladmin(words: readonly string[]): Partial<Verdict> | undefined {
  const [verb = ''] = words;
  if (/^(status|extended-status|processlist|ping|variables|version)$/.test(verb))
    return verdict('read', 'shows the server', { verb });
  if (/^(kill|drop|shutdown|flush-logs|flush-hosts)$/.test(verb))
    return verdict('destroy', `${verb}: ends or removes something`, { verb });
  if (
    /^(create|password|reload|refresh|start-slave|stop-slave|start-replica|stop-replica|flush-privileges|flush-tables|flush-status)$/.test(
      verb,
    )
  )
    return verdict('change', 'changes the server', { verb });
  return undefined;
}
