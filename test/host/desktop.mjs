// Owns a run of the in-host suite in a desktop VS Code: one that is given, or one that is downloaded when that is
// asked for.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from './debian.mjs';
import { follow } from './suite.mjs';

const project = path.resolve(import.meta.dirname, '../..');

/**
 * Why the desktop's suite can't run, if it can't.
 * @param {boolean} mayDownload
 */
export function whyNoDesktop(mayDownload) {
  if (!process.env.VSCODE_PATH && !mayDownload)
    return 'no desktop VS Code: name its binary in VSCODE_PATH, or allow the download by --desktop';
  if (process.platform === 'linux' && !process.env.DISPLAY && !findProgram('xvfb-run'))
    return 'no display and no xvfb-run for a desktop VS Code';
  return undefined;
}

/**
 * Runs the suite to its end; throws when a test failed or it did not get there.
 * @param {{ suite: string, resultFile: string }} options
 */
export async function runDesktopSuite({ suite, resultFile }) {
  const { runTests } = await import('@vscode/test-electron');
  const folder = await mkdtemp(path.join(tmpdir(), 'runbook-desktop-'));
  const outputFile = path.join(folder, 'output');
  const stopFollowing = follow(outputFile, process.stdout);
  try {
    await runTests({
      ...(process.env.VSCODE_PATH
        ? { vscodeExecutablePath: process.env.VSCODE_PATH }
        : { version: 'stable' }),
      extensionDevelopmentPath: project,
      extensionTestsPath: suite,
      extensionTestsEnv: { RUNBOOK_TEST_RESULT: resultFile, RUNBOOK_TEST_OUTPUT: outputFile },
      launchArgs: [
        folder,
        '--disable-workspace-trust',
        '--skip-welcome',
        '--user-data-dir',
        path.join(folder, '.vscode-data'),
        '--extensions-dir',
        path.join(folder, '.vscode-extensions'),
      ],
    });
  } finally {
    await stopFollowing();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
