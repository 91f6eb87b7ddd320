// Values of names that say "secret": NAME=value, name: value, "name": "value", with quotes escaped or not.

import { isHarmless } from './harmless.ts';
import type { Range, Rule } from './rule.ts';

/** The last words of a name that holds a secret. `token_count`, `secretName` and `max_tokens` do not end so. */
const secretEnd =
  '(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credentials?|api[_-]?key|(?:secret|access|private|auth|account|' +
  'signing|encryption|shared|master|service|license|webhook|session|storage|ssh|deploy|app|application|consumer|' +
  'shared[_-]?access|secret[_-]?access)[_-]?key|key-data|client[_-]?key|_pass|_pw|conn(?:ection)?[_-]?str(?:ing)?|' +
  'authtoken|jwt|bearer|session[_-]?id|sessionid|signature|hmac|otp|_auth|sas[_-]?url)';
const suffix =
  '(?:[_-]?(?:value|b64|base64|raw|plain|text|string|current|previous|old|new|prod|dev|staging|[0-9]{1,3}))?';
const name = `(?<name>[A-Za-z0-9_.-]{0,80}?${secretEnd}${suffix})`;
const quote = `(?:\\\\{0,3}["'])?`;
const separator = '\\s{0,40}(?<sep>:=|=>|=|:)\\s{0,40}';
const quoted = `\\\\{0,3}(?<q>["'\`])(?<s1>(?:(?!\\\\{0,3}\\k<q>).)*)`;
const start = new RegExp(`(?<![A-Za-z0-9_.-])${quote}${name}${quote}${separator}`, 'gid');
const quotedValue = new RegExp(`^(?:\\$)?${quoted}`, 'd');

/** Names that end like a secret and hold a name or a rule, not a value. */
const notSecret =
  /(?:pull|tls|existing|default|kube|cert(?:ificate)?)[_-]?secret$|^(?:next|continue|page|csrf-?)[_-]?token$|^(?:max|min|num|total)[_-]|^signature$/i;

export const assignmentRule: Rule = {
  confirm: isAssigned,
  kind: 'secret-value',
  needles: [
    'pass', 'pwd', 'secret', 'token', 'credential', 'api_key', 'apikey', 'api-key', 'accesskey', 'access_key',
    'access-key', 'privatekey', 'private_key', 'private-key', 'authkey', 'auth_key', 'auth-key', 'accountkey',
    'account_key', 'signingkey', 'signing_key', 'signing-key', 'encryptionkey', 'encryption_key',
    'encryption-key', 'sharedkey', 'shared_key', 'masterkey', 'master_key', 'master-key', 'service_key',
    'servicekey', 'license_key', 'webhook_key', 'session_key', 'storage_key', 'ssh_key', 'deploy_key',
    'app_key', 'appkey', 'application_key', 'consumer_key', 'key-data', 'client_key', 'client-key', '_pw',
    'conn_str', 'connectionstring', 'connection_string', 'connstr', 'jwt', 'bearer', 'session_id',
    'session-id', 'sessionid', 'hmac', 'otp', '_auth', 'sas_url', 'licensekey', 'sessionkey',
  ], // biome-ignore format: a list
  *find(line, growing) {
    start.lastIndex = 0;
    for (let match = start.exec(line); match; match = start.exec(line)) {
      const key = match.groups!.name!;
      if (notSecret.test(key)) continue;
      // `/etc/passwd: Permission denied`
      if (line[match.index - 1] === '/' && /^g?passwd-?$/.test(key)) continue;
      const at = match.index + match[0].length;
      const range = valueAt(line, at, match.index, match.groups!.sep!, key, growing);
      if (!range || range.start >= range.end) continue;
      const undecided = growing && range.end === line.length;
      if (
        !undecided &&
        isPlain(line.slice(range.start, range.end), line, match.index, match.groups!.sep!, key)
      )
        continue;
      yield range;
    }
  },
};

function valueAt(
  line: string,
  at: number,
  keyAt: number,
  sep: string,
  key: string,
  growing: boolean,
): Range | undefined {
  const trimmed = (text: string): number => (growing ? text : text.trimEnd()).length;
  const rest = line.slice(at);
  const inQuotes = quotedValue.exec(rest);
  if (inQuotes) {
    const [from, to] = inQuotes.indices!.groups!.s1!;
    return { start: at + from, end: at + to };
  }
  const before = line.slice(0, keyAt);
  const quotedKey = /["']$/.test(
    line
      .slice(0, at)
      .trimEnd()
      .replace(/[:=>\s]+$/, ''),
  );
  // `.env`: the whole rest of the line is the value; YAML: the same, but for a comment.
  if (sep === '=' && /^\s*(?:export\s+|set\s+|ENV\s+|\+\s*|-\s+)?$/.test(before) && /^[A-Z0-9_]+$/.test(key))
    return { start: at, end: at + trimmed(command.exec(rest)?.[1] ?? rest) };
  if (sep === ':' && /^\s*(?:-\s+|\+\s*)?$/.test(before) && !quotedKey && line[at - 1] === ' ' && at > 0) {
    const value = /^(?:[^#]|(?<!\s)#)*/.exec(rest)![0];
    return { start: at, end: at + (/^[|>][+-]?\s*$/.test(value) ? 0 : trimmed(value)) };
  }
  const value = /^(?:\\[^\s"'nrt]|[^\s"'`,;&|)}\]\\<>])+/.exec(rest) ?? /^<[^>\s]*>?/.exec(rest);
  return value ? { start: at, end: at + value[0].length } : undefined;
}

/** `PGPASSWORD=value psql …`: a command follows the value, and a reviewer must see it. */
const command =
  /^(\S+)\s+(?:[A-Z_]+=|(?:env|exec|sudo|psql|pg_\w+|createdb|dropdb|mysql\w*|mariadb\S*|mongo\w*|redis-cli|kubectl|helm|oc|curl|wget|docker|podman|python3?|node|npm|npx|bash|sh|aws|gcloud|az|terraform|ansible\S*|vault|restic|go|make|java|\.{0,2}\/\S+)(?:\s|$)|\S+\s+--?\w)/;

function isPlain(value: string, line: string, keyAt: number, sep: string, key: string): boolean {
  if (isHarmless(value)) return true;
  const inProse = sep === ':' && /[A-Za-z]\s+["']?$/.test(line.slice(0, keyAt));
  if (inProse && /^[a-z]+$/.test(value)) return true;
  // `token: 4096`, `session_id: 12`: counters. A numeric password stays a password.
  if (!/pass|pwd|_pw|otp/i.test(key) && /^\d{1,9}$/.test(value)) return true;
  // A sentence after a name: `token: the value was not found`.
  const first = value.split(/\s+/)[0]!;
  return value !== first && isHarmless(first) && /^[a-z /]+$/i.test(value);
}

/** `=` or `:` behind the rest of the name, quotes and blanks. */
function isAssigned(bytes: Uint8Array, _start: number, end: number, limit: number): boolean {
  const last = Math.min(limit, end + 64);
  let inName = true;
  for (let at = end; at < last; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x3d || byte === 0x3a) return true;
    const isBlank =
      byte === 0x20 || byte === 0x09 || byte === 0x22 || byte === 0x27 || byte === 0x5c || byte === 0x1b;
    // A colour may stand before the sign, as such or spelled out.
    if (isBlank) inName = byte === 0x1b || byte === 0x5c;
    else if (!inName || byte <= 0x20) return false;
  }
  return true;
}
