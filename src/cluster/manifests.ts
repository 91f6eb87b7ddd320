// The manifests that a call names by -f: files, folders, standard input. Read here once, so that preview, checks
// before the first change and capture speak of the same bytes.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { toError } from '../base/runbookError.ts';
import { isOn, type KubectlCall } from './kubectlArguments.ts';
import { type KubernetesObject, listAt } from './kubernetesObject.ts';
import { readRegularFile } from './regularFile.ts';

export interface CallInput {
  /** Where the call runs; relative names are taken from here. */
  readonly cwd: string;
  /** Standard input, spooled. */
  readonly stdin?: Uint8Array;
  /** Spooled process substitutions: `/dev/fd/63` → its bytes. */
  readonly spooled?: ReadonlyMap<string, Uint8Array>;
}

export interface Manifests {
  readonly objects: KubernetesObject[];
  /** What could not be read, each with its file: the call would fail there. */
  readonly problems: string[];
  /** What can't be known here (a URL, kustomize). */
  readonly unknown: string[];
}

const extensions = new Set(['.json', '.yaml', '.yml']);

export async function readManifests(call: KubectlCall, input: CallInput): Promise<Manifests> {
  const objects: KubernetesObject[] = [];
  const problems: string[] = [];
  const unknown: string[] = [];
  for (const folder of call.flags.get('kustomize') ?? []) {
    unknown.push(`${folder} is built by kustomize, which is not run for a preview`);
  }
  const names = (call.flags.get('filename') ?? []).flatMap((value) => value.split(',')).filter(Boolean);
  for (const name of names) {
    if (/^https?:\/\//.test(name)) {
      unknown.push(`${name} is fetched by kubectl and not shown here`);
      continue;
    }
    try {
      for (const { file, text } of await textsOf(name, input, isOn(call, 'recursive'))) {
        readText(text, file, objects, problems);
      }
    } catch (error) {
      problems.push(`${name} can't be read: ${toError(error).message}`);
    }
  }
  return { objects, problems, unknown };
}

async function textsOf(
  name: string,
  input: CallInput,
  recursive: boolean,
): Promise<{ file: string; text: string }[]> {
  const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  if (name === '-' || name === '/dev/stdin') {
    if (!input.stdin) throw new Error('there is no standard input');
    return [{ file: 'standard input', text: decode(input.stdin) }];
  }
  const spooled = input.spooled?.get(name);
  if (spooled) return [{ file: name, text: decode(spooled) }];
  const full = path.resolve(input.cwd, name);
  if (!(await stat(full)).isDirectory()) return [{ file: name, text: await readRegularFile(full) }];
  const files: { file: string; text: string }[] = [];
  const entries = await readdir(full, { withFileTypes: true, recursive });
  const inside = entries
    .filter((entry) => entry.isFile() && extensions.has(path.extname(entry.name)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of inside) {
    files.push({ file: path.join(name, path.relative(full, file)), text: await readRegularFile(file) });
  }
  if (files.length === 0) throw new Error('it holds no .json, .yaml or .yml file');
  return files;
}

function readText(text: string, file: string, objects: KubernetesObject[], problems: string[]): void {
  for (const document of parseAllDocuments(text)) {
    if ('errors' in document && document.errors.length > 0) {
      problems.push(`${file}: ${document.errors[0]!.message.split('\n')[0]}`);
      continue;
    }
    const value: unknown = 'toJS' in document ? document.toJS() : undefined;
    if (value === null || value === undefined) continue;
    const items = (value as { kind?: unknown }).kind === 'List' ? listAt(value, 'items') : [value];
    for (const one of items) {
      if (isManifest(one)) objects.push(one);
      else problems.push(`${file}: an object lacks apiVersion, kind or a name`);
    }
  }
}

function isManifest(value: unknown): value is KubernetesObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubernetesObject>;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    (typeof metadata?.name === 'string' || typeof metadata?.generateName === 'string')
  );
}
