// Tokens that tell themselves by their form, whoever prints them.

import { escapeRegExp } from '../../base/escapeRegExp.ts';
import { beginsWord, patternRule, type Rule } from './rule.ts';

/** Prefix, and what must follow. The prefix alone is enough to hold a growing line back. */
const forms: readonly (readonly [kind: string, prefix: string, rest: string])[] = [
  ['aws-key-id', 'AKIA', '[A-Z0-9]{16}\\b'],
  ['aws-key-id', 'ASIA', '[A-Z0-9]{16}\\b'],
  ['github-token', 'ghp_', '[A-Za-z0-9_]{30,}'],
  ['github-token', 'gho_', '[A-Za-z0-9_]{30,}'],
  ['github-token', 'ghu_', '[A-Za-z0-9_]{30,}'],
  ['github-token', 'ghs_', '[A-Za-z0-9_.-]{30,}'],
  ['github-token', 'ghr_', '[A-Za-z0-9_]{30,}'],
  ['github-token', 'github_pat_', '[A-Za-z0-9_]{40,}'],
  ['gitlab-token', 'glpat-', '[A-Za-z0-9_.-]{20,}'],
  ['gitlab-token', 'gldt-', '[A-Za-z0-9_-]{20,}'],
  ['gitlab-token', 'glrt-', '[A-Za-z0-9_.-]{20,}'],
  ['gitlab-token', 'glcbt-', '[A-Za-z0-9_-]{20,}'],
  ['slack-token', 'xoxb-', '[A-Za-z0-9-]{10,}'],
  ['slack-token', 'xoxp-', '[A-Za-z0-9-]{10,}'],
  ['slack-token', 'xoxa-', '[A-Za-z0-9-]{10,}'],
  ['slack-token', 'xoxr-', '[A-Za-z0-9-]{10,}'],
  ['slack-token', 'xoxs-', '[A-Za-z0-9-]{10,}'],
  ['slack-token', 'xapp-', '[A-Za-z0-9-]{10,}'],
  ['openai-key', 'sk-', '(?:proj-|svcacct-|admin-|ant-|or-)?[A-Za-z0-9_-]{32,}'],
  ['stripe-key', 'sk_live_', '[A-Za-z0-9]{16,}'],
  ['stripe-key', 'sk_test_', '[A-Za-z0-9]{16,}'],
  ['stripe-key', 'rk_live_', '[A-Za-z0-9]{16,}'],
  ['webhook-secret', 'whsec_', '[A-Za-z0-9+/=]{16,}'],
  ['google-key', 'AIza', '[A-Za-z0-9_-]{35}'],
  ['google-token', 'ya29.', '[A-Za-z0-9_-]{20,}'],
  ['google-secret', 'GOCSPX-', '[A-Za-z0-9_-]{20,}'],
  ['npm-token', 'npm_', '[A-Za-z0-9]{30,}'],
  ['pypi-token', 'pypi-AgE', '[A-Za-z0-9_-]{30,}'],
  ['digitalocean-token', 'dop_v1_', '[a-f0-9]{40,}'],
  ['digitalocean-token', 'doo_v1_', '[a-f0-9]{40,}'],
  ['vault-token', 'hvs.', '[A-Za-z0-9_-]{20,}'],
  ['vault-token', 'hvb.', '[A-Za-z0-9_-]{20,}'],
  ['sendgrid-key', 'SG.', '[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}'],
  ['shopify-token', 'shpat_', '[A-Za-z0-9]{32,}'],
  ['shopify-token', 'shpss_', '[A-Za-z0-9]{32,}'],
  ['shopify-token', 'shpca_', '[A-Za-z0-9]{32,}'],
  ['shopify-token', 'shppa_', '[A-Za-z0-9]{32,}'],
  ['linear-key', 'lin_api_', '[A-Za-z0-9_]{32,}'],
  ['1password-token', 'ops_ey', '[A-Za-z0-9+/=_-]{60,}'],
  ['docker-token', 'dckr_pat_', '[A-Za-z0-9_-]{20,}'],
  ['huggingface-token', 'hf_', '[A-Za-z0-9]{30,}'],
  ['grafana-token', 'glsa_', '[A-Za-z0-9_]{30,}'],
  ['grafana-token', 'glc_ey', '[A-Za-z0-9+/=]{30,}'],
  ['brevo-key', 'xkeysib-', '[a-f0-9]{40,}[A-Za-z0-9-]*'],
  ['openshift-token', 'sha256~', '[A-Za-z0-9_-]{40,}'],
  ['age-key', 'AGE-SECRET-KEY-1', '[A-Z0-9]{50,}'],
  ['databricks-token', 'dapi', '[a-f0-9]{32}(?:-[0-9])?\\b'],
  ['doppler-token', 'dp.pt.', '[A-Za-z0-9]{30,}'],
  ['atlassian-token', 'ATATT3', '[A-Za-z0-9_=-]{40,}'],
  ['pulumi-token', 'pul-', '[a-f0-9]{40}\\b'],
  ['planetscale-token', 'pscale_tkn_', '[A-Za-z0-9_.=-]{30,}'],
  ['planetscale-password', 'pscale_pw_', '[A-Za-z0-9_.=-]{30,}'],
  ['sentry-token', 'sntrys_', '[A-Za-z0-9+/=_-]{40,}'],
  ['newrelic-key', 'NRAK-', '[A-Z0-9]{27}\\b'],
  ['figma-token', 'figd_', '[A-Za-z0-9_-]{30,}'],
  ['rubygems-key', 'rubygems_', '[a-f0-9]{40,}'],
  ['square-secret', 'sq0csp-', '[A-Za-z0-9_-]{40,}'],
  ['pagerduty-key', 'pdkey_', '[A-Za-z0-9_+-]{18,}'],
  ['jwt', 'eyJ', '[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]{6,}(?:\\.[A-Za-z0-9_-]*){1,3}'],
  ['jwt', 'ZXlK', '[A-Za-z0-9+/]{40,}={0,2}'],
  ['private-key', 'LS0tLS1CRUdJTi', '(?!BD)(?!BQVUJM)[A-Za-z0-9+/]{40,}={0,2}'],
  ['password-hash', '$2a$', '\\d\\d\\$[A-Za-z0-9./]{53}'],
  ['password-hash', '$2b$', '\\d\\d\\$[A-Za-z0-9./]{53}'],
  ['password-hash', '$2y$', '\\d\\d\\$[A-Za-z0-9./]{53}'],
  ['password-hash', '$6$', '[A-Za-z0-9./=,$-]{20,}'],
  ['password-hash', '$5$', '[A-Za-z0-9./=,$-]{20,}'],
  ['password-hash', '$y$', '[A-Za-z0-9./=,$-]{20,}'],
  ['password-hash', '$argon2', 'i?d?\\$[A-Za-z0-9+/=,$-]{20,}'],
  ['password-hash', '$apr1$', '[A-Za-z0-9./$]{20,}'],
];

