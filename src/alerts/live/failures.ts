// Failures by named constructors: the words that the operator reads.

import type { Failure } from './outcome.ts';

export function invalidUrl(url: string): Failure {
  return failure(
    'invalid-url',
    `"${url}" is no http or https address.`,
    'Give one such as http://prometheus:9090.',
  );
}

export function unreachable(place: string, reason: string): Failure {
  return failure(
    'unreachable',
    `${place} can't be reached: ${reason}.`,
    'Check the address, the VPN and the port-forward.',
  );
}

export function untrustedCertificate(place: string, reason: string): Failure {
  const mend = 'Add its certificate authority with NODE_EXTRA_CA_CERTS, or correct the address.';
  return failure('untrusted-certificate', `The certificate of ${place} is not trusted: ${reason}.`, mend);
}

export function slow(place: string, timeoutMs: number): Failure {
  const message = `${place} did not answer within ${timeoutMs / 1000} s.`;
  return failure('slow', message, 'Ask again, ask for less, or raise the timeout.');
}

export function cancelled(place: string): Failure {
  return failure('cancelled', `The request to ${place} was cancelled.`, 'Ask again.');
}

export function unauthorised(place: string, hasAuth: boolean): Failure {
  return hasAuth
    ? failure(
        'unauthorised',
        `${place} does not accept the stored credentials (401).`,
        'Store a new token or password.',
        401,
      )
    : failure(
        'unauthorised',
        `${place} wants credentials (401) and none are stored.`,
        'Store a token or a password.',
        401,
      );
}

export function forbidden(place: string): Failure {
  return failure('forbidden', `${place} refuses this user (403).`, 'Ask for read access to its API.', 403);
}

export function redirected(place: string, status: number, target: string): Failure {
  const mend =
    'Give the address behind it, or sign in and store a token: a redirect is not followed with credentials.';
  return failure('redirected', `${place} redirects to ${target} (${status}).`, mend, status);
}

export function html(place: string, status: number, title: string): Failure {
  const what = title === '' ? 'a web page' : `a web page, "${title}"`;
  const mend = 'The address may be that of a login page or of a user interface: give the one of the API.';
  return failure('html', `${place} answers with ${what} where JSON was asked for (${status}).`, mend, status);
}

export function removedApi(place: string): Failure {
  const message = `${place} is of Alertmanager's v1 API, which version 0.27 removed.`;
  return failure('removed-api', message, 'Use the v2 API: give the address without /api/v1.', 410);
}

export function notFound(place: string, product: string): Failure {
  const message = `${place} is not there (404).`;
  return failure(
    'not-found',
    message,
    `Check that the address is that of ${product}, path prefix included.`,
    404,
  );
}

export function badQuery(message: string, status: number): Failure {
  return failure('bad-query', `Prometheus can't run the query: ${message}`, 'Correct the query.', status);
}

export function serverError(place: string, status: number, text: string): Failure {
  const message = `${place} failed with status ${status}${text === '' ? '' : `: ${text}`}.`;
  return failure('server-error', message, "Look at the server's own log.", status);
}

export function unreadable(place: string, why: string): Failure {
  return failure(
    'unreadable',
    `${place} answers with something that is not its API's: ${why}.`,
    'Check the address.',
  );
}

export function tooLarge(place: string, maxBytes: number): Failure {
  const message = `${place} answers with more than ${Math.round(maxBytes / 1024 / 1024)} MB.`;
  return failure('too-large', message, 'Ask for less: a shorter range, a longer step, fewer series.');
}

function failure(cause: Failure['cause'], message: string, mend: string, status?: number): Failure {
  return { ok: false, cause, message, mend, ...(status !== undefined && { status }) };
}
