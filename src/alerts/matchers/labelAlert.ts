// A label line: `**Alert Name**: X`, `Alert: X or Y`, `Alerts: X, Y`.

import { isHumpedName, normaliseName, splitNames } from '../alertName.ts';
import { type AlertDeclaration, type AlertMatcher, type MatchContext, widenedReach } from '../declaration.ts';

const label = /^(alert ?names?|alertnames?|alerts?|prometheus alerts?|firing alerts?)\s*[:=]\s*(\S.*)$/i;

export const matchLabelLine: AlertMatcher = (context) => {
  const found: AlertDeclaration[] = [];
  for (const { line, text, code } of context.outline.texts) {
    const match = label.exec(text);
    if (!match || context.inScale(line)) continue;
    const sayName = /name/i.test(match[1]!);
    for (const name of splitNames(match[2]!)) {
      if (!isNamedBy(context, name, sayName, code)) continue;
      found.push({
        name,
        via: 'label',
        confidence: sayName ? 0.95 : 0.9,
        line,
        reach: widenedReach(context, line),
        tier: 'declared',
      });
    }
  }
  return found;
};

/** `Alert Name:` may name anything short; a bare `Alert:` also opens prose, so the name must look like one. */
function isNamedBy(context: MatchContext, name: string, sayName: boolean, code: readonly string[]): boolean {
  if (/[<>{}[\]]/.test(name)) return false;
  if (context.known.has(normaliseName(name))) return true;
  const count = name.split(/\s+/).length;
  if (sayName) return count <= 6;
  return count === 1 && (isHumpedName(name) || (code.includes(name) && /^[A-Za-z]\w{3,}$/.test(name)));
}
