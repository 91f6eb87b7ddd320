// Where a runbook names different alerts for the same lines by different forms.

import { nameKey, titleName } from './alertName.ts';
import type { AlertDeclaration, MatchContext } from './declaration.ts';
import { documentReach } from './declaration.ts';
import type { AlertConflict, AlertVia } from './documentAlerts.ts';

const said: Record<AlertVia, string> = {
  'front-matter': 'the front matter says',
  label: 'its label says',
  'alert-heading': 'its heading says',
  'rule-fence': 'its rule says',
  table: 'its table says',
  'finding-type': 'its finding type says',
  'file-name': 'the file is named',
  heading: 'the first heading says',
  'section-heading': 'the section is headed',
  command: 'a command looks up',
};

/** Front matter, file name and title speak for the whole document: they must agree with each other and the labels. */
export function conflictsOf(
  context: MatchContext,
  declarations: readonly AlertDeclaration[],
): AlertConflict[] {
  const whole = documentReach(context);
  const wide = declarations.filter(
    ({ reach, tier }) => reach.line === whole.line && reach.endLine === whole.endLine && tier !== 'mentioned',
  );
  const declared = wide.filter(({ via }) => ['front-matter', 'label', 'alert-heading'].includes(via));
  const implied = wide.filter(({ via }) => via === 'file-name' || via === 'heading');
  const conflicts: AlertConflict[] = [];
  for (const one of implied) {
    if (declared.length === 0 || declared.some((other) => nameKey(other.name) === nameKey(one.name)))
      continue;
    conflicts.push(conflict(declared[0]!, one));
  }
  const [file, title] = ['file-name', 'heading'].map((via) => implied.find((one) => one.via === via));
  if (declared.length === 0 && file && title && nameKey(file.name) !== nameKey(title.name))
    conflicts.push(conflict(file, title));
  const front = declared.filter(({ via }) => via === 'front-matter');
  const labels = declared.filter(({ via }) => via !== 'front-matter');
  for (const label of front.length > 0 ? labels : []) {
    if (!front.some((one) => nameKey(one.name) === nameKey(label.name)))
      conflicts.push(conflict(front[0]!, label));
  }
  return conflicts;
}

function conflict(first: AlertDeclaration, second: AlertDeclaration): AlertConflict {
  return {
    message: `${said[first.via]} ${titleName(first.name)}, ${said[second.via]} ${titleName(second.name)}`,
    names: [first.name, second.name],
    ...(second.line !== undefined && { line: second.line }),
  };
}
