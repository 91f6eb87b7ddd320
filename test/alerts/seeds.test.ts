// The five seeds against the tables that were made by hand before the code.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { declarationsOf } from '../../src/alerts/declarationsOf.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';

const seeds = path.resolve(import.meta.dirname, '../../../shared/seeds');
const fixtures = path.resolve(import.meta.dirname, '../fixtures/alerts');
const readJson = (name: string) => JSON.parse(readFileSync(path.join(fixtures, name), 'utf8'));

function read(name: string) {
  const doc = parseDocument(readFileSync(path.join(seeds, name)));
  return { doc, told: declarationsOf(doc, path.join(seeds, name)) };
}

describe('the seeds: alerts and severity', () => {
  before(function () {
    if (!existsSync(seeds)) {
      console.log(`      skipped: ${seeds} is not here`);
      this.skip();
    }
  });

  const scales = readJson('seedScales.json');
  const documents = readJson('seedDocuments.json');
  for (const name of Object.keys(scales).filter((key) => key.endsWith('.md'))) {
    it(`${name}: its scales are those of the table`, () => {
      const { told } = read(name);
      const got = told.scales.map((scale, index) => ({
        name: scale.name,
        levels: scale.levels.map((level, at) => {
          const keys = Object.keys(scales[name][index]?.levels[at] ?? { raw: '', level: 0 });
          return Object.fromEntries(keys.map((key) => [key, level[key as keyof typeof level]]));
        }),
      }));
      assert.deepEqual(got, scales[name]);
    });

    it(`${name}: the document declares what a careful reader sees`, () => {
      const { told, doc } = read(name);
      const wanted = documents[name];
      assert.deepEqual(
        told.alerts.map(({ name: alert, via }) => ({ name: alert, via })),
        wanted.alerts,
      );
      assert.deepEqual(
        told.severity && { raw: told.severity.raw, level: told.severity.level },
        wanted.severity,
      );
      assert.deepEqual(told.conflicts, []);
      if (wanted.threshold) {
        const { comparison, value, unit, windowMs } = told.thresholds[0]!;
        assert.deepEqual({ comparison, value, unit, windowMs }, wanted.threshold);
      }
      if (wanted.section) {
        const index = doc.cells.findIndex((cell) => cell.headings.at(-1) === wanted.section.heading);
        const cell = told.cells[index]!;
        assert.deepEqual(
          cell.alerts.map((alert) => alert.name),
          wanted.alerts.map((alert: { name: string }) => alert.name),
        );
        assert.equal(cell.severity?.raw, wanted.section.severity.raw);
        assert.equal(cell.severity?.level, wanted.section.severity.level);
      }
    });
  }

  it('every code cell has the alert and the severity of the table, and there are no others', () => {
    const table = readFileSync(path.join(fixtures, 'seedCells.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const got: string[] = [];
    for (const name of readdirSync(seeds).sort()) {
      const { doc, told } = read(name);
      doc.cells.forEach((cell, index) => {
        if (cell.kind !== 'code') return;
        const { alerts, severity, hint } = told.cells[index]!;
        const cells = [
          name,
          cell.lines[0] + 1,
          cell.headings.at(-1),
          alerts.map((alert) => alert.name).join(',') || '-',
          severity ? `${severity.raw}:${severity.level}` : '-',
          hint?.raw ?? '-',
        ];
        got.push(cells.join(' | '));
      });
    }
    assert.deepEqual(got, table);
    assert.equal(got.length, 96);
  });
});
