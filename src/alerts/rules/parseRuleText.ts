// Alerting rules of a YAML text with their places: Prometheus rule files, PrometheusRule manifests, lists of them,
// and ConfigMaps whose values are rule files. Whatever the nesting, a rule is a map with `alert` in it.

import { isMap, isScalar, LineCounter, type ParsedNode, parseAllDocuments, visit, type YAMLMap } from 'yaml';
import type { Problem } from '../../base/problem.ts';
import type { AlertRule } from './alertRule.ts';

export interface RuleText {
  readonly rules: readonly AlertRule[];
  /** Lines from 0. */
  readonly problems: readonly Problem[];
}

const maxNested = 3;

/** Never throws: what YAML can't read becomes a problem, and the rules that it could read are kept. */
export function parseRuleText(text: string, nested = 0): RuleText {
  const rules: AlertRule[] = [];
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const documents = parseAllDocuments<ParsedNode>(text, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const lineOf = (offset: number | undefined): number => lines.linePos(offset ?? 0).line - 1;
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const error of document.errors) {
      const line = Math.max(lineOf(error.pos[0]), 0);
      problems.push({
        code: 'rule-file-unreadable',
        message: `This is no valid YAML: ${error.message.split('\n')[0]}`,
        severity: 'error',
        range: { line, character: 0, endLine: line + 1, endCharacter: 0 },
      });
    }
    visit(document, {
      Map(_key, node, path) {
        const name = textOf(node, 'alert');
        if (!name || !['expr', 'labels', 'annotations', 'for'].some((key) => node.has(key))) return;
        const key = node.items.find((pair) => isScalar(pair.key) && pair.key.value === 'alert')?.key;
        const group = path.findLast((one) => isMap(one) && one.has('rules'));
        rules.push({
          name,
          expr: textOf(node, 'expr') ?? '',
          for: textOf(node, 'for') ?? '',
          labels: textsOf(node, 'labels'),
          annotations: textsOf(node, 'annotations'),
          group: isMap(group) ? (textOf(group, 'name') ?? null) : null,
          line: lineOf(isScalar(key) ? key.range?.[0] : node.range?.[0]),
        });
      },
      Scalar(key, node) {
        const { value } = node;
        if (key !== 'value' || nested >= maxNested || typeof value !== 'string') return;
        if (node.type !== 'BLOCK_LITERAL' || !/^\s*(- )?alert\s*:/m.test(value)) return;
        // The block's text begins on the line after its `|`.
        const start = lineOf(node.range?.[0]) + 1;
        for (const rule of parseRuleText(value, nested + 1).rules)
          rules.push({ ...rule, line: start + rule.line });
      },
    });
  }
  return { rules, problems };
}

function textOf(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function textsOf(map: YAMLMap, key: string): Record<string, string> {
  const inner = map.get(key);
  if (!isMap(inner)) return {};
  const texts: Record<string, string> = {};
  for (const { key: name, value } of inner.items) {
    if (!isScalar(name) || !isScalar(value) || value.value === null) continue;
    texts[String(name.value)] = String(value.value);
  }
  return texts;
}
