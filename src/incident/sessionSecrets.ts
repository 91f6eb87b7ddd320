// What a session knows to be secret before anything of it is put out: the environment, `.env` files, the
// kubeconfig's credentials, and each Secret that a call is about to read. From then on it is cut wherever it turns
// up, also as bare base64 or decoded.

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Kubeconfig } from '../cluster/kubeconfigFile.ts';
import { flag, objectRefs, parseKubectl } from '../cluster/kubectlArguments.ts';
import type { Redactor } from '../evidence/redact/redactor.ts';
import { isSecretName } from '../evidence/redact/secretName.ts';
import type { Variable } from '../kernel/types.ts';
import type { SessionTarget } from './sessionTarget.ts';

const envFiles = ['.env', '.env.local', '.env.production', '.envrc'];
const mostEnvBytes = 256 * 1024;
const mostSecrets = 50;
const readBudgetMs = 2000;
const credentials = [
  'token',
  'password',
  'client-key-data',
  'id-token',
  'refresh-token',
  'client-secret',
  'access-token',
];

/** Never throws: a file that can't be read holds no secret that could be shown either. */
export async function learnFromPlace(
  redactor: Redactor,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  redactor.learnEnvironment(env);
  for (const name of envFiles) {
    const file = path.join(folder, name);
    const size = await stat(file).then(
      (entry) => (entry.isFile() ? entry.size : 0),
      () => 0,
    );
    if (size === 0 || size > mostEnvBytes) continue;
    const text = await readFile(file, 'utf8').catch(() => '');
    redactor.learnEnvironment(envOf(text));
  }
}

/** `NAME=value` lines, `export` and quotes allowed. */
export function envOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (!name) continue;
    const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(raw);
    found[name] = quoted ? quoted[2]! : raw.replace(/\s+#.*$/, '').trim();
  }
  return found;
}

export function learnVariables(redactor: Redactor, variables: readonly Variable[]): void {
  redactor.learnEnvironment(
    Object.fromEntries(variables.map(({ name, value }) => [name, value ?? undefined])),
  );
}

/** Values of placeholders, by name, before anything that holds them is written: `<db-password>` is a password. */
export function learnValues(redactor: Redactor, values: ReadonlyMap<string, string>): void {
  redactor.learnEnvironment(
    Object.fromEntries([...values].map(([name, value]) => [variableNamed(name), value])),
  );
}

/** Whether a placeholder stands for what `learnValues` would learn. */
export function isSecretPlaceholder(name: string): boolean {
  return isSecretName(variableNamed(name));
}

const variableNamed = (placeholder: string): string => placeholder.replace(/\W+/g, '_').toUpperCase();

/** Tokens, passwords and keys of every user that the kubeconfig names. */
export function learnKubeconfig(redactor: Redactor, { users }: Pick<Kubeconfig, 'users'>): void {
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string') {
      if (!credentials.includes(name) || value === '') return;
      redactor.learn(value, 'kubeconfig-credential');
      if (name.endsWith('-data')) redactor.learn(Buffer.from(value, 'base64'), 'kubeconfig-credential');
    } else if (Array.isArray(value)) for (const one of value) walk(one, '');
    else if (typeof value === 'object' && value)
      for (const [key, one] of Object.entries(value)) walk(one, key);
  };
  for (const user of users.values()) walk(user, '');
}

const readingVerbs = new Set(['get', 'describe', 'edit', 'diff', 'patch', 'apply', 'replace']);

/**
 * Before a call that reads Secrets: asks for the same ones with the same rights, and learns them. A Secret that
 * can't be asked in two seconds is passed over: what the call shows still passes every rule.
 */
export async function learnSecretsOf(
  args: readonly string[],
  redactor: Redactor,
  { cluster }: Pick<SessionTarget, 'cluster'>,
): Promise<void> {
  const call = parseKubectl(args);
  if (!readingVerbs.has(call.verb)) return;
  const refs = objectRefs(call.positionals).filter(({ resource }) => /^secrets?$/i.test(resource));
  if (refs.length === 0) return;
  const signal = AbortSignal.timeout(readBudgetMs);
  const namespace = flag(call, 'namespace');
  const where = { resource: 'secrets', ...(namespace ? { namespace } : {}) };
  try {
    const names = await Promise.all(
      refs.map(async ({ name }) => {
        if (name !== undefined) return [{ ...where, name }];
        const selector = flag(call, 'selector');
        const all = call.flags.has('all-namespaces') ? { allNamespaces: true } : {};
        const query = { ...where, ...all, ...(selector ? { selector } : {}) };
        const found = await cluster.names(query, { signal });
        return found.map((one) => ({
          ...where,
          name: one.name,
          ...(one.namespace ? { namespace: one.namespace } : {}),
        }));
      }),
    );
    await Promise.all(
      names
        .flat()
        .slice(0, mostSecrets)
        .map(async (name) => {
          const state = await cluster.objectNow(name, { signal });
          const { data } = (state?.object ?? {}) as { data?: Record<string, unknown> };
          if (data) redactor.learnSecretData(data);
        }),
    );
  } catch {
    // No rights, no answer: then there is nothing to learn by asking.
  }
}
