// `alert: PQCScanFailure` in the front matter: one name, or several.

import { splitNames } from '../alertName.ts';
import { type AlertMatcher, documentReach } from '../declaration.ts';

export const matchFrontMatter: AlertMatcher = (context) => {
  const told = context.settings.alert ?? [];
  return [told]
    .flat()
    .flatMap(splitNames)
    .map((name) => ({
      name,
      via: 'front-matter',
      confidence: 1,
      line: 0,
      reach: documentReach(context),
      tier: 'declared',
    }));
};
