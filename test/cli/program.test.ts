// What every command has in common: its help, and an exit status that holds whoever reads its output.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const program = ['--import', 'tsx', path.resolve('src/cli/runbook.ts')];

/** @param reads whether anybody reads what goes to standard output */
function runbook(
  args: readonly string[],
  { reads = true } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  if (reads) child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  else child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('every command', () => {
  it('shows the help of a group where none of it is named', async () => {
    const { code, stderr } = await runbook(['incident']);
    assert.equal(code, 2);
    assert.match(stderr, /Usage: runbook incident [\s\S]*Commands:[\s\S]*handover/);
    assert.doesNotMatch(stderr, /outputHelp/);
  });

  it('ends with what it found, though nobody reads it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'runbook-unread-'));
    try {
      writeFileSync(path.join(folder, 'stray'), '');
      assert.equal((await runbook(['verify', folder], { reads: false })).code, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('lets no text of a file steer the terminal', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'runbook-escape-'));
    try {
      const file = path.join(folder, 'a.runbook.md');
      writeFileSync(
        file,
        '# Head \u001b]52;c;aGk=\u0007\u202e\n\n```bash\nkubectl delete ns x \u001b[2K\u001b[1A\u200b\n```\n',
      );
      for (const args of [
        ['explain', file],
        ['run', file, '--plan'],
      ]) {
        const { stdout, stderr } = await runbook(args);
        assert.ok(stdout + stderr);
        assert.doesNotMatch(stdout + stderr, /[^\P{C}\n\t]/u, args[0]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
