// The host itself: that the suite runs where it says it runs, in the version that was asked for.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';

describe('the extension host', () => {
  it('has a workspace folder on disk, trusted', () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    assert.equal(existsSync(folder.uri.fsPath), true);
    assert.equal(vscode.workspace.isTrusted, true);
  });

  it('is the version that the run names', function () {
    const wanted = process.env.RUNBOOK_TEST_VSCODE;
    if (!wanted) this.skip();
    assert.equal(vscode.version, wanted);
  });
});
