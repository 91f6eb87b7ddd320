// `runbook pack` and `runbook report`: an incident for somebody who was not there.

import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { blobReader } from '../evidence/pack/blobReader.ts';
import { makePack } from '../evidence/pack/makePack.ts';
import { timelineMd } from '../evidence/pack/markdown.ts';
import { packContent } from '../evidence/pack/packContent.ts';
import { reportHtml } from '../evidence/pack/reportHtml.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { openFolder } from '../evidence/read/source.ts';
import { verifyEvidence } from '../evidence/read/verifyEvidence.ts';
import { evidenceOptions, evidenceRoot, type Place } from '../incident/incident.ts';
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
  if (!(await stat(target)).isDirectory()) {
    throw new RunbookError({
      code: 'report-needs-folder',
      message: `${target} is a pack, which holds its report already, as data/report.html.`,
      mend: "Unzip it, or give the incident's folder.",
    });
  }
  const source = await openFolder(target);
  try {
    const content = await packContent(await readIncident(target), blobReader(source));
    const text =
      format === 'md' ? timelineMd(content) : await reportHtml(content, await verifyEvidence(target));
    if (options.out) await writeFile(options.out, text);
    else await print(text);
  } finally {
    source.close();
  }
  return exitStatus.done;
}
