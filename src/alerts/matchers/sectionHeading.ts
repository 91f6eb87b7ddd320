// A section that is headed by an alert's name. Products are written in humps too, so the name must be known, tell of
// trouble, or stand in a row with others of its family that do: `TempoBadOverrides` among `TempoPollsFailing`, ….

import { familyOf, isHumpedName, isTroubleName, normaliseName, titleName } from '../alertName.ts';
import { type AlertMatcher, isTitle } from '../declaration.ts';

/** So many of a family and a level that tell of trouble speak for the others. */
const enoughOfAFamily = 3;

export const matchSectionHeading: AlertMatcher = (context) => {
  const named = context.outline.headings
    .filter((heading) => !isTitle(context, heading))
    .map((heading) => ({ heading, name: titleName(heading.text) }));
  const row = ({ heading, name }: (typeof named)[number]): string => `${heading.level} ${familyOf(name)}`;
  const troubled = new Map<string, number>();
  for (const one of named) {
    if (isTroubleName(one.name)) troubled.set(row(one), (troubled.get(row(one)) ?? 0) + 1);
  }
  return named
    .filter(
      (one) =>
        isTroubleName(one.name) ||
        (one.name !== '' && context.known.has(normaliseName(one.name))) ||
        (isHumpedName(one.name) && (troubled.get(row(one)) ?? 0) >= enoughOfAFamily),
    )
    .map(({ heading, name }) => ({
      name,
      via: 'section-heading',
      confidence: context.known.has(normaliseName(name)) ? 0.9 : 0.7,
      line: heading.line,
      reach: { line: heading.line, endLine: heading.endLine },
      tier: 'declared',
    }));
};
