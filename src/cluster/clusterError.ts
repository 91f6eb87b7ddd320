// What can go wrong with a cluster, one code a cause, in words for the person at the keyboard.

import { RunbookError } from '../base/runbookError.ts';

export type ClusterErrorCode =
  | 'kubeconfig-missing'
  | 'kubeconfig-invalid'
  | 'kubeconfig-context'
  | 'cluster-unreachable'
  | 'cluster-certificate'
  | 'cluster-timeout'
  | 'cluster-cancelled'
  | 'cluster-exec-plugin'
  | 'cluster-unauthorised'
  | 'cluster-forbidden'
  | 'cluster-not-found'
  | 'cluster-conflict'
  | 'cluster-refused'
  | 'cluster-busy'
  | 'cluster-not-kubernetes'
  | 'cluster-server-error';

interface ClusterErrorInit {
  readonly message: string;
  readonly mend?: string;
  readonly cause?: unknown;
  /** HTTP status of the API server's answer, where there was one. */
  readonly status?: number;
}

export class ClusterError extends RunbookError {
  declare readonly code: ClusterErrorCode;
  readonly status: number | undefined;

  constructor(code: ClusterErrorCode, init: ClusterErrorInit) {
    super({ code, ...init });
    this.status = init.status;
  }
}

export function isClusterError(thrown: unknown, ...codes: ClusterErrorCode[]): thrown is ClusterError {
  return thrown instanceof ClusterError && (codes.length === 0 || codes.includes(thrown.code));
}

/** The API server's Status object, as far as it is read here. */
export interface StatusAnswer {
  readonly kind: 'Status';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

export function isStatus(value: unknown): value is StatusAnswer {
  const status = value as { kind?: unknown; apiVersion?: unknown } | null;
  return typeof status === 'object' && status?.kind === 'Status' && status.apiVersion === 'v1';
}

const certificateCodes = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|HOSTNAME_MISMATCH|CRL_)/;

/** An error of the socket or of TLS, before there was an answer. */
export function fromNetwork(server: string, thrown: unknown): ClusterError {
  const cause = rootCause(thrown);
  const code = String((cause as { code?: unknown })?.code ?? '');
  const text = cause instanceof Error ? cause.message : String(cause);
  if (certificateCodes.test(code)) {
    return new ClusterError('cluster-certificate', {
      message: `The certificate of ${server} is not trusted: ${text}.`,
      mend: 'Check certificate-authority of the cluster in the kubeconfig, and the clock of this machine.',
      cause: thrown,
    });
  }
  if (/ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA)|ALERT_HANDSHAKE/.test(code)) {
    return new ClusterError('cluster-unauthorised', {
      message: `${server} refused the client certificate: ${text}.`,
      mend: 'Renew the certificate of this user in the kubeconfig.',
      cause: thrown,
    });
  }
  if (code === 'EPROTO' || /ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/.test(code) || code.startsWith('HPE_')) {
    return new ClusterError('cluster-not-kubernetes', {
      message: `${server} does not speak the protocol of its address: ${text}.`,
      mend: 'Check server in the kubeconfig: http or https, and the port.',
      cause: thrown,
    });
  }
  return new ClusterError('cluster-unreachable', {
    message: `The cluster at ${server} can't be reached: ${networkWords[code] ?? text}.`,
    mend: 'Check the network or VPN, and the server in the kubeconfig.',
    cause: thrown,
  });
}

const networkWords: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no network',
  ETIMEDOUT: 'connecting took too long',
};

/** The first of several connection attempts (IPv6, IPv4) tells as much as all. */
function rootCause(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return thrown.errors[0];
  return thrown;
}

export function timedOut(server: string, what: string, timeoutMs: number): ClusterError {
  return new ClusterError('cluster-timeout', {
    message: `The cluster at ${server} did not answer ${what} within ${timeoutMs / 1000} s.`,
    mend: 'Try again; if it stays so, the API server is overloaded or the network drops packets.',
  });
}

export function cancelled(what: string): ClusterError {
  return new ClusterError('cluster-cancelled', { message: `${what} was cancelled.` });
}

/** An answer with a failing HTTP status; `body` is what came with it, parsed where it was JSON. */
export function fromAnswer(
  server: string,
  what: string,
  status: number,
  body: StatusAnswer | string,
): ClusterError {
  if (status < 400) return notKubernetes(server, what);
  if (typeof body === 'string' && /^\s*<(!doctype|html|\?xml)/i.test(body))
    return notKubernetes(server, what);
  const said = typeof body === 'string' ? body.trim().slice(0, 500) : (body.message ?? body.reason ?? '');
  const reason = typeof body === 'string' ? '' : (body.reason ?? '');
  const init = (message: string, mend?: string): ClusterErrorInit => ({
    message: said ? `${message}: ${said.replace(/\.$/, '')}.` : `${message}.`,
    ...(mend ? { mend } : {}),
    status,
  });
  if (status === 401) {
    return new ClusterError(
      'cluster-unauthorised',
      init(`${server} does not know who you are`, 'Log in again, or renew the token in the kubeconfig.'),
    );
  }
  // Admission webhooks refuse with 403 too, or with any code they like: their message names them.
  if (/admission webhook|ValidatingAdmissionPolicy/.test(said) || reason === 'Invalid') {
    return new ClusterError('cluster-refused', init(`The cluster refuses ${what}`));
  }
  if (status === 403) return new ClusterError('cluster-forbidden', init(`You may not do this: ${what}`));
  if (status === 404) return new ClusterError('cluster-not-found', init(`Not found: ${what}`));
  if (status === 409) return new ClusterError('cluster-conflict', init(`Conflict: ${what}`));
  if (status === 429) return new ClusterError('cluster-busy', init(`${server} asks to wait`));
  if (status >= 500) return new ClusterError('cluster-server-error', init(`${server} failed (${status})`));
  return new ClusterError('cluster-refused', init(`The cluster refuses ${what} (${status})`));
}

export function notKubernetes(server: string, what: string): ClusterError {
  return new ClusterError('cluster-not-kubernetes', {
    message: `${server} answered ${what} with something that is not the Kubernetes API.`,
    mend: 'A login page or a proxy may stand in front of it; check server in the kubeconfig.',
  });
}
