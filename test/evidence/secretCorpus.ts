// Real-shaped secrets and what looks like them. Every value is made up; those with a check digit or a fixed
// form are random in the rest. They are put together at run time so that no scanner of this repository cries.

import { createHash } from 'node:crypto';

/** Reproducible characters of an alphabet. */
function made(seed: string, length: number, alphabet: string): string {
  let out = '';
  for (let round = 0; out.length < length; round += 1) {
    for (const byte of createHash('sha256').update(`${seed}/${round}`).digest())
      out += alphabet[byte % alphabet.length];
  }
  return out.slice(0, length);
}
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const hexDigits = '0123456789abcdef';
const b64 = `${alnum}+/`;
const url64 = `${alnum}-_`;
const a = (seed: string, length: number): string => made(seed, length, alnum);
const hex = (seed: string, length: number): string => made(seed, length, hexDigits);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const jwt = (seed: string): string =>
  `${url({ alg: 'RS256', kid: seed })}.${url({ sub: `system:serviceaccount:default:${seed}`, iss: 'kubernetes/serviceaccount' })}.${made(seed, 86, url64)}`;
const pemBody = (seed: string): string[] => [0, 1, 2, 3].map((row) => made(`${seed}${row}`, 64, b64));
const pem = (seed: string, kind: string): string =>
  [
    `-----BEGIN ${kind}-----`,
    ...pemBody(seed),
    `${made(`${seed}end`, 31, b64)}=`,
    `-----END ${kind}-----`,
  ].join('\n');

export interface Planted {
  readonly name: string;
  /** As it stands in what a command prints or an author writes. */
  readonly text: string;
  /** What must be found nowhere. */
  readonly secrets: readonly string[];
}

const plant = (name: string, secret: string, text = '%'): Planted => ({
  name,
  text: text.replaceAll('%', () => secret),
  secrets: [secret],
});
const pair = base64('deploy:T0pS3cr3t-pair');
const serviceToken = jwt('builder');
const dataValue = 'Zebra-quartz-9041';
const otherValue = 'violet!Lagoon77';

