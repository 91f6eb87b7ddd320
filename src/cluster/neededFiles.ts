// Files that a kubectl call will read, looked for before a cell's first change: deleting a configmap and then failing
// to apply the new one is the accident to prevent.

import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { KubectlCall } from './kubectlArguments.ts';
import { type CallInput, readManifests } from './manifests.ts';

export interface FileProblem {
  readonly file: string;
  readonly why: string;
}

const fileFlags = ['from-env-file', 'from-file', 'patch-file', 'cert', 'key'];
const manifestVerbs = new Set([
  'apply',
  'create',
  'replace',
  'delete',
  'diff',
  'set',
  'label',
  'annotate',
  'scale',
  'patch',
]);

/** Empty where all is there and readable as what it has to be. */
export async function neededFiles(call: KubectlCall, input: CallInput): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  for (const name of fileFlags) {
    for (const value of call.flags.get(name) ?? []) {
      // `--from-file=key=path`
      const file = name === 'from-file' ? value.slice(value.indexOf('=') + 1) : value;
      if (input.spooled?.has(file) || file === '-' || file === '/dev/stdin') continue;
      const full = path.resolve(input.cwd, file);
      await access(full, constants.R_OK).catch(() =>
        problems.push({ file, why: 'it is not there, or not readable' }),
      );
    }
  }
  if (manifestVerbs.has(call.verb) && call.flags.has('filename')) {
    const { problems: found } = await readManifests(input.stdin ? call : withoutStdin(call), input);
    problems.push(...found.map((why) => ({ file: why.split(/:| can't/)[0]!, why })));
  }
  return problems;
}

/** Standard input is known only when the call runs. */
function withoutStdin(call: KubectlCall): KubectlCall {
  const flags = new Map(call.flags);
  const files = (call.flags.get('filename') ?? []).filter((name) => name !== '-' && name !== '/dev/stdin');
  flags.set('filename', files);
  return { ...call, flags };
}
