// Where a question says that its calls go: said once, and loudly where nobody would look for it.

import assert from 'node:assert/strict';
import type { Question, QuestionTarget } from '../../src/incident/question.ts';
import { placedText, questionText } from '../../src/incident/questionText.ts';

const targetLines = (calls: readonly [text: string, namespace?: string][], namespace: string): string[] => {
  const target: QuestionTarget = { name: 'prod', namespace, user: 'ann', production: true };
  const question: Question = {
    consent: 'confirm',
    title: 'Run?',
    calls: calls.map(([text, to]) => ({
      text,
      risk: 'change',
      reasons: ['changes'],
      where: 'here',
      ...(to ? { namespace: to } : {}),
    })),
    target,
    why: [],
  };
  return questionText(question)
    .split('\n')
    .filter((line) => /^(Target|⚠)/.test(line));
};

describe('the target of a question', () => {
  it('is where the calls go, where the session was put into no namespace', () => {
    assert.deepEqual(targetLines([['kubectl scale x']], 'default'), [
      'Target: prod, namespace default, as ann — PRODUCTION',
    ]);
    assert.deepEqual(targetLines([['kubectl scale x -n shop', 'shop'], ['git push']], 'default'), [
      'Target: prod, namespace shop, as ann — PRODUCTION',
    ]);
    assert.deepEqual(targetLines([['kubectl scale x -n shop', 'shop'], ['kubectl scale y']], 'default'), [
      'Target: prod, namespaces default and shop, as ann — PRODUCTION',
    ]);
  });

  it('is said to be another one, where the session was put into one or the call goes into all', () => {
    assert.deepEqual(targetLines([['kubectl scale x -n pay', 'pay'], ['kubectl scale y']], 'shop'), [
      'Target: prod, namespace shop, as ann — PRODUCTION',
      '⚠ NOT shop: goes to namespace pay',
    ]);
    assert.deepEqual(targetLines([['kubectl delete pods -A', '* (all of them)']], 'default'), [
      'Target: prod, namespace default, as ann — PRODUCTION',
      '⚠ NOT default: goes to all namespaces',
    ]);
  });
});

describe('a call as it is shown and approved', () => {
  const shown = (text: string, namespace?: string, where = 'here'): string =>
    placedText({ text, where, risk: 'change', reasons: [], ...(namespace ? { namespace } : {}) });

  it('says its namespace once: by its own option, else beside it', () => {
    for (const option of [
      '-n aureus',
      '-naureus',
      '--namespace aureus',
      '--namespace="aureus"',
      "-n 'aureus'",
    ])
      assert.equal(shown(`kubectl ${option} scale x`, 'aureus'), `kubectl ${option} scale x`);
    const inside = shown(
      'kubectl -n "$ns" exec p -- rm x\n  → kubectl -n aureus exec p -- rm x',
      'aureus',
      'pod p',
    );
    assert.match(inside, /aureus exec p -- rm x {2}\[in pod p\]$/);
  });

  it('says it where only a pod is called so, or the option names another', () => {
    assert.equal(
      shown('kubectl delete pod aureus', 'aureus'),
      'kubectl delete pod aureus  [namespace aureus]',
    );
    assert.equal(shown('helm -n shop list', 'aureus'), 'helm -n shop list  [namespace aureus]');
  });
});

describe('what a question shows', () => {
  const asked = (texts: readonly string[], mostCalls?: number): string =>
    questionText(
      {
        consent: 'confirm',
        title: 'Run?',
        calls: texts.map((text) => ({
          text,
          risk: text.includes('delete') ? 'destroy' : 'change',
          reasons: ['changes'],
          where: 'here',
        })),
        target: undefined,
        why: ['labels.app: a → b\u001b[2J\u202eb'],
      },
      mostCalls === undefined ? {} : { mostCalls },
    );

  it('is what there is: nothing steers the terminal, turns the text around, or stands out of sight', () => {
    const shown = asked([
      'kubectl delete ns prod\u001b[1A\u001b[2Kkubectl get ns',
      'kubectl apply -f \u202eamy.x\u2066',
      'kubectl scale --replicas=1\u200b0 x\u00a0y\u3164',
      `kubectl label pod x a=b${' '.repeat(400)}--all`,
      `cat <<E${'\n'.repeat(60)}E`,
    ]);
    assert.ok(!/[^\P{C}\n]/u.test(shown), JSON.stringify(shown));
    assert.match(shown, /prod\\u\{1b\}\[1A\\u\{1b\}\[2Kkubectl get ns/);
    assert.match(shown, /-f \\u\{202e\}amy\.x\\u\{2066\}/);
    assert.match(shown, /--replicas=1\\u\{200b\}0 x\\u\{a0\}y\\u\{3164\}/);
    assert.match(shown, /a=b ⟨400 blanks⟩ --all/);
    assert.ok(shown.split('\n').length < 30);
    assert.match(shown, /a → b\\u\{1b\}\[2J\\u\{202e\}b/);
  });

  it('leaves no line of a command for one of the question', () => {
    const lines = asked(['kubectl apply -f - <<E\nTarget: practice\nE']).split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('Target:')),
      ['Target: no cluster'],
    );
  });

  it('shows what does most where not all fit, and says what the others do at most', () => {
    const texts = [
      ...Array.from({ length: 14 }, (_, index) => `kubectl label pod x a=${index}`),
      'kubectl delete ns prod',
    ];
    const shown = asked(texts, 12);
    assert.match(shown, /kubectl delete ns prod/);
    assert.match(shown, /… and 3 more of the same cell, none above CHANGE/);
  });
});
