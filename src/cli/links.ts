// `runbook links`: which alerting rule leads to which runbook, dead links, and rules without a runbook.

import { linkRunbooks } from '../alerts/rules/linkRunbooks.ts';
import { loadRules } from '../alerts/rules/loadRules.ts';
import { loadRunbooks } from '../alerts/rules/loadRunbooks.ts';
import { exitStatus } from './exitStatus.ts';
import { print, printError, printJson } from './print.ts';

export async function links(
  files: readonly string[],
  options: { rules?: readonly string[]; json?: boolean },
): Promise<number> {
  // Without --rules the rules are looked for where the runbooks are.
  const { rules, problems } = await loadRules(options.rules ?? files);
  for (const { file, problem } of problems) {
    await printError(`runbook: ${file}:${problem.range.line + 1}: ${problem.message}\n`);
  }
  const runbooks = await loadRunbooks(
    files,
    rules.map((rule) => rule.name),
  );
  const found = linkRunbooks(rules, runbooks);
  if (options.json) {
    await printJson(found);
    return exitStatus.done;
  }
  const place = ({ file, line }: { file: string; line: number }): string => `${file}:${line + 1}`;
  for (const link of found.links) {
    await print(`${link.name}  ${link.severity ?? '-'}  ${link.runbook}  by ${link.via}\n`);
    for (const conflict of link.conflicts) await print(`    conflict: ${conflict}\n`);
  }
  for (const dead of found.dead)
    await print(`${dead.name}  dead link ${dead.url} (${place(dead.rule)}): ${dead.reason}\n`);
  for (const rule of found.unlinked) await print(`${rule.name}  no runbook (${place(rule.rule)})\n`);
  await print(
    `${found.links.length} linked, ${found.dead.length} dead, ${found.unlinked.length} without a runbook\n`,
  );
  return exitStatus.done;
}
