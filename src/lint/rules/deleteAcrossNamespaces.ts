// A namespaced change that a list over all namespaces feeds: it acts on whatever has the same name in the current
// namespace, and misses what the list meant.

import type { Problem } from '../../base/problem.ts';
import type { CallSite } from '../callSite.ts';
import { isClusterKind, kubectlCall } from '../kubectlCall.ts';
import { type LintRule, quoted } from '../lintRule.ts';

const changes = /^(delete|patch|annotate|label|scale|rollout (restart|undo)|edit|replace)$/;

export const deleteAcrossNamespaces: LintRule = {
  codes: ['delete-across-namespaces'],
  check({ cells }) {
    return cells.flatMap((cell) => {
      const lists = cell.calls.filter(isListOfAll);
      return cell.calls.flatMap((call): Problem[] => {
        const kubectl = kubectlCall(call);
        if (!kubectl || !changes.test(kubectl.verb)) return [];
        const { parsed, operands } = kubectl;
        if (
          ['--namespace', '--all-namespaces', '--filename'].some(
            (flag) => parsed.last(flag) !== undefined || parsed.on(flag),
          )
        )
          return [];
        if (isClusterKind(operands[0]?.value ?? '')) return [];
        const list = lists.find((one) => feeds(one, call));
        if (!list) return [];
        const source = quoted(cell.text.slice(list.start, list.end), 60);
        const text = quoted(cell.text.slice(call.start, call.end));
        return [
          {
            code: 'delete-across-namespaces',
            message: `\`${text}\` names no namespace, but \`${source}\` lists all of them: it acts on the current one`,
            severity: kubectl.verb === 'delete' ? 'error' : 'warning',
            range: cell.rangeOf(call.start, call.end),
          },
        ];
      });
    });
  },
};

function isListOfAll(call: CallSite): boolean {
  const kubectl = kubectlCall(call);
  return (
    kubectl?.verb === 'get' &&
    kubectl.parsed.on('--all-namespaces') &&
    !isClusterKind(kubectl.operands[0]?.value ?? '')
  );
}

/** Through a pipeline, a loop over its output, or its own arguments. */
function feeds(list: CallSite, call: CallSite): boolean {
  if (list === call || list.start > call.end) return false;
  if (call.start < list.start && list.end <= call.end) return true;
  return call.around.some(
    ({ start, end }) => start <= list.start && list.end <= end && list.start < call.start,
  );
}
