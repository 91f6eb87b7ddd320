// Lays the pseudo-terminal's packages beside the bundles: its native part can't be bundled. A build has this
// machine's; a package for users has one for every platform that cells run on, each checked against the lock file.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const scope = '@lydell';
const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** @param {string} root of the project @param {string} dist @param {boolean} everyPlatform */
export function copyTerminals(root, dist, everyPlatform) {
  const from = path.join(root, 'node_modules', scope);
  const to = path.join(dist, 'node_modules', scope);
  mkdirSync(to, { recursive: true });
  cpSync(path.join(from, 'node-pty'), path.join(to, 'node-pty'), { recursive: true, dereference: true });
  for (const platform of platforms) {
    const name = `node-pty-${platform}`;
    const installed = path.join(from, name);
    if (existsSync(installed)) {
      cpSync(installed, path.join(to, name), { recursive: true, dereference: true });
    } else if (everyPlatform) {
      fetchPackage(root, `${scope}/${name}`, path.join(to, name));
    }
  }
}

/** npm installs what fits this machine only: the others are packed from the registry. */
function fetchPackage(root, name, to) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  const folder = mkdtempSync(path.join(tmpdir(), 'runbook-terminals-'));
  try {
    const args = ['pack', `${name}@${version}`, '--json', '--pack-destination', folder];
    const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', cwd: folder }));
    const file = path.join(folder, filename);
    const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${name}@${version} is not the one of package-lock.json.`);
    execFileSync('tar', ['-xzf', file, '-C', folder]);
    cpSync(path.join(folder, 'package'), to, { recursive: true });
  } catch (error) {
    // The others still have theirs; on this platform cells say that there is no terminal.
    console.warn(`No pseudo-terminal for ${name.slice(name.lastIndexOf('pty-') + 4)}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
