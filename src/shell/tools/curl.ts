// curl: the method decides, and where the answer goes.

import type { Call, Tool, Verdict } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { riskOfWriting, shownPath } from '../redirections.ts';
import { highestRisk, type Risk } from '../risk.ts';
import { unknownPart } from '../word.ts';
import { curlFlags } from './curlFlags.ts';

const bodies = [
  '--data',
  '--data-ascii',
  '--data-binary',
  '--data-raw',
  '--data-urlencode',
  '--form',
  '--form-string',
  '--json',
];
const outputs = [
  '--output',
  '--dump-header',
  '--cookie-jar',
  '--trace',
  '--trace-ascii',
  '--stderr',
  '--libcurl',
  '--etag-save',
  '--hsts',
  '--alt-svc',
];

export const curl: Tool = {
  names: ['curl'],
  classify(call: Call): Verdict {
    const parsed = parseFlags(call.args, curlFlags, 'gnu');
    const risks: Risk[] = [];
    const reasons: string[] = [];
    const writes: string[] = [];
    const add = (risk: Risk, why: string): void => {
      risks.push(risk);
      reasons.push(why);
    };
    if (parsed.unlisted.length) add('unknown', `curl has no flag ${parsed.unlisted.join(', ')} that we know`);
    const urls = [...parsed.operands.map((word) => word.value), ...parsed.all('--url')];
    const method = methodOf(parsed);
    const [risk, why] = meaningOf(method, urls);
    add(risk, why);
    if (parsed.all('--header').some((header) => /^x-(http-)?method(-override)?:\s*delete/i.test(header)))
      add('destroy', 'deletes (by a header that overrides the method)');
    if (parsed.on('--config')) add('unknown', 'takes its options from a file (-K)');
    if (parsed.on('--quote')) add('unknown', 'sends commands of the protocol (-Q)');
    if (urls.some(speaksOtherwise)) add('unknown', 'talks another protocol than HTTP, which may do anything');
    if (parsed.on('--engine')) add('unknown', 'loads a program (--engine)');
    if (/%output\{/.test(parsed.last('--write-out') ?? '')) add('write', 'writes a file (%output)');
    if (parsed.on('--netrc') || parsed.on('--netrc-file')) add('read', 'sends the credentials of a file');
    if (parsed.on('--telnet-option')) add('unknown', 'talks telnet');
    for (const flag of outputs) {
      for (const path of parsed.all(flag)) {
        const meaning = path === '-' || path === '%' ? null : riskOfWriting(path);
        if (!meaning) continue;
        writes.push(shownPath(path));
        add(meaning.risk, meaning.why);
      }
    }
    if (parsed.on('--remote-name') || parsed.on('--remote-name-all'))
      add(
        riskOfWriting(`${parsed.last('--output-dir') ?? '.'}/…`)?.risk ?? 'write',
        'writes a file named by the URL (-O)',
      );
    if (urls.some((url) => /^file:/.test(url))) add('secret', 'reads a local file by URL');
    if (urls.some(isSecretPath)) add('secret', 'reads a path that hands out credentials');
    const url = urls[0] ?? '';
    const ungated: string[] = [];
    if (risk !== 'read' && /^https:/i.test(url))
      ungated.push('HTTPS: the gate sees the host, not the method or the body');
    if (
      parsed.on('--noproxy') ||
      parsed.on('--proxy') ||
      parsed.on('--unix-socket') ||
      parsed.on('--preproxy') ||
      parsed.flags.some(({ name }) => name.startsWith('--socks')) ||
      parsed.on('--connect-to')
    ) {
      ungated.push('goes past the session’s proxy');
    }
    return {
      risk: highestRisk(risks),
      reasons,
      verb: method,
      writes,
      reads: parsed.all('--upload-file').filter((path) => path !== '-' && !path.includes(unknownPart)),
      ...(ungated.length ? { ungated } : {}),
    };
  },
};

function methodOf(parsed: ReturnType<typeof parseFlags>): string {
  const given = parsed.last('--request');
  if (given !== undefined) return given.includes(unknownPart) ? '?' : given.toUpperCase();
  if (parsed.on('--head')) return 'HEAD';
  if (parsed.on('--upload-file')) return 'PUT';
  if (bodies.some((flag) => parsed.on(flag)) && !parsed.on('--get')) return 'POST';
  return 'GET';
}

/** Where a POST is a delete: Elasticsearch's, Prometheus's, and paths that say so. */
const deletes = /_delete_by_query|\/delete_series\b|\/(delete|destroy|purge|wipe|flush(all|db)?)(?=$|[/?#])/i;

/** Of an HTTP method, by its definition in RFC 9110, and by what it is sent to. */
export function meaningOf(method: string, urls: readonly string[] = []): [Risk, string] {
  if (/^(POST|PUT|PATCH)$/.test(method) && urls.some((url) => deletes.test(url)))
    return ['destroy', `deletes (${method} to a path that says so)`];
  if (/^(GET|HEAD|OPTIONS|TRACE|PROPFIND)$/.test(method)) return ['read', `asks with ${method}`];
  if (/^(DELETE|PURGE)$/.test(method)) return ['destroy', `deletes (${method})`];
  if (/^(POST|PUT|PATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK)$/.test(method)) return ['change', `sends a ${method}`];
  return [
    'unknown',
    method === '?' ? 'has a method that is known only at run time' : `has the method ${method}`,
  ];
}

/** They write what the URL says to any port, or have verbs of their own. */
function speaksOtherwise(url: string): boolean {
  return /^(gophers?|dict|telnet|ldaps?|smtps?|imaps?|pop3s?|mqtts?|rtsp|smbs?|wss?|tftp):\/\//i.test(url);
}

function isSecretPath(url: string): boolean {
  return /169\.254\.169\.254\/.*(security-credentials|token|user-data)|metadata\.google\.internal\/.*(token|identity|ssh-keys|attributes)|\/v1\/secret\/|\/v1\/[\w-]+\/data\/|\/api\/v1\/.*secrets/.test(
    url,
  );
}
