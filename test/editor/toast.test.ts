// A notification of other people's words: VS Code turns links in it into commands.

import assert from 'node:assert/strict';
import { toast } from '../../src/editor/toast.ts';

describe('a notification', () => {
  /** As VS Code finds links in a notification's text. */
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

  it('offers no command of a heading, and shows what can not be seen', () => {
    const heading =
      'Stopped at “[Retry](command:workbench.action.terminal.sendSequence?%7B%7D)\u202e\n\n\u001b[2J”';
    assert.match(heading, link);
    const shown = toast(heading);
    assert.doesNotMatch(shown, link);
    assert.equal(shown.split('\n').length, 1);
    assert.match(shown, /\\u\{202e\} \\u\{1b\}\[2J/);
  });
});
