// The user's own proxy for a server, by the variables that kubectl obeys (client-node reads only the kubeconfig).

/** HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY or a loopback address says otherwise. */
export function proxyFor(server: URL, env: NodeJS.ProcessEnv): string | undefined {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  const proxy =
    server.protocol === 'https:' ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy);
  if (!proxy) return undefined;
  const exceptions = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((one) => one.trim().toLowerCase());
  for (const exception of exceptions) {
    if (exception === '*') return undefined;
    const bare = exception.replace(/^\*?\./, '').replace(/:\d+$/, '');
    if (bare && (host === bare || host.endsWith(`.${bare}`))) return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
