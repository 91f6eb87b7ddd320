// A lock that names packages it does not hold makes `npm ci` fail on a fresh clone, and nothing else tells of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { missingFromLock } from './completeLock.mjs';

describe('package-lock.json', () => {
  it('holds every optional package that it names (else: node test/host/completeLock.mjs)', () => {
    const file = path.resolve(import.meta.dirname, '../../package-lock.json');
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(
      missingFromLock(packages).map((one) => one.name),
      [],
    );
  });

  it('is searched for what is missing', () => {
    const lock = {
      'node_modules/a': { optionalDependencies: { 'a-linux-x64': '1.0.0', 'a-darwin-x64': '1.0.0' } },
      'node_modules/a/node_modules/a-linux-x64': { version: '1.0.0' },
    };
    assert.deepEqual(
      missingFromLock(lock).map((one) => one.name),
      ['a-darwin-x64'],
    );
  });

  it('names no registry', () => {
    const file = path.resolve(import.meta.dirname, '../../package-lock.json');
    assert.equal(/"resolved"/.test(readFileSync(file, 'utf8')), false);
  });
});
