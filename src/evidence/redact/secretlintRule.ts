// secretlint's recommended rules, asked line by line. Its rule that lets comments switch others off
// (`secretlint-disable`) is left out: what a cluster prints must not decide what is cut.

import { rules as creators } from '@secretlint/secretlint-rule-preset-recommend';
import type { Range, Rule } from './rule.ts';

interface Report {
  readonly range: readonly [number, number];
}
type Creator = (typeof creators)[number];
type Check = { file?(source: unknown): unknown };

const left = new Set(['@secretlint/secretlint-rule-filter-comments', '@secretlint/secretlint-rule-gcp']);
let found: Range[] = [];
const context = {
  createTranslator: () => () => ({ message: '', messageId: '', data: {} }),
  report: ({ range }: Report) => found.push({ start: range[0], end: range[1] }),
  ignore: () => {},
  sharedOptions: {},
};

const checks: Check[] = (creators as readonly Creator[])
  .filter((creator) => !left.has(creator.meta.id))
  .map((creator) => (creator as { create(context: unknown, options: unknown): Check }).create(context, {}));

export const secretlintRule: Rule = {
  kind: 'credential',
  needles: [
    'a3t', 'akia', 'agpa', 'aida', 'aroa', 'aipa', 'anpa', 'anva', 'asia', 'secretaccesskey', 'secret_access',
    'account', 'x-oauth-basic', '_authtoken', 'npm_', 'xox', 'xapp', 'hooks.slack', 'sk-', 'lin_api', 'private key', 'sg.', 'shp', 'gh', 'ops_ey', 
  ].filter((needle) => needle.length >= 3), // biome-ignore format: a list
  find(line) {
    found = [];
    const source = { content: line, filePath: 'line', contentType: 'text', ext: '' };
    for (const check of checks) check.file?.(source);
    return found
      .filter(({ start, end }) => end > start && !spared.test(line.slice(start, end)))
      .map(({ start, end }) => ({ start: start + nameLength(line.slice(start, end)), end }));
  },
};

/** A URL's finding spans all of it, and this project's rules cut the password alone; account ids are no secret. */
const spared = /^[a-z+:]{3,24}:\/\/|account/i;

/** Some findings span the name too; it tells the reader what was cut and stays. */
function nameLength(finding: string): number {
  return /^[\w"'-]{1,60}\s*(?::=|=>|=|:)\s*["']?/.exec(finding)?.[0].length ?? 0;
}