/** What a token of these forms may be preceded by: nothing that could be part of a longer word. */
const before = '(?<![A-Za-z0-9_])';
const body = '[A-Za-z0-9_.~+/=$,-]*';

const byKind = new Map<string, { readonly prefixes: string[]; readonly patterns: RegExp[] }>();
for (const [kind, prefix, rest] of forms) {
  const entry = byKind.get(kind) ?? { prefixes: [], patterns: [] };
  entry.prefixes.push(prefix);
  entry.patterns.push(new RegExp(`${before}(?<s>${escapeRegExp(prefix)}${rest})`));
  byKind.set(kind, entry);
}

const look = { exact: true, confirm: beginsWord };

export const tokenRules: readonly Rule[] = [
  ...[...byKind].map(([kind, { prefixes, patterns }]) =>
    patternRule(kind, prefixes, patterns, undefined, look),
  ),
  patternRule(
    'slack-webhook',
    ['hooks.slack.com', 'discord.com/api/webhooks', 'webhook.office.com'],
    [
      /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<s>[A-Za-z0-9/_+-]+)/,
      /discord(?:app)?\.com\/api\/webhooks\/(?<s>[\w/-]+)/,
      /webhook\.office\.com\/webhookb2\/(?<s>[\w@/-]+)/,
    ],
  ),
  patternRule('telegram-token', [':AA'], [/(?<!\d)\d{8,10}:(?<s>AA[\w-]{30,})/], undefined, { exact: true }),
];

const literals = [
  ...forms.map(([, prefix]) => prefix),
  '-----BEGIN',
  'hooks.slack.com/',
  'discord.com/api/webhooks/',
];
const grown = new RegExp(`${before}(?:${forms.map(([, prefix]) => escapeRegExp(prefix)).join('|')})${body}$`);
const webhook = /(?:hooks\.slack\.com\/|discord(?:app)?\.com\/api\/webhooks\/|webhook\.office\.com\/)\S*$/;
/** The beginning of a PEM block: its first line is short, and decides. */
const pem = /-----BEGIN.*$/;
const digits = /(?<!\d)\d{8,10}(?::(?:A(?:A[\w-]*)?)?)?$/;

/**
 * From where on a line that may go on can still become a token; its length where it can't.
 * A prefix that is complete holds all that follows it in the same word; one that is not holds itself.
 */
export function tokenHold(line: string): number {
  const tail = line.slice(-4096);
  const base = line.length - tail.length;
  let hold = line.length;
  for (const pattern of [grown, webhook, digits, pem]) {
    const match = pattern.exec(tail);
    if (match) hold = Math.min(hold, base + match.index);
  }
  for (const literal of literals) {
    for (let length = Math.min(literal.length - 1, tail.length); length > 0; length -= 1) {
      if (!tail.endsWith(literal.slice(0, length))) continue;
      const at = line.length - length;
      if (at > 0 && /[A-Za-z0-9_]/.test(line[at - 1]!) && /\w/.test(literal[0]!)) continue;
      hold = Math.min(hold, at);
      break;
    }
  }
  return hold;
}
