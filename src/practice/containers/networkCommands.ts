// Commands on the network: curl, wget, nslookup, ping, nc. They reach the cluster's services and nothing else:
// a host outside gets an answer that says so.

import { pathIn, readAll, readFlags } from './commandTools.ts';
import type { Command, CommandContext, HttpAnswer } from './program.ts';

const valued = ['X', 'd', 'H', 'o', 'm', 'u', 'w', 'A', 'b', 'data', 'data-raw', 'header', 'request', 'output', 'max-time', 'connect-timeout', 'write-out', 'retry', 'user']; // biome-ignore format: flags

const statusTexts: Record<number, string> = { 200: 'OK', 201: 'Created', 202: 'Accepted', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 410: 'Gone', 429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable' }; // biome-ignore format: a table

/** What stands for every host outside the cluster. */
const outside: HttpAnswer = {
  status: 200,
  headers: { 'X-Practice-Cluster': 'the outside world is not reached from here' },
  body: 'practice cluster: the outside world is not reached from here\n',
};

export function bodyText(answer: HttpAnswer): string {
  return typeof answer.body === 'string' ? answer.body : `${JSON.stringify(answer.body)}`;
}

function isOutside(host: string): boolean {
  return (
    /\.[a-z]{2,}$/i.test(host) &&
    !/\.(svc|local)$/i.test(host) &&
    host.split('.').length > 1 &&
    !/\.cluster$/.test(host)
  );
}

/** The answer of a URL as seen from the container, or curl's exit code and complaint. */
async function fetchFrom(
  context: CommandContext,
  url: string,
  method: string,
  body?: Buffer,
): Promise<HttpAnswer | { code: number; told: string }> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme && scheme !== 'http' && scheme !== 'https')
    return { code: 1, told: `Protocol "${scheme}" not supported` };
  const parsed = URL.parse(scheme ? url : `http://${url}`);
  if (!parsed) return { code: 3, told: 'URL using bad/illegal format or missing URL' };
  const port = Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80));
  const path = parsed.pathname + parsed.search;
  const request = { method, host: parsed.hostname, port, path, ...(body ? { body } : {}) };
  if (parsed.hostname === 'localhost' || parsed.hostname === '127.0.0.1') {
    const { program } = context.view as unknown as {
      program: { answer?: (v: unknown, r: unknown) => HttpAnswer };
    };
    const answer = await program.answer?.(context.view, request);
    return (
      answer ?? { code: 7, told: `Failed to connect to ${parsed.hostname} port ${port}: Connection refused` }
    );
  }
  const namespace = context.view.pod.metadata.namespace!;
  const answer = await context.view.cluster.request(namespace, request);
  if (answer) return answer;
  if (isOutside(parsed.hostname)) return outside;
  const known = context.view.cluster.get('/services', ...serviceOf(parsed.hostname, namespace));
  return known
    ? { code: 7, told: `Failed to connect to ${parsed.hostname} port ${port}: Connection refused` }
    : { code: 6, told: `Could not resolve host: ${parsed.hostname}` };
}

/** `name`, `name.namespace`, `name.namespace.svc…` → namespace and name. */
export function serviceOf(host: string, namespace: string): [namespace: string, name: string] {
  const [name = '', of = namespace] = host.split('.');
  return [of, name];
}

