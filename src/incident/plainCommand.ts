// A command that no syntax tree told: a request, a cell in a language that is not read.

import type { AssessedCommand } from '../shell/assess.ts';

export function plainCommand(
  told: Pick<AssessedCommand, 'text' | 'tool' | 'risk' | 'reasons'>,
): AssessedCommand {
  return {
    ...told,
    ownRisk: told.risk,
    line: 0,
    endLine: told.text.split('\n').length - 1,
    verb: null,
    where: 'here',
    place: { kind: 'here', label: 'here' },
    target: { context: null, namespace: null, overrides: [] },
    argv: null,
    calls: [],
    stdin: null,
    parent: null,
    ungated: [],
    blocking: null,
    interactive: null,
    background: false,
    sleepMs: null,
    reads: [],
    writes: [],
    fails: null,
    switchesTarget: null,
  };
}
