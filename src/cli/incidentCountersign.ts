// `runbook incident countersign`: what went ahead without a second person, and the signature that one gives afterwards.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { utcText } from '../base/clock.ts';
import { countersignText, isUnseen } from '../evidence/read/brokenGlass.ts';
import { countersign, glassesOf } from '../incident/countersign.ts';
import { evidenceOptions, evidenceRoot } from '../incident/incident.ts';
import { sessionPolicy } from '../incident/sessionPolicy.ts';
import { exitStatus } from './exitStatus.ts';
import { type Common, placeOf } from './incidentCommands.ts';
import { print, printError, printJson } from './print.ts';

export interface CountersignOptions extends Common {
  /** Names the allowed signers; as git is told otherwise. */
  readonly policy?: string;
}

/** Without an answer it lists them, each with the line to hand on. 3 where an answer proves nothing. */
export async function incidentCountersign(
  id: string,
  answer: string | undefined,
  options: CountersignOptions,
): Promise<number> {
  const place = placeOf(options);
  const folder = path.join(evidenceRoot(place), id);
  if (answer !== undefined) {
    const text = await readFile(answer, 'utf8').catch(() => answer);
    const { allowedSigners } = await sessionPolicy(options.policy, process.cwd());
    const evidence = await evidenceOptions(place, process.cwd());
    const result = await countersign(folder, text, allowedSigners, evidence);
    if (options.json) await printJson(result);
    else if (result.ok) await print(`Countersigned by ${result.by}; recorded and sealed.\n`);
    else await printError(`runbook: not recorded: ${result.why}.\n`);
    return result.ok ? exitStatus.done : exitStatus.refused;
  }
  const glasses = await glassesOf(folder);
  if (options.json) {
    await printJson(glasses.map(({ operator: _, ...told }) => told));
    return exitStatus.done;
  }
  if (glasses.length === 0) await print('The glass was never broken in this incident.\n');
  for (const glass of glasses) {
    const { at, by, reason, calls, line } = glass;
    await print(`${utcText(at)}  ${by}: ${reason}  (${countersignText(glass)})\n`);
    for (const call of calls) await print(`    ${call.replaceAll('\n', '\n    ')}\n`);
    if (isUnseen(glass) && line)
      await print(`  A second person signs it with: runbook approve --countersign ${line}\n`);
  }
  return exitStatus.done;
}