const curl: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, valued);
  const url = rest[0];
  if (!url) {
    context.err('curl: (2) no URL specified\n');
    return 2;
  }
  const data = flags.get('d') ?? flags.get('data') ?? flags.get('data-raw');
  const head = flags.has('I') || flags.has('head');
  const method =
    flags.get('X') ?? flags.get('request') ?? (head ? 'HEAD' : data === undefined ? 'GET' : 'POST');
  const answer = await fetchFrom(context, url, method, data === undefined ? undefined : Buffer.from(data));
  const silent = flags.has('s') || flags.has('silent');
  const complain = (code: number, told: string): number => {
    if (!silent || flags.has('S')) context.err(`curl: (${code}) ${told}\n`);
    return code;
  };
  if ('code' in answer) return complain(answer.code, answer.told);
  if ((flags.has('f') || flags.has('fail')) && answer.status >= 400)
    return complain(22, `The requested URL returned error: ${answer.status}`);
  const headers = {
    'Content-Type': typeof answer.body === 'string' ? 'text/plain' : 'application/json',
    ...answer.headers,
  };
  if (head || flags.has('i')) {
    context.out(`HTTP/1.1 ${answer.status} ${statusTexts[answer.status] ?? ''}\r\n`);
    for (const [name, value] of Object.entries(headers)) context.out(`${name}: ${value}\r\n`);
    context.out('\r\n');
  }
  const target = flags.get('o') ?? flags.get('output');
  if (!head) {
    if (!target) context.out(bodyText(answer));
    else if (target !== '/dev/null') context.view.files.write(pathIn(context, target), bodyText(answer));
  }
  const format = flags.get('w') ?? flags.get('write-out');
  if (format) context.out(format.replaceAll('%{http_code}', String(answer.status)).replaceAll('\\n', '\n'));
  return 0;
};

const wget: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['O', 'T', 't']);
  const answer = await fetchFrom(context, rest[0] ?? '', 'GET');
  if ('code' in answer || answer.status >= 400) {
    context.err(
      `wget: ${'code' in answer ? answer.told : `server returned error: HTTP/1.1 ${answer.status}`}\n`,
    );
    return 1;
  }
  const target = flags.get('O') ?? rest[0]!.split('/').pop() ?? 'index.html';
  if (target === '-') context.out(bodyText(answer));
  else if (!flags.has('spider'))
    context.view.files.write(pathIn(context, target || 'index.html'), bodyText(answer));
  return 0;
};

function addressOf(context: CommandContext, host: string): string | undefined {
  const namespace = context.view.pod.metadata.namespace!;
  const service = context.view.cluster.get('/services', ...serviceOf(host, namespace));
  if (service) return service.spec.clusterIP;
  return isOutside(host) ? '198.51.100.7' : undefined;
}

const nslookup: Command = (context) => {
  const host = context.argv[1] ?? '';
  const address = addressOf(context, host);
  context.out('Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n');
  if (!address) {
    context.out(`** server can't find ${host}: NXDOMAIN\n\n`);
    return 1;
  }
  const [namespace, name] = serviceOf(host, context.view.pod.metadata.namespace!);
  const full = isOutside(host) ? host : `${name}.${namespace}.svc.cluster.local`;
  context.out(`Name:\t${full}\nAddress: ${address}\n\n`);
  return 0;
};

const ping: Command = (context) => {
  const { rest } = readFlags(context.argv, ['c', 'W', 'i']);
  const address = addressOf(context, rest[0] ?? '');
  if (!address) {
    context.err(`ping: bad address '${rest[0]}'\n`);
    return 1;
  }
  context.out(
    `PING ${rest[0]} (${address}): 56 data bytes\n64 bytes from ${address}: seq=0 ttl=63 time=0.4 ms\n`,
  );
  return 0;
};

const nc: Command = async (context) => {
  const { rest } = readFlags(context.argv, ['w']);
  const [host = '', port = '0'] = rest;
  const namespace = context.view.pod.metadata.namespace!;
  const [of, name] = serviceOf(host, namespace);
  const open = context.view.cluster.readyEndpoints(of, name) > 0;
  if (!open) {
    context.err(`nc: ${host} (${host}:${port}): Connection refused\n`);
    return 1;
  }
  await readAll(context.stdin);
  context.out(`${host} (${addressOf(context, host)}:${port}) open\n`);
  return 0;
};

export const networkCommands: Readonly<Record<string, Command>> = {
  curl,
  wget,
  nslookup,
  dig: nslookup,
  ping,
  nc,
};