/** At least sixty. */
export const secrets: readonly Planted[] = [
  plant('aws key id', `AKIA${made('aws', 16, upper)}`, 'using % in eu-west-1'),
  plant('aws session key id', `ASIA${made('aws2', 16, upper)}`, '  "AccessKeyId": "%",'),
  plant('aws secret key', made('awss', 40, b64), 'aws_secret_access_key = %'),
  plant('aws secret key, environment', made('awse', 40, b64), 'export AWS_SECRET_ACCESS_KEY=%'),
  plant('aws secret key, JSON', made('awsj', 40, b64), '    "SecretAccessKey": "%",'),
  plant('aws session token', made('awst', 200, b64), 'AWS_SESSION_TOKEN=%'),
  plant('yaml block', a('yb', 24), 'db:\n  password: |\n    %\n  user: shop'),
  plant('yaml folded', a('yf', 24), '- apiToken: >-\n\n    %\n- user: shop'),
  plant('github classic', `ghp_${a('gh', 36)}`, 'remote: %'),
  plant('github fine-grained', `github_pat_${a('ghf', 22)}_${a('ghf2', 59)}`),
  plant('github app', `ghs_${a('ghs', 36)}`, 'token %!'),
  plant('gitlab', `glpat-${a('gl', 20)}`, '(%)'),
  plant('slack bot', `xoxb-${made('sl', 12, '0123456789')}-${made('sl2', 12, '0123456789')}-${a('sl3', 24)}`),
  plant(
    'slack webhook',
    `T${made('sw', 8, upper)}/B${made('sw2', 8, upper)}/${a('sw3', 24)}`,
    'curl https://hooks.slack.com/services/% -d x',
  ),
  plant('stripe', `sk_live_${a('st', 24)}`),
  plant('openai', `sk-proj-${a('oa', 48)}`),
  plant('anthropic', `sk-ant-api03-${made('an', 93, url64)}AA`),
  plant('google api', `AIza${made('go', 35, url64)}`),
  plant('google refresh', `ya29.${made('gr', 60, url64)}`),
  plant('npm', `npm_${a('np', 36)}`),
  plant('npmrc', a('nprc', 36), '//registry.example.com/:_authToken=%'),
  plant('pypi', `pypi-AgEIcHlwaS5vcmc${made('py', 60, url64)}`),
  plant('vault', `hvs.${made('va', 90, url64)}`),
  plant('sendgrid', `SG.${made('sg', 22, url64)}.${made('sg2', 43, url64)}`),
  plant('docker hub', `dckr_pat_${made('dk', 27, url64)}`),
  plant('grafana', `glsa_${a('gf', 32)}_${hex('gf2', 8)}`),
  plant('openshift', `sha256~${made('os', 43, url64)}`, 'oc login --token=% --server=https://api:6443'),
  plant('digitalocean', `dop_v1_${hex('do', 64)}`),
  plant('shopify', `shpat_${hex('sh', 32)}`),
  plant('hugging face', `hf_${a('hf', 34)}`),
  plant('age key', `AGE-SECRET-KEY-1${made('age', 58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`),
  plant('databricks', `dapi${hex('db', 32)}`),
  plant('telegram', `AA${made('tg2', 33, url64)}`, `bot${made('tg', 9, '123456789')}:% started`),
  plant('service account token', serviceToken, 'token: %'),
  plant('service account token alone', jwt('solo')),
  plant('service account token, base64', base64(jwt('encoded')), '  token: %'),
  plant('bearer header', made('be', 40, url64), 'curl -H "Authorization: Bearer %" https://api/x'),
  plant('bearer in a log', made('bl', 40, url64), '> authorization: Bearer %'),
  plant('basic header', base64('ops:Sw0rdf1sh!'), 'Authorization: Basic %'),
  plant('api key header', a('ak', 32), 'X-Api-Key: %'),
  plant('cookie', a('co', 40), 'Set-Cookie: sid=%; HttpOnly'),
  plant('url password', 'p4ss-W0rd_x', 'postgres://app:%@db.prod:5432/orders?sslmode=require'),
  plant('url password with odd signs', 'Tr0ub4dor&3', 'amqp://worker:%@mq:5672/'),
  plant('url password, redis', a('re', 24), 'redis://:%@cache:6379/0'),
  plant('url token', a('ut', 40), 'git clone https://%@github.com/acme/x.git'),
  plant('data source name', 'Gr33n-Apple', 'DSN is shop:%@tcp(mysql:3306)/shop'),
  plant('mongodb', a('mo', 20), 'mongodb+srv://svc:%@c0.example.mongodb.net/db'),
  plant(
    'signed url',
    made('si', 43, alnum),
    'https://acct.blob.core.windows.net/c/b?sv=2022&sig=%25%3D'.replace('%25%3D', '%'),
  ),
  plant(
    'azure account key',
    `${made('az', 86, b64)}==`,
    'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=%;EndpointSuffix=core',
  ),
  plant('env file', 'correct horse 9 battery', 'DB_PASSWORD=%'),
  plant('env file, quoted', 'w1th "quotes', "API_SECRET='%'"),
  plant('yaml', 'hunter2-but-longer', '  password: %'),
  plant('yaml phrase', 'twelve blue Elephants 12', 'passphrase: %'),
  plant('json', 'Kettle#Moon_4', '{"user":"bob","password":"%","port":5432}'),
  plant('escaped json', 'Kettle#Sun_5', '"{\\"user\\":\\"bob\\",\\"password\\":\\"%\\"}"'),
  plant('log pair', a('lp', 20), 'level=info user=bob token=% ok=true'),
  plant('log pair, spaced', a('ls', 20), 'login with client_secret = % done'),
  plant('redis-cli', 's3s4me-0pen', 'redis-cli -h cache -a % FLUSHDB'),
  plant('mysql', 'Pa55.mysql', 'mysql -u root -p% -e "select 1"'),
  plant('curl user', 'wh1sper-low', 'curl -s -u admin:% https://host/x'),
  plant('from-literal', 'l1teral-value', 'kubectl create secret generic x --from-literal=whatever=%'),
  plant('password flag', 'fl4g-value', 'helm upgrade x --set a=b --password % --wait'),
  plant('docker login', 'd0cker-login', 'docker login -u bob -p % registry.example.com'),
  plant('sshpass', 'ssh-P4ss', 'sshpass -p % ssh root@h'),
  plant('psql variable', 'pg-P4ss-word', 'PGPASSWORD=% psql -h db'),
  plant('sql', 'sql-P4ss-word', "ALTER USER app WITH PASSWORD '%';"),
  plant('openssl', 'ossl-P4ss', 'openssl rsa -passin pass:% -in k'),
  plant('bcrypt', `$2b$12$${made('bc', 53, `${alnum}./`)}`, 'admin:%'),
  plant('shadow', `$6$${a('sa', 16)}$${made('sb', 86, `${alnum}./`)}`, 'root:%:19000:0:99999:7:::'),
  plant('docker config', pair, '{"auths":{"registry.example.com":{"auth":"%"}}}'),
  plant('describe env', 'desc-P4ss-word', '      DB_PASSWORD:      %'),
  plant('env list', 'list-P4ss-word', '{"env":[{"name":"DB_PASSWORD","value":"%"}]}'),
  plant(
    'env list, lines',
    'yaml-P4ss-word',
    '        - name: REDIS_PASSWORD\n          value: %\n        - name: MODE',
  ),
  plant('netrc', 'n3trc-pass', 'machine api.example.com login bob password %'),
  plant('coloured, in YAML', 'y4ml-coloured-pass', 'note: "\\e[32mpassword\\e[0m=\\e[01;31m%\\e[m\\e[K"'),
  plant(
    'coloured, in JSON',
    'js0n-coloured-pass',
    '{"log":"\\u001b[32mpassword\\u001b[0m=\\u001b[01;31m%\\u001b[m"}',
  ),
  plant('coloured', 'c0loured-pass', '\x1b[32mpassword\x1b[0m=\x1b[01;31m%\x1b[m\x1b[K'),
  ...(
    [
      'RSA PRIVATE KEY',
      'EC PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
      'PRIVATE KEY',
      'PGP PRIVATE KEY BLOCK',
    ] as const
  ).map((kind) => ({
    name: kind,
    text: `before\n${pem(kind, kind)}\nafter`,
    secrets: pemBody(kind),
  })),
  {
    name: 'pem in json',
    text: `{"private_key":"${pem('pj', 'PRIVATE KEY').replaceAll('\n', '\\n')}\\n"}`,
    secrets: pemBody('pj'),
  },
  {
    name: 'client-key-data',
    text: `    client-key-data: ${base64(pem('ck', 'RSA PRIVATE KEY'))}`,
    secrets: [base64(pem('ck', 'RSA PRIVATE KEY'))],
  },
  {
    name: 'secret manifest',
    text: `apiVersion: v1\ndata:\n  anything: ${base64(dataValue)}\n  other: ${base64(otherValue)}\nkind: Secret\nmetadata:\n  name: x\n`,
    secrets: [base64(dataValue), base64(otherValue)],
  },
  {
    name: 'secret manifest, json',
    text: `{\n    "apiVersion": "v1",\n    "data": {\n        "anything": "${base64('Marble_staircase_8')}"\n    },\n    "kind": "Secret"\n}`,
    secrets: [base64('Marble_staircase_8')],
  },
  {
    name: 'secret manifest, one line',
    text: `{"apiVersion":"v1","data":{"anything":"${base64('Copper_lantern_31')}"},"kind":"Secret","metadata":{"name":"x"}}`,
    secrets: [base64('Copper_lantern_31')],
  },
  {
    name: 'secret manifest, plain',
    text: 'kind: Secret\nstringData:\n  anything: Paper-lion 22\n',
    secrets: ['Paper-lion 22'],
  },
];

