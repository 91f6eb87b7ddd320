// What README and docs say of commands, options and settings, held against the definitions themselves.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { examplesOf } from '../../src/cli/helpTexts.ts';
import { makeProgram } from '../../src/cli/program.ts';

const project = path.resolve(import.meta.dirname, '../..');
const documents = [
  'README.md',
  ...readdirSync(path.join(project, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));

interface Said {
  readonly where: string;
  /** What stands behind `runbook`, up to the end of the line, the code span or a comment. */
  readonly words: readonly string[];
}

/** Every call of `runbook` in fences and code spans. */
function said(): Said[] {
  return documents.flatMap((name) => {
    const lines = readFileSync(path.join(project, name), 'utf8').split('\n');
    let fence = '';
    return lines.flatMap((line, at) => {
      const mark = /^\s*(`{3,})/.exec(line)?.[1];
      if (mark) fence = fence === '' ? mark : mark.length >= fence.length ? '' : fence;
      const code = fence ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, span]) => span!);
      return code.flatMap((text) =>
        [...text.matchAll(/(?:^|[\s($…])(?:runbook|dist\/cli\/runbook\.js)\s+([a-z-][^#)]*)/g)].map(
          ([, rest]) => ({
            where: `${name}:${at + 1}`,
            words: rest!
              .replaceAll('\\|', '|')
              .split(/[\s[\]]+/)
              .filter(Boolean),
          }),
        ),
      );
    });
  });
}

const subcommand = (command: Command, name: string): Command | undefined =>
  command.commands.find((one) => one.name() === name);

/** `open | join | note` names three. */
function calls(
  { words }: Said,
  program: Command,
): { commands: Command[]; unknown: string[]; options: string[] } {
  const [first = '', ...rest] = words;
  const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]!);
  const group = subcommand(program, first);
  if (!group) return { commands: [program], unknown: first.startsWith('-') ? [] : [first], options };
  if (group.commands.length === 0) return { commands: [group], unknown: [], options };
  const names: string[] = [];
  for (const [at, word] of rest.entries()) {
    if (word === '|') continue;
    if (at > 0 && rest[at - 1] !== '|' && !(word === rest[0])) {
      if (word.startsWith('-') && rest.slice(at).includes('|')) continue;
      break;
    }
    names.push(word);
  }
  const found = names.map((name) => subcommand(group, name));
  return {
    commands: found.filter((one) => one !== undefined),
    unknown: names.filter((_, at) => !found[at]).map((name) => `${first} ${name}`),
    options,
  };
}

describe('what is documented', () => {
  const program = makeProgram();

  it('is there: every command and option that README and docs name', () => {
    const all = said();
    assert.ok(all.length > 40, `${all.length}`);
    const wrong = all.flatMap((one) => {
      const { commands, unknown, options } = calls(one, program);
      const known = new Set([
        '--help',
        '--version',
        ...commands.flatMap((command) => command.options.flatMap(({ long, short }) => [long, short])),
      ]);
      return [...unknown, ...options.filter((option) => !known.has(option))].map(
        (what) => `${one.where}: ${what} in “runbook ${one.words.join(' ')}”`,
      );
    });
    assert.deepEqual(wrong, []);
  });

  it('is all: no command that README and docs keep to themselves', () => {
    const named = new Set(said().flatMap((one) => calls(one, program).commands));
    const leaves = program.commands.flatMap((one) => (one.commands.length > 0 ? one.commands : [one]));
    const silent = leaves.filter((one) => !named.has(one));
    assert.deepEqual(
      silent.map((one) => `${one.parent?.name()} ${one.name()}`),
      [],
    );
  });

  it('is shown by an example in the help of every command, which it would take, within 80 columns', () => {
    const leaves = program.commands.flatMap((one) => (one.commands.length > 0 ? one.commands : [one]));
    for (const leaf of leaves) {
      const name = leaf.parent === program ? leaf.name() : `${leaf.parent?.name()} ${leaf.name()}`;
      const own = examplesOf(name) ?? [];
      assert.ok(own.length > 0, name);
      for (const example of own) {
        assert.ok(`  runbook ${example}`.length <= 80, example);
        const { commands, unknown, options } = calls({ where: name, words: example.split(/\s+/) }, program);
        assert.deepEqual([unknown, commands.includes(leaf)], [[], true], example);
        const known = leaf.options.map(({ long }) => long as string);
        assert.deepEqual(
          options.filter((option) => !known.includes(option)),
          [],
          example,
        );
      }
      for (const argument of leaf.registeredArguments)
        assert.ok(argument.description, `${name} ${argument.name()}`);
      const wide = leaf
        .helpInformation()
        .split('\n')
        .filter((line) => line.length > 80);
      assert.deepEqual(wide, [], name);
    }
  });

  it('has every setting in its table, with its default, and no other', () => {
    const settings = manifest.contributes.configuration.properties as Record<string, { default?: unknown }>;
    const text = readFileSync(path.join(project, 'docs/settings-and-policy.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(runbook\.[\w.]+)`\s*\| (.*?)\s*\|/gm)];
    const shown = (value: unknown): string =>
      value === '' || value === undefined
        ? ''
        : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    assert.deepEqual(
      rows.map(([, name, value]) => [name, value]).sort(),
      Object.entries(settings)
        .map(([name, { default: value }]) => [name, shown(value)])
        .sort(),
    );
  });

  it('names no setting and no command of the palette that is not there', () => {
    const titles = (manifest.contributes.commands as { title: string }[]).map(({ title }) => title);
    const settings = new Set(Object.keys(manifest.contributes.configuration.properties));
    const wrong = documents.flatMap((name) => {
      const text = readFileSync(path.join(project, name), 'utf8');
      // The evidence format has events of such names.
      const unknownSettings = name.endsWith('evidence-format.md')
        ? []
        : [...text.matchAll(/`(runbook\.[a-z]\w*(?:\.\w+)*)`/g)].filter(
            ([, one]) => !settings.has(one!) && !/\.(md|js|ts|yaml|zip)$/.test(one!),
          );
      const unknownTitles = [...text.matchAll(/_Runbook: ([^_]+)_/g)].filter(
        ([, title]) => !titles.includes(title!.replace(/\s+/g, ' ')),
      );
      return [...unknownSettings, ...unknownTitles].map(([, what]) => `${name}: ${what}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('leads somewhere: every file and picture that README and docs point at', () => {
    const wrong = documents.flatMap((name) => {
      const text = readFileSync(path.join(project, name), 'utf8').replace(/^````?[\s\S]*?^````?$/gm, '');
      const pointed = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)|\bsrc(?:set)?="([^"]+)"/g)].map(
        ([, link, source]) => (link ?? source)!,
      );
      return pointed
        .filter((to) => !/^[a-z]+:/.test(to))
        .filter((to) => !existsSync(path.join(project, path.dirname(name), to)))
        .map((to) => `${name}: ${to}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('names only scripts of npm that are there', () => {
    const wrong = documents.flatMap((name) =>
      [...readFileSync(path.join(project, name), 'utf8').matchAll(/npm run ([\w:-]+)/g)]
        .filter(([, script]) => !(script! in manifest.scripts))
        .map(([, script]) => `${name}: ${script}`),
    );
    assert.deepEqual(wrong, []);
  });
});
