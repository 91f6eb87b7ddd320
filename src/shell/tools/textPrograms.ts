// sed, awk, jq and yq: programs in an argument that mostly print, and can write or run things.

import type { Tool } from '../call.ts';
import { unknownPart } from '../word.ts';
import { flat } from './flat.ts';

export const textPrograms: readonly Tool[] = [
  flat({
    names: ['sed', 'gsed'],
    risk: 'read',
    why: 'prints changed text',
    flags:
      '-n,--quiet,--silent --debug -e,--expression= -f,--file= --follow-symlinks -i,--in-place? ' +
      '-l,--line-length= --posix -E,-r,--regexp-extended -s,--separate --sandbox -u,--unbuffered ' +
      '-z,--null-data',
    judge: (parsed) => {
      const scripts = [...parsed.all('--expression')];
      const files = [...parsed.operands];
      if (scripts.length === 0 && !parsed.on('--file')) scripts.push(files.shift()?.value ?? '');
      const reasons: string[] = [];
      let risk: 'read' | 'write' | 'change' | 'unknown' = 'read';
      if (parsed.flags.some((flag) => flag.name === '--in-place')) {
        risk = 'change';
        reasons.push('changes the files in place (-i)');
      }
      if (parsed.on('--sandbox')) return reasons.length ? { risk, reasons } : undefined;
      if (parsed.on('--file')) return { risk: 'unknown', reasons: ['runs a sed script of unknown content'] };
      const all = scripts.join('\n');
      if (/(^|[;{}\n]\s*|\d\s*|\/\s*)w\s+\S|s(\W).*?\2.*?\2[gpiIme\d]*w\s+\S/.test(all)) {
        if (risk === 'read') risk = 'write';
        reasons.push('writes a file (w)');
      }
      if (/(^|[;{}\n$\d]\s*|\/\s*)e(\s|$)|\bs([/|#,@!]).*\3.*\3[gpiIm\d]*e/.test(all)) {
        risk = 'unknown';
        reasons.push('runs commands (e)');
      }
      return reasons.length ? { risk, reasons } : undefined;
    },
  }),
  flat({
    names: ['awk', 'gawk', 'mawk', 'nawk'],
    risk: 'read',
    why: 'prints text',
    style: 'posix',
    flags:
      '-F,--field-separator= -v,--assign= -f,--file= -e,--source= -i,--include= -l,--load= -M -n -O -S,--sandbox -b -N -W= --posix --re-interval',
    judge: (parsed) => {
      if (parsed.on('--file')) return { risk: 'unknown', reasons: ['runs an awk script of unknown content'] };
      const own = parsed.last('--include') ?? '';
      if (own.startsWith('inplace')) return { risk: 'change', reasons: ['changes the files in place'] };
      const program = [...parsed.all('--source'), parsed.operands[0]?.value ?? ''].join('\n');
      const code = program.replace(/"(\\.|[^"\\])*"/g, '""').replace(/\/(\\.|[^/\\\n])+\//g, '//');
      if (/\bsystem\s*\(|\|\s*""|\|\s*\w+|""\s*\|&?\s*getline|\|&?\s*getline/.test(code)) {
        return { risk: 'unknown', reasons: ['runs commands'] };
      }
      if (
        /\bprintf?\b[^;}\n]*>{1,2}\s*("|\w)/.test(code) &&
        !/\bprintf?\b[^;}\n]*>\s*"\/dev\/std/.test(program)
      ) {
        return { risk: 'write', reasons: ['writes files'] };
      }
      return undefined;
    },
  }),
  flat({
    names: ['jq', 'gojq', 'fx', 'dasel'],
    risk: 'read',
    why: 'prints JSON',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['yq'],
    risk: 'read',
    why: 'prints YAML',
    flags:
      '-i,--inplace,--in-place -y -Y -r,--raw-output -e,--exit-status -s,--split-exp= -o,--output-format= -p,--input-format= -P,--prettyPrint',
    looseFlags: true,
    when: [
      { flag: '--in-place', risk: 'change', why: 'changes the file in place (-i)' },
      { flag: '--split-exp', risk: 'write', why: 'writes files' },
    ],
  }),
  flat({
    names: ['envsubst', 'column', 'm4', 'gomplate', 'jsonnet'],
    risk: 'read',
    why: 'prints text',
    flags: '',
    looseFlags: true,
    judge: (_parsed, call) =>
      call.name === 'm4' && call.args.some((word) => word.value.includes(unknownPart))
        ? { risk: 'unknown', reasons: ['runs a program that is not known'] }
        : undefined,
  }),
];
