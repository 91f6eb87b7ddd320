// Owns the VS Code servers that the npm package `code-server` carries: which versions are tested, on which Node
// each of them runs, and how one is installed without any system package.

import path from 'node:path';
import { cached, tell } from './cache.mjs';
import { obtainNode } from './node.mjs';
import { runNpm, unpackPackage } from './npm.mjs';

/** @typedef {'newest' | 'oldest'} HostName */

/**
 * The extension host never connects on another Node major than the one a server was made for.
 * `oldest` is the oldest version that `engines.vscode` allows.
 * @type {Readonly<Record<HostName, { codeServer: string, vscode: string, node: string }>>}
 */
export const hosts = {
  newest: { codeServer: '4.139.1', vscode: '1.139.1', node: '24.21.0' },
  oldest: { codeServer: '4.103.2', vscode: '1.103.2', node: '22.23.3' },
};

/** Built from source where no prebuilt binary fits; only the terminal suffers when one can't be. */
const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog', 'node-pty'];

/** @param {string} value @returns {HostName} */
export function toHostName(value) {
  if (value === 'newest' || value === 'oldest') return value;
  throw new Error(`There is no host "${value}": it is newest or oldest.`);
}

/**
 * @param {HostName} name
 * @returns {Promise<{ node: string, vscode: string }>} the Node binary and the folder of the server
 */
export async function obtainCodeServer(name) {
  const { codeServer, node: nodeVersion } = hosts[name];
  const node = await obtainNode(nodeVersion);
  const cache = await cached(`code-server-${codeServer}`, async (folder) => {
    const vscode = path.join(await unpackPackage(`code-server@${codeServer}`, folder), 'lib/vscode');
    await runNpm(['install', '--omit=dev', '--ignore-scripts'], vscode);
    // The headers beside the binary spare a download from elsewhere.
    const environment = { npm_config_nodedir: node.folder, JOBS: '2' };
    for (const module of nativeModules) {
      await runNpm(['rebuild', module], vscode, environment).catch((/** @type {Error} */ error) => {
        tell(`code-server-${codeServer}: ${module} was not built (tests don't need it)`);
        if (process.env.RUNBOOK_VERBOSE) tell(error.message);
      });
    }
  });
  return { node: node.binary, vscode: path.join(cache, 'package/lib/vscode') };
}
