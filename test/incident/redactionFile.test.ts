import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseRedaction, redactionSettings } from '../../src/incident/redactionFile.ts';
import { bash, withNotebook } from './sessionBench.ts';

const good = `patterns:
  - kind: shop-license
    needle: SHOP-
    pattern: 'SHOP-[0-9A-Z]{8}'
allow:
  - 'ghp_EXAMPLE[A-Za-z0-9]+'
`;

describe('what a project cuts', () => {
  it('is read from the folder or above, and is none where there is no file', async () => {
    await withNotebook(async ({ folder }) => {
      assert.equal(await redactionSettings(folder), undefined);
      mkdirSync(path.join(folder, '.runbook'));
      mkdirSync(path.join(folder, 'deep', 'er'), { recursive: true });
      writeFileSync(path.join(folder, '.runbook', 'redaction.yaml'), good);
      const found = await redactionSettings(path.join(folder, 'deep', 'er'));
      assert.equal(found?.patterns?.[0]?.kind, 'shop-license');
    });
  });

  it('refuses what it does not understand, and an allow-list that would spare anything', () => {
    const bad = [
      ['pattern: x', /"pattern" is not known/],
      ['patterns:\n  - kind: A\n', /kind/],
      ['patterns:\n  - { kind: a, needle: ab, pattern: abc }', /fewer than 3/],
      ["patterns:\n  - { kind: a, needle: abc, pattern: 'x*' }", /matches nothing/],
      ["allow: ['.*']", /so wide/],
      ["allow: ['[A-Za-z0-9]+']", /so wide/],
      ["allow: ['(']", /Invalid regular expression/],
      ['- x', /no mapping/],
      ['a: [', /can't be used/],
    ] as const;
    for (const [text, why] of bad) assert.throws(() => parseRedaction(text, 'f'), why, text);
  });

  it('is cut from a session, and told by kind', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(path.join(tmpdir(), 'redaction-'));
    mkdirSync(path.join(folder, '.runbook'));
    writeFileSync(path.join(folder, '.runbook', 'redaction.yaml'), good);
    try {
      await withNotebook(
        async ({ run }) => {
          const token = `ghp_${'EXAMPLE'}${'0aB1'.repeat(8)}`;
          const { stdout, notices } = await run(bash(`printf '%s%s\\n' SHOP- 12AB34CD; echo ${token}`));
          assert.match(stdout, /\[cut shop-license [0-9a-f]{12}\]/);
          assert.ok(stdout.includes(token), 'the allow-list spares it');
          assert.match(notices.join('\n'), /1 credential was cut.*: shop-license\./);
        },
        { folder },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
