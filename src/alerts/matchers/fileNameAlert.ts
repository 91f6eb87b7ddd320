// The file's stem is the alert's name: the most common form by far.

import { isHumpedName, isPageName, isTroubleName, nameKey, normaliseName, titleName } from '../alertName.ts';
import { type AlertMatcher, documentReach } from '../declaration.ts';

const pageEnd =
  /(Runbooks?|Playbooks?|Guide|Procedures?|Process|Overview|Notes|Template|Setup|Install|Operations|Response|Maintenance|Checklist|Docs?)$/;

export const matchFileName: AlertMatcher = (context) => {
  const { stem, known, outline } = context;
  const title = titleName(outline.headings[0]?.text ?? '');
  const titleAgrees = title !== '' && nameKey(title) === nameKey(stem);
  const isKnown = known.has(normaliseName(stem));
  const confidence = isKnown ? 0.9 : stemConfidence(stem, titleAgrees, title);
  if (confidence === 0) return [];
  // A rule's own spelling or the title's is better than a stem in lower case.
  const name = isHumpedName(stem) || !isHumpedName(title) || !titleAgrees ? stem : title;
  return [{ name, via: 'file-name', confidence, reach: documentReach(context), tier: 'implied' }];
};

function stemConfidence(stem: string, titleAgrees: boolean, title: string): number {
  if (isPageName(stem)) return 0;
  if (isHumpedName(stem) && !pageEnd.test(stem)) {
    if (titleAgrees) return 0.9;
    return isTroubleName(stem) ? 0.8 : 0.6;
  }
  // One word alone, such as `Watchdog`, where file and title say the same.
  return titleAgrees && stem === title && /^[A-Z][a-z]{3,}[A-Za-z]*$/.test(stem) && !pageEnd.test(stem)
    ? 0.5
    : 0;
}
