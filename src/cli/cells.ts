// `runbook cells`: what the notebook would show.

import path from 'node:path';
import { describeRunbook } from '../incident/describeRunbook.ts';
import { loadRunbook } from '../incident/runbook.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printJson } from './print.ts';
import { readInput } from './readInput.ts';

export async function cells(file: string, options: { json?: boolean }): Promise<number> {
  const described = await describeRunbook(loadRunbook(await readInput(file), path.resolve(file)));
  if (options.json) {
    await printJson(described);
    return exitStatus.done;
  }
  for (const cell of described.cells) {
    const facts = [
      cell.alerts.map((alert) => alert.name).join(', '),
      cell.severity?.raw ?? '',
      cell.kind === 'code' ? (cell.executable ? cell.risk : `not run: ${cell.reason}`) : '',
    ].filter((fact) => fact);
    const kind = cell.kind === 'code' ? cell.language : 'markdown';
    const first = cell.source.split('\n').find((line) => line.trim()) ?? '';
    const place = `${String(cell.index).padStart(3)}  ${String(cell.lines[0] + 1).padStart(5)}`;
    await print(
      `${place}  ${kind.padEnd(9)} ${first.slice(0, 72)}${facts.length ? `\n${' '.repeat(12)}${facts.join(' · ')}` : ''}\n`,
    );
  }
  return exitStatus.done;
}
