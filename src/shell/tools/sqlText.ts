// The class of SQL text: every statement by its verb, data-changing parts inside a query, and the functions it calls.

import { highestRisk, type Risk } from '../risk.ts';
import { unknownPart } from '../word.ts';

export interface SqlVerdict {
  readonly risk: Risk;
  readonly reasons: readonly string[];
}
type Finding = readonly [Risk, string];

/** Functions that change nothing; any other makes the statement unknown. */
const plainFunctions = new Set(
  `count sum avg min max now coalesce nullif greatest least length lower upper trim ltrim rtrim substr substring replace concat
  concat_ws round floor ceil ceiling abs extract date_trunc date_part age to_char to_date to_timestamp to_number cast convert
  array_agg string_agg json_agg jsonb_agg json_build_object jsonb_build_object jsonb_pretty row_to_json to_json to_jsonb unnest
  generate_series row_number rank dense_rank lag lead first_value last_value ntile percentile_cont percentile_disc
  pg_size_pretty pg_database_size pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_is_in_recovery
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_current_wal_lsn pg_wal_lsn_diff
  pg_blocking_pids pg_backend_pid pg_postmaster_start_time pg_conf_load_time pg_get_viewdef pg_get_indexdef pg_stat_get_activity
  pg_stat_file pg_ls_waldir pg_tablespace_size current_setting current_user session_user current_database current_schema
  version inet_server_addr obj_description col_description format_type quote_ident regclass array_length array_to_string
  if ifnull isnull group_concat date_format timestampdiff datediff unix_timestamp from_unixtime curdate curtime sysdate
  database user connection_id last_insert_id char_length instr left right md5 sha1 sha2 hex unhex json_extract json_value
  exists in any all some values varchar char numeric decimal int integer bigint timestamp interval time date over partition
  filter within row array using and or not on as by where select from when then else case end having join key unique
  references check index primary with is between like ilike similar union except intersect lateral distinct limit offset
  set table into returning default only uniq quantile toStartOfHour toStartOfMinute toDate toDateTime formatReadableSize
  uptime hostname totimestamp writetime ttl token dateof random gen_random_uuid uuid_generate_v4 position strpos split_part
  regexp_replace regexp_match regexp_matches sign mod power sqrt bool_and bool_or every stddev variance mode hashtext`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

const telling: readonly [RegExp, Risk, string][] = [
  [/\bpg_terminate_backend\s*\(/i, 'destroy', "ends other people's sessions (pg_terminate_backend)"],
  [
    /\bpg_(drop_replication_slot|wal_replay_pause|promote|truncate_visibility_map)\s*\(|\blo_unlink\s*\(/i,
    'destroy',
    'ends or removes something on the server',
  ],
  [/\bpg_cancel_backend\s*\(/i, 'change', "ends other people's queries (pg_cancel_backend)"],
  [
    /\bpg_(reload_conf|rotate_logfile|switch_wal|create_restore_point|backup_start|start_backup|backup_stop|stop_backup|wal_replay_resume|create_\w+_replication_slot|advisory_\w*lock\w*|stat_reset\w*|stat_statements_reset)\s*\(|\b(nextval|setval)\s*\(|\bset_config\s*\(/i,
    'change',
    'changes the server',
  ],
  [/\bpg_read_(binary_)?file\s*\(|\bload_file\s*\(/i, 'secret', 'reads files of the server'],
  [
    /\bpg_(authid|shadow|user_mapping)\b|\brolpassword\b|\bmysql\s*\.\s*user\b|\bauthentication_string\b|\bpassword_hash\b/i,
    'secret',
    'shows password hashes',
  ],
];

const verbs: readonly [RegExp, Risk, string][] = [
  [
    /^(select|show|describe|desc|values|table|explain|pragma\s+\w+\s*$|use|help|fetch|status|list)\b/i,
    'read',
    'reads',
  ],
  [
    /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|set\s+(?!global|persist|password)|reset|discard|close|declare|deallocate|prepare|listen|unlisten|with)\b/i,
    'read',
    'steers the session',
  ],
  [
    /^(drop|truncate|delete|kill|shutdown|purge|flush\s+(tables\s+with|logs|binary)|reset\s+(master|slave|replica)|detach)\b/i,
    'destroy',
    'removes or ends something',
  ],
  [/^alter\b[\s\S]*\bdrop\b/i, 'destroy', 'drops a part'],
  [
    /^(insert|update|upsert|merge|replace|create|alter|grant|revoke|vacuum|analyze|reindex|cluster|refresh|comment|reassign|security|import|optimize|repair|flush|set\s+(global|persist|password)|stop|start\s+(slave|replica)|change\s+(master|replication)|lock|unlock|rename|checkpoint|notify|load|attach|system|install|uninstall|check\s+table|pragma)\b/i,
    'change',
    'changes the database',
  ],
  [/^(call|do|exec|execute)\b/i, 'unknown', 'runs a procedure of unknown effect'],
];

/** Never throws. Text that is not known is unknown. */
export function classifySql(sql: string): SqlVerdict {
  const bare = withoutLiterals(sql);
  const findings = bare.split(';').flatMap((statement) => findingsOf(statement.trim()));
  if (sql.includes(unknownPart) && bare.replace(/'[^']*'/g, '').includes(unknownPart)) {
    findings.push(
      /^\s*\u0000/.test(bare) || /;\s*\u0000/.test(bare)
        ? ['unknown', 'SQL that is known only at run time']
        : ['read', 'with values known only at run time'],
    );
  }
  const reasons = findings.map(([, why]) => why);
  return { risk: highestRisk(findings.map(([risk]) => risk)), reasons: [...new Set(reasons)] };
}

function findingsOf(statement: string): Finding[] {
  if (statement === '') return [];
  if (statement.startsWith(unknownPart)) return [['unknown', 'SQL that is known only at run time']];
  const word = statement.split(/\s+/, 1)[0]!.toUpperCase();
  const explained = /^(explain|describe|desc)\b(?:\s+(analyze|verbose|\([^)]*\)))*\s+([\s\S]+)$/i.exec(
    statement,
  );
  if (explained && /^explain\b/i.test(statement)) {
    const runs =
      /^explain\b[^a-z]*(\([^)]*\banaly[sz]e\b(?!\s*(off|false|0))|analy[sz]e\b|verbose\s+analy[sz]e\b)/i.test(
        statement,
      );
    return runs
      ? findingsOf(statement.replace(/^explain\b\s*(\([^)]*\)|(analy[sz]e|verbose)\b\s*)+/i, '').trim())
      : [['read', 'explains']];
  }
  const found: Finding[] = [];
  const rule = verbs.find(([pattern]) => pattern.test(statement));
  found.push(
    rule
      ? [rule[1], `${word}: ${rule[2]}`]
      : ['unknown', `${word.slice(0, 30)} is no statement that we know`],
  );
  if (/^(with|select|explain|prepare|create|values|table)\b/i.test(statement))
    found.push(...insideQuery(statement));
  for (const [pattern, risk, why] of telling) if (pattern.test(statement)) found.push([risk, why]);
  if (/^(select|with|values|set|show)\b/i.test(statement)) {
    const odd = calls(statement).filter(
      (name) => !plainFunctions.has(name) && !telling.some(([pattern]) => pattern.test(`${name}(`)),
    );
    if (odd.length) found.push(['unknown', `calls ${odd[0]}, of unknown effect`]);
  }
  return found;
}

/** `WITH x AS (DELETE …) SELECT …`, `SELECT … INTO t`, `SELECT … FOR UPDATE`. */
function insideQuery(statement: string): Finding[] {
  const found: Finding[] = [];
  if (/^with\b/i.test(statement) || /\(\s*(delete|update|insert|merge)\b/i.test(statement)) {
    if (/\bdelete\s+from\b/i.test(statement)) found.push(['destroy', 'deletes rows inside a query']);
    if (/\b(update\s+\S+\s+set|insert\s+into|merge\s+into)\b/i.test(statement))
      found.push(['change', 'changes rows inside a query']);
  }
  if (/\binto\s+(out|dump)file\b/i.test(statement)) found.push(['change', 'writes a file on the server']);
  else if (/^select\b[\s\S]*\binto\s+\w/i.test(statement)) found.push(['change', 'makes a table']);
  if (/\bfor\s+(no\s+key\s+)?(update|share)\b/i.test(statement)) found.push(['change', 'locks rows']);
  return found;
}

function calls(statement: string): string[] {
  return [...statement.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map((found) => found[1]!.toLowerCase());
}

function withoutLiterals(sql: string): string {
  return sql
    .replace(/\/\*(?!!)[\s\S]*?\*\//g, ' ')
    .replace(/\/\*!\d*|\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/"(?:[^"]|"")*"/g, 'q')
    .replace(/`[^`]*`/g, 'q')
    .replace(/--[^\n]*/g, ' ')
    .replace(/^\s*#[^\n]*/gm, ' ');
}
