// Owns the mending of package-lock.json after `npm install` on a machine whose registry lists only some platforms'
// packages: npm then leaves the others out, and `npm ci` refuses the lock everywhere. What is missing is written
// as the packages that name it ask for it.
// Usage: node test/host/completeLock.mjs

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string} [license]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {string[]} [os]
 * @property {Record<string, string>} [engines]
 * @property {Record<string, string>} [optionalDependencies]
 */

const platform =
  /(android|darwin|win32|linux|freebsd|openharmony)-(arm-eabi|x64|arm64|arm|ia32|ppc64|riscv64|s390x)(?:-(musl|gnu)\w*)?/;

/**
 * The optional packages that a lock names and does not hold.
 * @param {Record<string, LockEntry>} entries by place
 * @returns {{ name: string, version: string, by: LockEntry }[]}
 */
export function missingFromLock(entries) {
  const held = Object.keys(entries).map((place) => place.slice(place.lastIndexOf('node_modules/') + 13));
  return Object.values(entries).flatMap((by) =>
    Object.entries(by.optionalDependencies ?? {})
      .filter(([name]) => !held.includes(name))
      .map(([name, version]) => ({ name, version, by })),
  );
}

/** @param {{ name: string, version: string, by: LockEntry }} missing @returns {LockEntry} */
function entryOf({ name, version, by }) {
  const [, os, cpu, libc] = platform.exec(name) ?? [];
  if (!os || !cpu || !/^\d/.test(version)) throw new Error(`No entry can be made up for ${name}@${version}.`);
  return {
    version,
    cpu: [cpu.replace('arm-eabi', 'arm')],
    ...(by.dev ? { dev: true } : {}),
    ...(libc && os === 'linux' ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {}),
    ...(by.license ? { license: by.license } : {}),
    optional: true,
    os: [os],
    ...(by.engines ? { engines: by.engines } : {}),
  };
}

if (process.argv[1] === import.meta.filename) {
  const file = path.resolve(import.meta.dirname, '../../package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingFromLock(lock.packages);
  for (const one of missing) lock.packages[`node_modules/${one.name}`] = entryOf(one);
  const sorted = Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${missing.length} added\n`);
}
