// wget: fetches to a file unless told otherwise.

import type { Tool } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { riskOfWriting, shownPath } from '../redirections.ts';
import { highestRisk, type Risk } from '../risk.ts';
import { meaningOf } from './curl.ts';

const flags =
  '-V -h -b,--background -e,--execute= -o,--output-file= -a,--append-output= -d,--debug -q,--quiet -v,--verbose -nv -i,--input-file= -F,--force-html ' +
  '-B,--base= -t,--tries= -O,--output-document= -c,--continue -N,--timestamping -S,--server-response --spider -T,--timeout= -w,--wait= --waitretry= ' +
  '-Q,--quota= --limit-rate= -4 -6 --user= --password= --ask-password -P,--directory-prefix= -x,--force-directories --header= -U,--user-agent= ' +
  '--post-data= --post-file= --method= --body-data= --body-file= --no-check-certificate --ca-certificate= --certificate= --private-key= ' +
  '-r,--recursive -l,--level= -k,--convert-links -p,--page-requisites -m,--mirror -A,--accept= -R,--reject= -D,--domains= -L,--relative -np ' +
  '-n -H,--span-hosts -K,--backup-converted -E,--adjust-extension --no-proxy --no-verbose --content-disposition --save-cookies= --load-cookies= ' +
  '--progress= --show-progress --retry-connrefused --read-timeout= --connect-timeout= --dns-timeout= --no-cache --no-cookies --no-clobber --compression= ' +
  '--no-parent --max-redirect= --no-hsts --trust-server-names --use-askpass= --delete-after --secure-protocol= --referer= --inet4-only --random-wait';

export const wget: Tool = {
  names: ['wget', 'wget2'],
  classify(call) {
    const parsed = parseFlags(call.args, flags, 'gnu');
    const risks: Risk[] = [];
    const reasons: string[] = [];
    const add = (risk: Risk, why: string): void => {
      risks.push(risk);
      reasons.push(why);
    };
    if (parsed.unlisted.length) add('unknown', `wget has no flag ${parsed.unlisted.join(', ')} that we know`);
    if (parsed.on('--execute') || parsed.on('--use-askpass'))
      add('unknown', 'takes settings that may run things');
    const posts =
      parsed.on('--post-data') ||
      parsed.on('--post-file') ||
      parsed.on('--body-data') ||
      parsed.on('--body-file');
    const method = parsed.last('--method')?.toUpperCase() ?? (posts ? 'POST' : 'GET');
    const [risk, why] = meaningOf(method.includes('\0') ? '?' : method);
    add(risk, why);
    const writes: string[] = [];
    const output = parsed.last('--output-document');
    if (!parsed.on('--spider')) {
      const path = output ?? parsed.last('--directory-prefix') ?? '.';
      const meaning = path === '-' ? null : riskOfWriting(path);
      if (meaning) {
        writes.push(shownPath(path));
        add(meaning.risk, output ? meaning.why : 'writes a file named by the URL');
      }
    }
    for (const flag of ['--output-file', '--append-output', '--save-cookies']) {
      for (const path of parsed.all(flag)) {
        const meaning = path === '-' ? null : riskOfWriting(path);
        if (!meaning) continue;
        writes.push(shownPath(path));
        add(meaning.risk, meaning.why);
      }
    }
    return { risk: highestRisk(risks), reasons, verb: method, writes };
  },
};
