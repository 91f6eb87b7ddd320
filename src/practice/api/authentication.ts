// Bearer tokens to users, and impersonation, which takes its own permission.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../store/apiError.ts';
import type { ObjectStore } from '../store/objectStore.ts';
import { may, type User } from './rbac.ts';
import type { Tokens } from './reviews.ts';

export const adminUser: User = {
  name: 'practice-admin',
  groups: ['system:masters', 'system:authenticated'],
};

/** Tokens in memory: they end with the cluster. */
export class TokenTable implements Tokens {
  readonly #users = new Map<string, User>();

  issue(user: User): string {
    const token = `practice.${randomBytes(24).toString('hex')}`;
    this.#users.set(token, user);
    return token;
  }

  /** Takes a token that was made earlier: a daemon keeps its kubeconfig over a restart. */
  adopt(token: string, user: User): void {
    this.#users.set(token, user);
  }

  userOf(token: string): User | undefined {
    return this.#users.get(token);
  }
}

export function authenticate(request: IncomingMessage, tokens: Tokens, store: ObjectStore): User {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '');
  const user = bearer && tokens.userOf(bearer[1]!);
  if (!user) throw ApiError.unauthorized();
  const wanted = request.headers['impersonate-user'];
  if (typeof wanted !== 'string') return user;
  const [kind, name] = wanted.startsWith('system:serviceaccount:')
    ? ['serviceaccounts', wanted.split(':')[3]!]
    : ['users', wanted];
  if (!may(store, user, { verb: 'impersonate', group: '', resource: kind, namespace: '', name }))
    throw ApiError.forbidden(
      kind,
      '',
      name,
      `User "${user.name}" cannot impersonate resource "${kind}" in API group ""`,
    );
  const given = request.headers['impersonate-group'];
  const groups = given ? (Array.isArray(given) ? given : given.split(/,\s*/)) : [];
  const [, , account] = wanted.split(':');
  const implied =
    kind === 'serviceaccounts' ? ['system:serviceaccounts', `system:serviceaccounts:${account}`] : [];
  return { name: wanted, groups: [...groups, ...implied, 'system:authenticated'] };
}
