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
    // A URL's finding spans the whole of it; the narrower rules of this project cut the password alone.
    return found.filter(
      ({ start, end }) =>
        end > start &&
        !/^[a-z+:]{3,24}:\/\//i.test(line.slice(start, end)) &&
        !/account/i.test(line.slice(start, end)),
    );
  },
};
