// Cutting between complete commands: every piece of a valid text is valid, nothing is lost, lines agree.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { splitCommands } from '../../src/kernel/splitCommands.ts';

const valid = [
  'a\nb\n',
  '# only\n\n#comments',
  'if a; then\nb\nelif c\nthen d; else\ne; fi > x\nnext',
  'for i in 1 2\ndo a; done; for ((i=0;i<3;i++)); do\nb\ndone\nselect x in a; do break; done',
  'for x do echo $x; done\nfor x\ndo :; done',
  'case $x in\n a|b) c;;\n (d) e ;;&\n *) f\nesac\ncase a in a) ;; esac',
  'case $(case x in x) a;; esac) in\nx) b;;\nesac\nc',
  'case a in esac\nif case x in x) true;; esac; then :; fi',
  'f() {\n a\n}\ng ()\n(\n b\n)\nfunction h {\n :\n}\nfunction i() { :; }\nj() if a; then b; fi',
  'a &&\nb ||\n# comment\nc |\nd',
  'cat <<A <<-"B C"\n$( "\nA\n\t\'\n\tB C\nnext',
  'x=$(cat <<E\n)\nE\n)\ny="$(echo ")" \'a\')"\nz=`echo "\\`b\\`"`',
  'a=(1 # one )\n "2\n" $(b))\ndeclare -A m=([x]=1\n [y]=2)\nm+=(3)',
  '[[ $a =~ ^(b|c)$ && ( x < y ||\n -f z ) ]] && echo\n((a < b)) || ((\nc ))\necho $(( (1+2) << 3 ))',
  '( (a); b )\n((a); (b))\n{ { c; }; }\n! { d; }\ntime -p e\n! ! f',
  'echo $\'it\\\'s\' $"x" "${a:-"b }"}" ${b#\\}} ${#c} $# ${d//"\'"/x}',
  'a <(b\nc) > >(d) 2>&1 &> x >| y <> z <<< "w\nv" >&- {fd}>x',
  'a; b & c\nwhile read l; do x; done < <(y)\nuntil a; do b; done &',
  'echo a \\\n b \\\n# not a comment? no, it is\nc#d "#" $#',
  'shopt -s extglob\nls !(a|b) @(c) +(d|"e)")',
  'echo if then fi done } {\nx=if; y=done',
  'coproc a { b; }\nc',
];

function isValid(text: string): boolean {
  try {
    execFileSync('bash', ['-O', 'extglob', '-n'], {
      input: `${text}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    return true;
  } catch {
    return false;
  }
}

describe('splitCommands', () => {
  for (const text of valid) {
    it(`cuts ${JSON.stringify(text.slice(0, 50))}`, () => {
      assert.ok(isValid(text), 'the example is wrong');
      const pieces = splitCommands(text);
      const lines = text.replace(/\n$/, '').split('\n');
      assert.deepEqual(
        pieces
          .map((piece) => piece.text)
          .join('\n')
          .split('\n'),
        lines,
      );
      let next = 0;
      for (const piece of pieces) {
        assert.equal(piece.start, next);
        assert.equal(piece.text, lines.slice(piece.start, piece.end).join('\n'));
        assert.ok(isValid(piece.text), piece.text);
        next = piece.end;
      }
    });
  }

  it('cuts at every complete line', () => {
    const starts = (text: string): number[] => splitCommands(text).map((piece) => piece.start);
    assert.deepEqual(starts('a\nb\n\n# c\nd'), [0, 1, 2]);
    assert.deepEqual(starts('if a\nthen b\nfi\nc <<E\nx\nE\nd'), [0, 3, 6]);
  });

  it('keeps together what hangs together', () => {
    const texts = (text: string): string[] => splitCommands(text).map((piece) => piece.text);
    assert.deepEqual(texts('a | b\necho ${PIPESTATUS[0]}'), ['a | b\necho ${PIPESTATUS[0]}']);
    assert.deepEqual(texts('mkdir x\ncd $_'), ['mkdir x\ncd $_']);
    assert.deepEqual(texts('a || return\nb'), ['a || return\nb']);
    assert.deepEqual(texts('f() { return; }\nb'), ['f() { return; }', 'b']);
  });

  it('leaves what does not parse in one piece that nothing is put behind', () => {
    for (const text of ['a\necho "b', 'a\nfi\nb', 'a\ncat <<E\nb', 'a\nb \\', 'a\n(b', 'a\n)', 'a &&', '`']) {
      assert.equal(splitCommands(text).at(-1)!.complete, false, text);
    }
  });

  it('survives any text', () => {
    const parts = [
      '$(',
      '"',
      "'",
      '{',
      '}',
      '(',
      ')',
      ';',
      '\n',
      '<<',
      'a',
      '`',
      'case',
      'in',
      'do',
      '\\',
      '${',
    ];
    for (let seed = 1; seed < 3000; seed++) {
      let state = seed * 2654435761;
      const text = Array.from({ length: 12 }, () => {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        return parts[(state >> 8) % parts.length];
      }).join(seed % 2 ? ' ' : '');
      const lines = text.replace(/\n$/, '');
      assert.equal(
        splitCommands(text)
          .map((piece) => piece.text)
          .join('\n')
          .replace(/\n$/, ''),
        lines.replace(/\n$/, ''),
      );
    }
  });
});
