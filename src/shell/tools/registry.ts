// The ordered list of all tools. A tool that is not here is of unknown content.

import type { Tool } from '../call.ts';
import { aws } from './aws.ts';
import { builtins } from './builtins.ts';
import { clouds } from './clouds.ts';
import { containerTools } from './containers.ts';
import { credentialTools } from './credentialTools.ts';
import { curl } from './curl.ts';
import { fileTools } from './fileTools.ts';
import { git } from './git.ts';
import { helm } from './helm.ts';
import { infrastructure } from './infrastructure.ts';
import { kubectl } from './kubectl.ts';
import { machine } from './machine.ts';
import { oc } from './oc.ts';
import { packages } from './packages.ts';
import { readers } from './readers.ts';
import { redis } from './redis.ts';
import { shells } from './shells.ts';
import { sqlClients } from './sqlClients.ts';
import { terraform } from './terraform.ts';
import { virtualMachines } from './virtualMachines.ts';
import { wget } from './wget.ts';
import { wrappers } from './wrappers.ts';

/** Where two know a name, the first counts. */
const tools: readonly Tool[] = [
  kubectl,
  oc,
  helm,
  ...containerTools,
  terraform,
  curl,
  wget,
  git,
  redis,
  ...sqlClients,
  aws,
  ...clouds,
  ...wrappers,
  ...shells,
  ...builtins,
  ...fileTools,
  ...machine,
  ...packages,
  ...infrastructure,
  ...virtualMachines,
  ...credentialTools,
  ...readers,
];

const byName = new Map<string, Tool>();
for (const tool of tools) {
  for (const name of tool.names) if (!byName.has(name)) byName.set(name, tool);
}

export function toolNamed(name: string): Tool | undefined {
  return byName.get(name);
}
