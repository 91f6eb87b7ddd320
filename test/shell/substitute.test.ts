import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { quoteWord } from '../../src/shell/quote.ts';
import { substitute } from '../../src/shell/substitute.ts';

const put = (text: string, value: string) => substitute(text, new Map([['x', value]]));

describe('substitute', () => {
  it('quotes for where the placeholder stands', () => {
    assert.equal(put('kubectl get pod <x>', 'web-0').text, 'kubectl get pod web-0');
    assert.equal(put('echo <x>', "it's $HOME").text, "echo 'it'\\''s $HOME'");
    assert.equal(put('echo "a <x> b"', '$(id)"').text, 'echo "a \\$(id)\\" b"');
    assert.equal(put("echo 'a <x>'", "'; id '").text, "echo 'a '\\''; id '\\'''");
  });

  it('refuses what no quoting makes safe', () => {
    for (const [text, value] of [
      ["bash -c 'kubectl get pod <x>'", 'a; id'],
      ['ssh host kubectl get pod <x>', 'a; id'],
      ['psql -c "select \'<x>\'"', "' or 1=1"],
      ['kubectl delete pod <x>', '--all'],
      ['cat <<EOF\n<x>\nEOF', 'a\nEOF\nid'],
      ['<x> a', 'b c'],
      ['echo <x> | sh', '; id'],
    ] as const) {
      const { refused, text: out } = put(text, value);
      assert.equal(refused.length, 1, text);
      assert.equal(out, text);
    }
  });

  it('keeps what has no value', () => {
    const { missing, text } = substitute('kubectl -n <ns> get pod <x>', new Map([['x', 'a']]));
    assert.deepEqual([missing.map((one) => one.name), text], [['ns'], 'kubectl -n <ns> get pod a']);
  });

  it('makes one word of any value, as bash reads it', () => {
    const value = fc
      .string({ unit: 'binary' })
      .filter((one) => !one.includes('\0') && Buffer.from(one).toString() === one);
    fc.assert(
      fc.property(fc.array(value, { minLength: 20, maxLength: 20 }), (values) => {
        const script = values.map((one) => `printf '%s\\0' ${quoteWord(one)}`).join('\n');
        const out = execFileSync('bash', ['--norc', '--noprofile', '-c', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
          .toString('utf8')
          .split('\0')
          .slice(0, -1);
        assert.deepEqual(out, values);
      }),
      { numRuns: 20 },
    );
  });

  it('lets no value become code inside quotes or a heredoc, as bash runs it', () => {
    const value = fc.stringMatching(/^[ -~]{1,30}$/);
    fc.assert(
      fc.property(value, (one) => {
        for (const text of [
          'printf %s <x>',
          'printf %s "<x>"',
          "printf %s '<x>'",
          'cat <<EOF\n<x>\nEOF',
          "cat <<'EOF'\n<x>\nEOF",
        ]) {
          const done = put(text, one);
          if (done.refused.length > 0) continue;
          const out = execFileSync('bash', ['--norc', '--noprofile', '-c', done.text], {
            env: { PATH: '/usr/bin:/bin' },
            stdio: ['ignore', 'pipe', 'inherit'],
          }).toString();
          assert.equal(out.replace(/\n$/, ''), one, text);
        }
      }),
      { numRuns: 30 },
    );
  });
});
