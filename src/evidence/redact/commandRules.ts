// Secrets that stand as arguments of commands and in headers: known by the word before them.

import { isHarmless } from './harmless.ts';
import { patternRule, type Rule } from './rule.ts';

const value = `(?:"(?<s>(?:[^"\\\\]|\\\\.)*)|'(?<s2>[^']*)|(?<s3>(?:\\\\.|[^\\s"'\`|;&)<>\\\\])+))`;

/** `patternRule` with the three ways a shell word is spelt. */
function argumentRule(
  kind: string,
  needles: readonly string[],
  heads: readonly string[],
  flags = '',
  keep: (secret: string, line: string, start: number) => boolean = isHarmless,
): Rule {
  const patterns = heads.map((head) => new RegExp(`${head}${value}`, flags));
  return patternRule(kind, needles, patterns, (...found) => keep(...found));
}

const longestBefore = 4000;
const doubtfulKey = /pass|pwd|secret|token|key|cred|auth|salt|pin/i;
const randomLooking = /^[\w+/=-]{20,}$/;

/**
 * A literal of `create configmap` is what the object shows to everybody who reads it: kept where neither its key nor
 * its own look speaks against it, and nothing but this one command stands before it.
 */
function isPlainLiteral(secret: string, line: string, start: number): boolean {
  if (isHarmless(secret)) return true;
  const before = line.slice(Math.max(0, start - longestBefore), start);
  // From the last one on, and at its beginning only: a line may be made of nothing but these words.
  const last = before.slice(before.lastIndexOf('create'));
  const tail = /^create\s+(?:configmap|cm)\s([^;|&\n`]*)$/.exec(last)?.[1];
  const key = /--from-literal(?:=|\s+)["'\x03]?([\w.-]+)=["'\x03]?$/.exec(tail ?? '')?.[1];
  return key !== undefined && !doubtfulKey.test(key) && !randomLooking.test(secret);
}

const word = '(?:[^|;&\\n]{0,400}?\\s)?';

export const commandRules: readonly Rule[] = [
  argumentRule(
    'secret-argument',
    [
      '--pass',
      '--token',
      '--secret',
      '--api',
      '--access',
      '--auth',
      '--client',
      '--docker-pass',
      '--bearer',
      '--private',
      '--requirepass',
      '--cred',
      '--sas',
      '--account-key',
      '--storage-key',
      '-password',
      '-secret',
      '-token',
    ],
    [
      '(?<![\\w-])--?(?:[a-z0-9]+-){0,4}(?:password|passwd|passphrase|pass|token|secret|api-key|apikey|access-key|secret-key|client-secret|auth-token|bearer|requirepass|masterauth|credentials?|sas-token|account-key|storage-key|private-key)(?:=|\\s+)(?!-)',
    ],
    'i',
  ),
  argumentRule(
    'secret-argument',
    ['--from-literal'],
    ['--from-literal(?:=|\\s+)["\']?[\\w.-]+='],
    '',
    isPlainLiteral,
  ),
  argumentRule(
    'secret-argument',
    ['redis-cli', 'keydb-cli', 'valkey-cli'],
    [`(?:redis|keydb|valkey)-cli\\s${word}-a\\s*`],
  ),
  argumentRule('secret-argument', ['mysql', 'mariadb'], [`(?:mysql|mariadb)[\\w-]*\\s${word}-p(?!\\s)`]),
  argumentRule(
    'secret-argument',
    [
      'mongo',
      'sshpass',
      'docker',
      'podman',
      'helm',
      'crane',
      'skopeo',
      'nerdctl',
      'oc login',
      'az login',
      'argocd',
      'impala',
    ],
    [
      `(?:mongo(?:sh|dump|restore|export|import)?|sshpass|(?:docker|podman|nerdctl|helm\\s+registry|crane\\s+auth|skopeo|oc|az)\\s+login)\\s${word}-p\\s*`,
    ],
  ),
  argumentRule(
    'secret-argument',
    ['sqlcmd', 'ldap', 'bcp', 'smbclient'],
    [`(?:sqlcmd|bcp)\\s${word}-P\\s*`, `ldap(?:search|modify|add|delete|passwd|whoami)\\s${word}-[wsa]\\s*`],
  ),
  patternRule(
    'basic-auth',
    ['curl', 'http -', 'https -', 'http --'],
    [
      new RegExp(
        `(?:curl|https?)\\s${word}(?:-u|--user|--proxy-user|-U|-a)(?:=|\\s*)["']?[^\\s:"']{1,128}:(?<s>[^\\s"']+)`,
      ),
    ],
    (secret) => isHarmless(secret),
  ),
  patternRule('basic-auth', ['openssl', 'pass:'], [/-pass(?:in|out)?\s+pass:(?<s>[^\s"']+)/], (secret) =>
    isHarmless(secret),
  ),
  patternRule(
    'secret-argument',
    ['htpasswd', 'rabbitmqctl', 'vault login', 'aws configure', 'chpasswd', 'requirepass', 'masterauth'],
    [
      /htpasswd\s+(?:-\w*b\w*\s+)(?:\S+\s+){1,2}(?<s>\S+)$/,
      /rabbitmqctl\s+(?:add_user|change_password|authenticate_user)\s+\S+\s+(?<s>\S+)/,
      /vault\s+login\s+(?!-)(?<s>[^\s=]{8,})/,
      /aws\s+configure\s+set\s+(?:\S*\.)?(?:aws_secret_access_key|aws_session_token)\s+(?<s>\S+)/,
      /(?:requirepass|masterauth)\s+["']?(?<s>[^\s"']+)/,
      /echo\s+["']?[\w.-]+:(?<s>[^\s"'|]+)["']?\s*\|\s*(?:sudo\s+)?chpasswd/,
    ],
    (secret) => isHarmless(secret),
  ),
  patternRule(
    'secret-argument',
    ['--password-stdin', 'login'],
    [/(?:echo|printf)\s+(?:-n\s+|'%s'\s+|%s\s+)?["']?(?<s>[^\s"'|]+)["']?\s*\|[^|]*--password-stdin/],
    (secret) => isHarmless(secret),
  ),
  patternRule(
    'sql-password',
    ['identified', 'password'],
    [
      /identified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?["'](?<s>[^"']+)/i,
      /\b(?:user|role)\b.{0,200}?\bpassword\s+["'](?<s>[^"']+)/i,
      /set\s+password\b.{0,100}?["'](?<s>[^"']+)/i,
    ],
  ),
  patternRule('netrc', ['machine', 'login'], [/\b(?:machine|login)\s+\S+.{0,200}?\bpassword\s+(?<s>\S+)/]),
  patternRule(
    'bearer-header',
    ['authorization', 'bearer', 'basic '],
    [
      /authorization["']?\s*[:=]\s*\\?["']?(?:bearer|basic|token|apikey|api-key|digest|aws4-hmac-sha256|negotiate|ntlm|splunk|genie\s?key|snowflake token=)\s+(?<s>[^\s"'\\]+)/i,
      /authorization["']?\s*:\s*\\?["']?(?!(?:bearer|basic|token|apikey|api-key|digest|aws4|negotiate|ntlm|splunk|geniekey)\b)(?<s>[A-Za-z0-9+/=_.-]+)/i,
      /\bbearer\s+(?<s>[A-Za-z0-9_.~+/=-]+)/i,
      /\bbasic\s+(?<s>[A-Za-z0-9+/]+={0,2})(?![A-Za-z0-9+/ ])/i,
    ],
    (secret) => isHarmless(secret) || secret.length < 12 || /^[a-z]{1,15}$/.test(secret),
  ),
  patternRule(
    'cookie',
    ['cookie:', 'cookie"'],
    [/\bcookie["']?\s*:\s*["']?[\w.-]+=(?<s>[^"'\r\n]+)/i],
    (secret) => isHarmless(secret),
  ),
  patternRule(
    'registry-auth',
    ['"auth"', 'auth:'],
    [/["']?\bauth\\?["']?\s*:\s*\\?["']?(?<s>[A-Za-z0-9+/]+={0,2})(?=["'\s\\,}]|$)/],
    (secret) => !decodesToPair(secret),
  ),
  patternRule(
    'secret-value',
    ['"name"', '\\"name\\"', 'name:'],
    [
      /\\?["']?name\\?["']?\s*:\s*\\?["']?[\w.-]*(?:password|passwd|secret|token|api_?key|access_?key|private_?key|credentials?|_pwd|_pass|_pw)\d?\\?["']?\s*,\s*\\?["']?value\\?["']?\s*:\s*\\?["'](?<s>(?:[^"'\\]|\\[^"'])*)/i,
    ],
    (secret) => isHarmless(secret),
  ),
];

function decodesToPair(text: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(text, 'base64').toString('latin1'));
}
