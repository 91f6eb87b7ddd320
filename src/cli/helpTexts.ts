// What the help of each command tells beside its options: an example, and what its arguments are where the name alone
// does not say it. Once for all commands, so that they speak alike.

import type { Command } from 'commander';

/** By the command's path: calls without `runbook`. */
const examples: Readonly<Record<string, readonly string[]>> = {
  cells: ['cells auth.runbook.md'],
  cat: ['cat runbooks/*.runbook.md --out /tmp/same'],
  explain: ['explain auth.runbook.md', "explain - <<< 'kubectl delete pod web-0'"],
  lint: ['lint runbooks/*.runbook.md --rules rules/', 'lint auth.runbook.md --since main'],
  links: ['links runbooks/ --rules rules/'],
  run: [
    'run auth.runbook.md --plan',
    'run auth.runbook.md --cells 3,5-7 --var pod=auth-0',
    'run auth.runbook.md --section "Roll back" --incident ID',
  ],
  preflight: ['preflight auth.runbook.md --all'],
  drill: ['drill auth.runbook.md --list', 'drill auth.runbook.md --fault crash-loop'],
  approve: ['approve 54d1a4bc42b4.approval-request', 'approve --countersign runbook-approval:1:eyJj…'],
  verify: ['verify incident.zip --checkpoint handed-out.txt'],
  pack: ['pack ID --out incident.zip'],
  report: ['report incident.zip --out report.html'],
  'practice start': ['practice start --detach'],
  'practice stop': ['practice stop'],
  'practice status': ['practice status'],
  'practice kubeconfig': ['practice kubeconfig'],
  'practice fault': ['practice fault crash-loop'],
  'incident open': ['incident open --title "Logins fail" --severity "Severity 1"'],
  'incident join': ['incident join bundle.zip --take-over --as grace'],
  'incident note': ['incident note ID the database is next'],
  'incident status': ['incident status ID'],
  'incident handover': ['incident handover ID look at redis --to grace --out bundle.zip'],
  'incident checklist': ['incident checklist ID auth.runbook.md'],
  'incident tick': ['incident tick ID auth.runbook.md 3 --note "by phone"'],
  'incident severity': ['incident severity ID "Severity 2"'],
  'incident close': ['incident close ID --summary "went back to v41"'],
  'incident countersign': ['incident countersign ID', 'incident countersign ID answer.txt'],
  'incident list': ['incident list'],
  'incident archive': ['incident archive ID --to /srv/archive'],
  'incident hold': ['incident hold ID --reason "audit 2026-7"'],
  'incident release': ['incident release ID --reason "the audit is over"'],
  'incident prune': ['incident prune --older-than 90d --reason "retention" --yes'],
  'incident erase': ['incident erase ID 9f86d081… --reason "names a customer"'],
  'incident addendum': ['incident addendum ID rca.md --title RCA'],
  'incident checkpoint': ['incident checkpoint ID'],
};

const argumentTexts: Readonly<Record<string, string>> = {
  id: "the incident's id, as `runbook incident list` tells it",
  'dir-or-pack': "an incident's folder, or a pack (zip)",
  text: 'in words',
  answer: 'what the second person signed: its line, or its file',
};

const exitStatus = `Exit status:
  0    done
  1    the thing itself failed: a cell, a verification, a lint error
  2    unusable arguments or input
  3    refused by the guard
  130  interrupted
`;

/** Completes every command of a program that is defined otherwise. */
export function addHelpTexts(program: Command): void {
  program.addHelpText(
    'after',
    `\n\`runbook COMMAND --help\` tells its options, with an example.\n\n${exitStatus.trimEnd()}`,
  );
  for (const command of program.commands) {
    if (command.commands.length === 0) complete(command, command.name());
    for (const one of command.commands) complete(one, `${command.name()} ${one.name()}`);
  }
}

/** undefined for a command that has none. */
export function examplesOf(path: string): readonly string[] | undefined {
  return examples[path];
}

function complete(command: Command, path: string): void {
  for (const argument of command.registeredArguments) {
    argument.description ||= argumentTexts[argument.name()] ?? '';
  }
  const own = examplesOf(path);
  if (!own) return;
  const lines = own.map((one) => `  runbook ${one}`);
  command.addHelpText('after', `\nExample${own.length > 1 ? 's' : ''}:\n${lines.join('\n')}`);
}
