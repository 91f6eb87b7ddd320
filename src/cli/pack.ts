// `runbook pack` and `runbook report`: an incident for somebody who was not there.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { makePack } from '../evidence/pack/makePack.ts';
import { timelineMd } from '../evidence/pack/markdown.ts';
import { reportHtml } from '../evidence/pack/reportHtml.ts';
import { evidenceOptions, evidenceRoot, type Place } from '../incident/incident.ts';
import { openReview } from '../incident/review/openReview.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError, printJson } from './print.ts';
import { version } from './version.ts';

export async function pack(
  id: string,
  options: { out?: string; evidence?: string; json?: boolean; force?: boolean },
): Promise<number> {
  const place: Place = { flag: options.evidence, env: process.env, tool: { name: 'runbook', version } };
  const made = await makePack(evidenceRoot(place), id, path.resolve(options.out ?? `${id}.zip`), {
    ...(await evidenceOptions(place, process.cwd())),
    evenIfUnsound: options.force ?? false,
  });
  if (options.json) await printJson(made);
  else {
    await print(`${made.file}\n`);
    await printError(
      `${made.bytes} bytes. Hand this checkpoint out by another way than the pack (key ${made.fingerprint}):\n\n${made.note}`,
    );
  }
  return exitStatus.done;
}

export async function report(target: string, options: { format?: string; out?: string }): Promise<number> {
  const format = options.format ?? 'html';
  if (format !== 'html' && format !== 'md') {
    throw new RunbookError({
      code: 'format-unknown',
      message: `There is no report format ${JSON.stringify(format)}.`,
      mend: 'Use html or md.',
    });
  }
  const review = await openReview(target);
  try {
    const text =
      format === 'md' ? timelineMd(review.content) : await reportHtml(review.content, review.verification);
    if (options.out) await writeFile(options.out, text);
    else await print(text);
  } finally {
    review.close();
  }
  return exitStatus.done;
}
