// The first heading is the alert's name, bare or with something around it: `# KubeMacPoolDown [Deprecated]`.

import { isHumpedName, isTroubleName, nameKey, normaliseName, titleName } from '../alertName.ts';
import { type AlertMatcher, documentReach } from '../declaration.ts';

export const matchTitle: AlertMatcher = (context) => {
  const [first] = context.outline.headings;
  if (!first || first.level > 2) return [];
  const name = titleName(first.text);
  const isKnown = context.known.has(normaliseName(name));
  if (!isHumpedName(name) && !isKnown) return [];
  if (first.level === 2 && first.endLine < context.outline.lineCount) return [];
  const agrees = nameKey(name) === nameKey(context.stem);
  const confidence = agrees || isKnown ? 0.9 : isTroubleName(name) ? 0.75 : 0.6;
  const reach = documentReach(context);
  return [{ name, via: 'heading', confidence, line: first.line, reach, tier: 'implied' }];
};
