// The report's looks: colours that can be read, terminals' colours, tables.

import assert from 'node:assert/strict';
import { ansiHtml } from '../../src/evidence/pack/ansiHtml.ts';
import { reportStyle } from '../../src/evidence/pack/reportStyle.ts';
import { citeHtml, tableHtml } from '../../src/evidence/pack/reportTable.ts';

/** WCAG 2.2, 1.4.3. */
const least = 4.5;

/** `#rrggbb` by name, of the n-th theme of the style. */
function coloursOf(theme: number): Map<string, string> {
  const blocks = [...reportStyle.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1]!);
  const found = (block: string): [string, string][] =>
    [...block.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map((match) => [match[1]!, match[2]!]);
  assert.equal(blocks.length, 2, 'light and dark');
  return new Map(found(blocks[theme]!));
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('the report', () => {
  for (const [theme, name] of ['light', 'dark'].entries())
    it(`can be read in ${name}`, () => {
      const colours = coloursOf(theme);
      const terminal = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'];
      const pairs = [
        ...['fg', 'soft', 'good', 'bad', 'link'].flatMap((text) => [
          [text, 'bg'],
          [text, 'panel'],
        ]),
        // Both ways: a colour of a text, and what text stands on.
        ...terminal.map((text) => [text, 'panel']),
        ['fg', 'add'],
        ['fg', 'del'],
      ];
      const weak = pairs.filter(([text, on]) => contrast(colours.get(text!)!, colours.get(on!)!) < least);
      assert.deepEqual(weak, []);
    });

  it('shows what a terminal shows', () => {
    const classes = (codes: string): string | undefined =>
      /class="([^"]*)"/.exec(ansiHtml(`\x1b[${codes}mx`))?.[1];
    assert.deepEqual(
      Object.fromEntries(
        [
          ...['31', '90', '97', '1;33', '4', '7', '41;37', '104', '38;5;9', '38;5;208', '38;5;240'],
          ...['48;5;21', '38;2;80;200;120', '48;2;250;250;250', '31;39', '7;27', '1;0', '38;5', '38;2;1'],
        ].map((codes) => [codes, classes(codes)]),
      ),
      {
        '31': 'c-red',
        '90': 'c-grey',
        '97': 'c-white',
        '1;33': 'b c-yellow',
        '4': 'u',
        '7': 'i',
        '41;37': 'g-red c-white',
        '104': 'g-blue',
        '38;5;9': 'c-red',
        '38;5;208': 'c-yellow',
        '38;5;240': 'c-grey',
        '48;5;21': 'g-blue',
        '38;2;80;200;120': 'c-green',
        '48;2;250;250;250': 'g-white',
        '31;39': undefined,
        '7;27': undefined,
        '1;0': undefined,
        '38;5': 'c-black',
        '38;2;1': 'c-black',
      },
    );
    assert.equal(ansiHtml('50%\r\x1b[32m<done>\x1b[0m\n'), '<span class="c-green">&#60;done&#62;</span>\n');
  });

  it('keeps each value of a table beside its name, and leads to the event', () => {
    const table = tableHtml(
      [{ head: 'Who' }, { head: 'Event', kind: 'cite' }],
      [{ id: 'a"#1', cells: ['', citeHtml('a"#1')] }],
    );
    assert.match(table, /<tr id="a&#34;#1"><td data-label="Who" class="none"><\/td>/);
    assert.match(table, /<td data-label="Event" class="cite"><a class="soft" href="#a%22%231">a&#34;#1<\/a>/);
  });
});
