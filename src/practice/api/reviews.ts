// The kinds that are questions: who am I, may I, what may I; and a service account's token.

import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';
import { type Attributes, may, rulesFor, type User } from './rbac.ts';

export interface Tokens {
  userOf(token: string): User | undefined;
  issue(user: User): string;
}

function attributesOf(spec: Json): Attributes {
  if (spec.nonResourceAttributes) {
    const { path, verb } = spec.nonResourceAttributes;
    return { verb, group: '', resource: '', namespace: '', name: '', path };
  }
  const {
    verb = '',
    group = '',
    resource = '',
    subresource,
    namespace = '',
    name = '',
  } = spec.resourceAttributes ?? {};
  return { verb, group, resource: subresource ? `${resource}/${subresource}` : resource, namespace, name };
}

/** The answer to a review that was created; undefined for a kind that is none. */
export function answerReview(
  plural: string,
  body: Json,
  user: User,
  store: ObjectStore,
  tokens: Tokens,
): Json | undefined {
  const spec = body?.spec ?? {};
  const verdict = (asking: User): Json => {
    const allowed = may(store, asking, attributesOf(spec));
    return { ...body, status: { allowed, ...(allowed ? { reason: 'practice: RBAC' } : {}) } };
  };
  switch (plural) {
    case 'selfsubjectaccessreviews':
      return verdict(user);
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return verdict({ name: spec.user ?? '', groups: spec.groups ?? [] });
    case 'selfsubjectreviews':
      return { ...body, status: { userInfo: { username: user.name, groups: user.groups } } };
    case 'tokenreviews': {
      const found = tokens.userOf(spec.token ?? '');
      const status = found
        ? { authenticated: true, user: { username: found.name, groups: found.groups } }
        : { authenticated: false };
      return { ...body, status };
    }
    case 'selfsubjectrulesreviews': {
      const admin = user.groups.includes('system:masters');
      const everything = [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ];
      const rules = admin ? everything : rulesFor(store, user, spec.namespace ?? 'default');
      return {
        ...body,
        status: {
          incomplete: false,
          resourceRules: rules.filter((rule) => rule.resources),
          nonResourceRules: rules.filter((rule) => rule.nonResourceURLs),
        },
      };
    }
    default:
      throw ApiError.methodNotAllowed();
  }
}
