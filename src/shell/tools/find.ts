// find and fd: expressions that delete, write or run.

import { type Inner, type Tool, type Verdict, verdict } from '../call.ts';
import { riskOfWriting } from '../redirections.ts';
import { highestRisk, type Risk } from '../risk.ts';
import { unknownPart, type Word } from '../word.ts';

const harmless = new Set(
  (
    '-H -L -P -D -amin -anewer -atime -cmin -cnewer -ctime -daystart -depth -d -empty -executable -false ' +
    '-follow -fstype -gid -group -help --help -ignore_readdir_race -ilname -iname -inum -ipath -iregex ' +
    '-iwholename -links -lname -ls -maxdepth -mindepth -mmin -mount -mtime -name -newer -nogroup ' +
    '-noignore_readdir_race -noleaf -nouser -nowarn -not -o -or -a -and -path -perm -print -print0 -printf ' +
    '-prune -quit -readable -regex -regextype -samefile -size -true -type -uid -used -user -version --version ' +
    '-warn -wholename -writable -xautofs -xdev -xtype -E -X -s -x -O0 -O1 -O2 -O3 -Bmin -newermt -newerct -newerat -newermm -files0-from'
  ).split(' '),
);
/** Their value may look like anything, also like an action. */
const valued =
  /^-(a|c|m)?(min|time|newer)|^-(i?name|i?path|i?regex|i?wholename|i?lname|type|xtype|size|perm|user|group|uid|gid|fstype|inum|links|maxdepth|mindepth|printf|regextype|samefile|used|newer..|D|fprint0?|fls|fprintf|files0-from)$/;

export const find: Tool = {
  names: ['find', 'gfind'],
  classify({ args }): Verdict {
    const found: { risk: Risk; why: string }[] = [];
    const inner: Inner[] = [];
    const writes: string[] = [];
    for (let at = 0; at < args.length; at++) {
      const value = args[at]!.value;
      if (value === '-delete') found.push({ risk: 'destroy', why: 'deletes what it finds (-delete)' });
      else if (/^-(exec|execdir|ok|okdir)$/.test(value)) {
        const end = endOfExec(args, at + 1);
        inner.push({ words: args.slice(at + 1, end).map(braces), separate: true });
        at = end;
      } else if (/^-(fprint0?|fls|fprintf)$/.test(value)) {
        const file = args[at + 1]?.value ?? '';
        const where = riskOfWriting(file)?.risk ?? 'write';
        found.push({ risk: highestRisk(['write', where]), why: `writes a file (${value})` });
        writes.push(file);
        at += value === '-fprintf' ? 2 : 1;
      } else if (value.startsWith('-') && value.length > 1) {
        if (!harmless.has(value)) {
          found.push({
            risk: 'unknown',
            why: `find has no ${value.replaceAll(unknownPart, '…')} that we know`,
          });
        }
        if (valued.test(value)) at++;
      }
    }
    const risk = highestRisk(found.map((one) => one.risk));
    return { risk, reasons: found.length ? found.map((one) => one.why) : ['looks for files'], inner, writes };
  },
};

function endOfExec(args: readonly Word[], from: number): number {
  for (let at = from; at < args.length; at++) {
    if (args[at]!.value === ';') return at;
    if (args[at]!.value === '+' && args[at - 1]?.value.includes('{}')) return at;
  }
  return args.length;
}

/** `{}` becomes a file's name, which only the run tells. */
function braces(word: Word): Word {
  return word.value.includes('{}') ? { ...word, value: word.value.replaceAll('{}', unknownPart) } : word;
}

export const fd: Tool = {
  names: ['fd', 'fdfind'],
  classify({ args }): Verdict {
    const at = args.findIndex((word) => /^(-x|-X|--exec|--exec-batch)$/.test(word.value));
    if (at < 0) return verdict('read', 'looks for files');
    return verdict('read', 'runs a command for what it finds', {
      inner: [{ words: args.slice(at + 1).map(braces), separate: true }],
    });
  },
};
