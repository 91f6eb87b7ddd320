// A `fetch` that reaches the services of the pinned cluster by their names, through its API server.

import type { SessionTarget } from './sessionTarget.ts';

/** A `fetch` whose host names are services of the pinned cluster; a name that is none can't be reached. */
export function clusterFetch(target: SessionTarget): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? undefined;
    const address = await target.cluster.resolveService(
      url.hostname,
      Number(url.port || 80),
      signal ? { signal } : {},
    );
    if (!address) {
      const { context, namespace } = target.pin;
      throw new TypeError(`the cluster ${context} has no service ${url.host} in ${namespace}`);
    }
    const response = await target.cluster.requestService(address, {
      method: init?.method ?? 'GET',
      path: url.pathname + url.search,
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === 'string' ? { body: Buffer.from(init.body) } : {}),
      ...(signal ? { signal } : {}),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      headers.set(name, [value].flat().join(', '));
    return new Response(Buffer.concat(chunks), { status: response.status, headers });
  };
}