/** At least sixty that must stay as they are. */
export const lookAlikes: readonly string[] = [
  '2026-11-21T22:15:04.123456789Z INFO ready',
  'Nov 21 22:15:04 node-1 kubelet[1234]: started',
  '10.128.4.17:8443',
  '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  'fe80::1ff:fe23:4567:890a%eth0',
  'aureus-frontend-7d9f8b6c5-x2x1z   1/1   Running   0   3h',
  'statefulset.apps/postgres-0 restarted',
  '550e8400-e29b-41d4-a716-446655440000',
  'trace=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7',
  'image: registry.example.com/shop/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
  'etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"',
  'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDkAXLVI7RRcPGV1vM (ED25519)',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0gkq8bM3yYg9X8kq2l4O7O0xN1Q3yXk6bqG1y9Qw1Z ops@host',
  '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2Fubm90IGJlIHNlY3JldDAKBggqhkjOPQQDAjAPMQ0w\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8xOUetsCa8EfOlDEBAfREhJqspDo\n-----END PUBLIC KEY-----',
  'certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJzekNDQVZtZ0F3SUJBZ0lVUTJGdWJtOTA=',
  'secret/my-app-tls created',
  'secretName: my-app-tls',
  'secretKeyRef:\n  name: db-credentials\n  key: password',
  'imagePullSecrets:\n- name: regcred',
  'imagePullSecret: regcred',
  'password: ""',
  'password: null',
  'DB_PASSWORD=$DB_PASSWORD',
  'DB_PASSWORD=${DB_PASSWORD}',
  'password: <redacted>',
  'password: ********',
  'token: {{ .Values.token }}',
  'export API_TOKEN=$(vault read -field=x secret/x)',
  'tokens used: 4096, max_tokens=8192',
  'token_count=512',
  'Error: invalid token: unexpected end of file',
  'error: You must be logged in to the server (Unauthorized)',
  'Please enter your password: ',
  'sudo: a password is required',
  'the secret "db-credentials" was not found',
  'Warning: Using a password on the command line interface can be insecure.',
  'passwordPolicy: strict',
  'password_reset_url=https://example.com/reset',
  'token_url: https://auth.example.com/oauth/token',
  'automountServiceAccountToken: false',
  'serviceAccountToken:\n  path: token\n  expirationSeconds: 3607',
  '/var/run/secrets/kubernetes.io/serviceaccount/token',
  'token-file=/var/run/secrets/token',
  'bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token',
  'cat: /etc/passwd: Permission denied',
  'https://example.com:8443/path?page=2&sort=key',
  'git@github.com:acme/runbooks.git',
  'mailto:oncall@example.com',
  'http://prometheus:9090/api/v1/query?query=up{job="api"}',
  'postgres://db.prod:5432/orders',
  'max_connections=100 shared_buffers=128MB',
  'apiVersion: v1\ndata:\n  LOG_LEVEL: info\n  MODE: fast\nkind: ConfigMap',
  'key=value other=thing monkey=banana keyspace=orders',
  'primary key: order_id',
  'public_key_fingerprint=ab:cd:ef:01:23:45',
  'sk-small and task-force, disk-usage at 93%',
  'resourceVersion: "184467440737"',
  'uid: 7f3c1a52-9f0e-4f7e-8a55-0c4b1b6d3e21',
  'checksum/config: 5f4dcc3b5aa765d61d8327deb882cf99aabbccddeeff00112233445566778899',
  'x-request-id: 9b2f6c1e-7a35-4d2e-8f0c-2b1a3c4d5e6f',
  'Basic authentication is required',
  'the bearer of this letter',
  'nonce=00000000000000000000 retries=3',
  'eyJ is how a token begins',
  'AKIA is a prefix',
  'go: downloading golang.org/x/crypto v0.17.0 h1:r8bRNjWL3GshPW3gkd+RpvzWrZAwPS49OmTGRsQx6M4=',
];
