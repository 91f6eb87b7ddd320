// What a question tells besides its commands: which part of the cell it is of, what failed before it, what is not there.

import assert from 'node:assert/strict';
import { questionerOver } from '../../src/cli/terminalQuestioner.ts';
import type { Answer, OptionFacts, Question } from '../../src/incident/question.ts';
import { bash, withNotebook } from './sessionBench.ts';

describe('a question', () => {
  it('after a failure tells it once, says what comes next and of which class, and is recorded', async () => {
    await withNotebook(async (bench) => {
      bench.person.answer = () => ({ yes: false, reason: 'enough' });
      await bench.run(bash('ls /not-there \\\n  -d\ngit -C nowhere push'));
      const [question] = bench.person.questions;
      assert.match(question!.title, /^A command failed \(2\)/);
      assert.equal(question!.lead?.match(/Failed with 2: ls \/not-there/g)?.length, 1, question!.lead);
      assert.equal(question!.yes, 'Go On');
      assert.deepEqual(
        question!.calls.map(({ text, risk }) => [text, risk]),
        [['git -C nowhere push', 'change']],
      );
      const types = (await bench.events()).flatMap((event) =>
        event.type === 'cell.question' ? [event.text] : event.type === 'cell.answer' ? [event.answer] : [],
      );
      assert.deepEqual(types, [question!.title, 'no: enough']);
    });
  });

  it('after a failure can be answered once for the rest of the cell, and what the guard asks about is still asked', async () => {
    await withNotebook(async (bench) => {
      const failures = () => bench.person.questions.filter(({ title }) => /failed/.test(title));
      bench.person.answer = ({ rest }) => ({ yes: true, ...(rest ? { rest: true } : {}) });
      const push = 'git -C nowhere push';
      await bench.run(bash(`ls /not-there\n${push} one\n${push} two\n${push} three`));
      assert.equal(failures().length, 1);
      assert.equal(failures()[0]!.no, 'Stop Here');
      assert.match(failures()[0]!.rest ?? '', /to the End/);
      const told = (await bench.events()).flatMap((event) =>
        event.type === 'cell.answer'
          ? [event.answer]
          : event.type === 'note' && event.about === 'failure'
            ? [event.text]
            : [],
      );
      assert.equal(told[0], 'yes, and on to the end of the cell');
      assert.equal(told.length, 3);
      assert.match(
        told[1]!,
        /^Failed with 128: git -C nowhere push one\. Went on with git .* two, as was answered/,
      );

      // It was for that cell alone, and for nothing that has a question of its own by its class or the document.
      bench.person.questions.length = 0;
      await bench.run(bash(`${push} one\n${push} two\nno-such-tool --all\n${push} three`));
      assert.deepEqual(
        failures().map(({ calls, rest }) => [calls[0]!.text, rest !== undefined]),
        [
          [`${push} two`, true],
          ['no-such-tool --all', false],
        ],
      );
      bench.person.questions.length = 0;
      await bench.run(bash(`${push} one\n# LAST RESORT\n${push} two`));
      assert.deepEqual(
        failures().map(({ rest }) => rest),
        [undefined],
      );
    });
  });

  it('after a failure is answered at a terminal by one key, and stops at Enter', async () => {
    const question = (rest?: string): Question => ({
      consent: 'confirm',
      title: 'A command failed (1). Go on?',
      calls: [],
      target: undefined,
      why: [],
      yes: 'Go On',
      no: 'Stop Here',
      ...(rest ? { rest } : {}),
    });
    const prompts: string[] = [];
    const answers = (reply: string, rest?: string): Promise<Answer> =>
      questionerOver(async (prompt) => {
        prompts.push(prompt);
        return reply;
      }).ask(question(rest));
    assert.deepEqual(await answers('e', 'To the End'), { yes: true, rest: true });
    assert.deepEqual(await answers('y', 'To the End'), { yes: true });
    assert.equal(prompts[0], 'y: Go On, e: To the End, Enter: Stop Here? [y/e/N] ');
    for (const no of ['', 'n', 'x']) assert.equal((await answers(no, 'To the End')).yes, false, no);
    assert.equal((await answers('e')).yes, false, 'where it is not offered');
  });

  it('waits at a terminal until the one before it is answered: one answer is never taken for two', async () => {
    const asked: string[] = [];
    const replies: ((reply: string) => void)[] = [];
    const terminal = questionerOver((prompt) => {
      asked.push(prompt);
      return new Promise((resolve) => replies.push(resolve));
    });
    const question = (yes: string): Question => ({
      consent: 'confirm',
      title: yes,
      calls: [],
      target: undefined,
      why: [],
      yes,
    });
    const stop = new AbortController();
    const answers = Promise.all([
      terminal.ask(question('one')),
      terminal.ask(question('two')),
      terminal.ask(question('three'), stop.signal),
    ]);
    const until = async (count: number): Promise<void> => {
      while (asked.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until(1);
    assert.deepEqual(asked, ['one? [y/N] ']);
    replies[0]!('y');
    await until(2);
    stop.abort();
    replies[1]!('n');
    assert.deepEqual(
      (await answers).map(({ yes }) => yes),
      [true, false, false],
    );
    assert.equal(asked.length, 2, 'what was interrupted meanwhile is not asked');
  });

  it('tells that a program is not there, and says nothing of one that an earlier command may make', async () => {
    await withNotebook(async (bench) => {
      bench.person.answer = () => ({ yes: false, reason: 'no' });
      await bench.run(bash('./deploy.sh --all'));
      assert.deepEqual(bench.person.questions[0]!.calls[0]!.reasons, ['./deploy.sh is not there']);
      await bench.run(bash('git pull\n./deploy.sh --all'));
      const made = bench.person.questions[1]!.calls.find(({ text }) => text.startsWith('./deploy.sh'))!;
      assert.match(made.reasons.join(), /unknown content/);
    });
  });

  it('of alternatives tells what each would do, and names the chosen one after that', async () => {
    await withNotebook(async (bench) => {
      let told: ReadonlyMap<string, OptionFacts> | undefined;
      bench.person.chooseOption = async (_title, options, _signal?: AbortSignal, facts?: typeof told) => {
        told = facts;
        return { option: options[1]! };
      };
      await bench.run(
        bash(
          '# Option A: look\nls -d / \\\n  /tmp\n\n# Option B: give up (LAST RESORT)\ngit -C nowhere push || true',
        ),
      );
      assert.deepEqual(
        [...told!].map(([title, { risk, commands, grave }]) => [title, risk, commands[0], grave]),
        [
          ['Option A: look', 'read', 'ls -d / /tmp', false],
          ['Option B: give up (LAST RESORT)', 'change', 'git -C nowhere push', true],
        ],
      );
      assert.match(bench.person.questions[0]!.title, /Option B: give up/);
    });
  });

  it('of alternatives takes a reason with the choice at a terminal, and records it', async () => {
    await withNotebook(async (bench) => {
      const cell = bash('# Option A: look\nls -d /\n\n# Option B: look elsewhere\nls -d /tmp');
      const prompts: string[] = [];
      const chooses = async (reply: string): Promise<string> => {
        const terminal = questionerOver(async (prompt) => {
          prompts.push(prompt);
          return reply;
        });
        bench.person.chooseOption = (...asked: Parameters<typeof terminal.chooseOption>) =>
          terminal.chooseOption(...asked) as Promise<{ option: string }>;
        return (await bench.run(cell)).stdout;
      };
      assert.equal(await chooses('2 because / is known'), '/tmp\n');
      assert.equal(await chooses('a: a look does no harm'), '/\n');
      assert.equal(await chooses('B'), '/tmp\n');
      for (const none of ['', '3', 'C', '1 2', 'because of it']) assert.equal(await chooses(none), '', none);
      assert.match(prompts[0]!, /“1 because …” records why, too/);
      const choices = (await bench.events()).flatMap((event) =>
        event.type === 'cell.choice' ? [[event.option, event.extra ?? null]] : [],
      );
      assert.deepEqual(choices, [
        ['Option B: look elsewhere', { reason: '/ is known' }],
        ['Option A: look', { reason: 'a look does no harm' }],
        ['Option B: look elsewhere', null],
      ]);
    });
  });

  it('of alternatives tells of one that its own tool refuses', async () => {
    await withNotebook(async (bench) => {
      let doubts: (string | undefined)[] = [];
      bench.person.chooseOption = async (
        _title,
        options,
        _signal?: AbortSignal,
        facts?: ReadonlyMap<string, OptionFacts>,
      ) => {
        doubts = [...facts!.values()].map(({ doubt }) => doubt);
        return { option: options[0]! };
      };
      await bench.run(
        bash('# Option A: look\nls -d /\n\n# Option B: ask\nkubectl exec -l app=db -- psql -c "SELECT 1"'),
      );
      assert.deepEqual(doubts, [undefined, 'kubectl exec has no -l, --selector and refuses this']);
    });
  });
});
