// A section that is headed by an alert's name. Products are written in humps too, so the name must be known, or tell
// of trouble.

import { isTroubleName, normaliseName, titleName } from '../alertName.ts';
import { type AlertMatcher, isTitle } from '../declaration.ts';

export const matchSectionHeading: AlertMatcher = (context) =>
  context.outline.headings
    .filter((heading) => !isTitle(context, heading))
    .map((heading) => ({ heading, name: titleName(heading.text) }))
    .filter(({ name }) => isTroubleName(name) || (name !== '' && context.known.has(normaliseName(name))))
    .map(({ heading, name }) => ({
      name,
      via: 'section-heading',
      confidence: context.known.has(normaliseName(name)) ? 0.9 : 0.7,
      line: heading.line,
      reach: { line: heading.line, endLine: heading.endLine },
      tier: 'declared',
    }));
