// Text of others in a notification. VS Code makes links of `[…](command:…)` there, which run a command on a click:
// what a heading, an alert's label or a program says must not offer one.

import { visibleLine } from '../base/visibleText.ts';

/** On one line, with every sign seen, and without links. */
export function toast(text: string): string {
  return visibleLine(text).replaceAll('](', '] (');
}
