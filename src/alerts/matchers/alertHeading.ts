// A heading that says it names an alert: `##### Alert Name: "KubeAPIDown"`, `## Alert: X or Y`.

import { isHumpedName, normaliseName, splitNames } from '../alertName.ts';
import { type AlertDeclaration, type AlertMatcher, siblingReach } from '../declaration.ts';

const said = /^alert(?:\s*name)?s?\s*[:=–—-]\s*(\S.*)$/i;

export const matchAlertHeading: AlertMatcher = (context) => {
  const found: AlertDeclaration[] = [];
  for (const heading of context.outline.headings) {
    const match = said.exec(heading.text);
    if (!match) continue;
    const sayName = /^alert\s*name/i.test(heading.text);
    const reach = siblingReach(context, heading, (other) => said.test(other.text));
    for (const name of splitNames(match[1]!)) {
      const isName = isHumpedName(name) || context.known.has(normaliseName(name));
      if (!isName && !(sayName && name.split(/\s+/).length <= 6)) continue;
      found.push({
        name,
        via: 'alert-heading',
        confidence: 0.95,
        line: heading.line,
        reach,
        tier: 'declared',
      });
    }
  }
  return found;
};
