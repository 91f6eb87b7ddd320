// Alerting rules written out in a YAML fence.

import { normaliseName } from '../alertName.ts';
import {
  type AlertDeclaration,
  type AlertMatcher,
  documentReach,
  ownReach,
  widenedReach,
} from '../declaration.ts';
import { parseRuleText } from '../rules/parseRuleText.ts';

const languages = new Set(['yaml', 'yml', '', 'text', 'prometheus']);

export const matchRuleFence: AlertMatcher = (context) => {
  const found: AlertDeclaration[] = [];
  for (const fence of context.outline.fences) {
    if (!languages.has(fence.language) || !/(^|[\s-])["']?alert["']?\s*:/m.test(fence.text)) continue;
    for (const rule of parseRuleText(fence.text).rules) {
      const line = fence.line + 1 + rule.line;
      const severity = rule.labels.severity
        ? { raw: rule.labels.severity, label: null, via: 'rule-fence' as const, line }
        : undefined;
      const reach = widenedReach(context, fence.line);
      found.push({
        name: rule.name,
        via: 'rule-fence',
        confidence: 0.9,
        line,
        reach,
        tier: 'declared',
        ...(severity && { severity }),
      });
    }
  }
  return [...found, ...onlyRule(found)];

  /** A document that shows the one rule of one alert, wherever, is about that alert if nothing else says so. */
  function onlyRule(rules: readonly AlertDeclaration[]): AlertDeclaration[] {
    const names = new Set(rules.map((rule) => normaliseName(rule.name)));
    if (names.size !== 1 || ownReach(context, rules[0]!.line!).line === 0) return [];
    return [{ ...rules[0]!, confidence: 0.6, reach: documentReach(context), tier: 'implied' }];
  }
};
