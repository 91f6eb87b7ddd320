// `runbook explain`: every command, its risk and why, of a runbook or of bash text.

import path from 'node:path';
import { assessCell, loadRunbook } from '../incident/runbook.ts';
import { shellParser } from '../incident/shellTools.ts';
import { assess } from '../shell/assess.ts';
import { type ExplainedCommand, explain } from '../shell/explain.ts';
import { highestRisk, type Risk } from '../shell/risk.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printJson } from './print.ts';
import { readInput, readStandardInput } from './readInput.ts';

export async function explainInput(file: string, options: { json?: boolean }): Promise<number> {
  const { risk, commands } = file === '-' ? await explainText() : await explainFile(file);
  if (options.json) {
    await printJson({ risk, commands });
    return exitStatus.done;
  }
  for (const command of commands) {
    const where = command.where === 'here' ? '' : `  [${command.where}]`;
    await print(
      `${String(command.line + 1).padStart(5)}  ${command.risk.padEnd(8)} ${command.text.replace(/\n\s*/g, ' ')}${where}\n`,
    );
    for (const reason of command.reasons) await print(`${' '.repeat(16)}${reason}\n`);
  }
  await print(`risk: ${risk}\n`);
  return exitStatus.done;
}

async function explainText(): Promise<{ risk: Risk; commands: readonly ExplainedCommand[] }> {
  const text = new TextDecoder().decode(await readStandardInput());
  return explain(assess(await shellParser(), text));
}

/** Of all cells together; lines are those of the file. */
async function explainFile(file: string): Promise<{ risk: Risk; commands: readonly ExplainedCommand[] }> {
  const commands: ExplainedCommand[] = [];
  const risks: Risk[] = [];
  for (const found of loadRunbook(await readInput(file), path.resolve(file)).cells) {
    const assessment = await assessCell(found);
    if (!assessment) {
      if (found.runnable) risks.push('unknown');
      continue;
    }
    risks.push(assessment.risk);
    for (const command of explain(assessment).commands) {
      commands.push({ ...command, line: command.line + found.cell.textLine });
    }
  }
  return { risk: highestRisk(risks), commands };
}
