// sed, awk, jq and yq: programs in an argument that mostly print, and can write or run things.

import type { Tool } from '../call.ts';
import { riskOfWriting } from '../redirections.ts';
import { unknownPart, type Word } from '../word.ts';
import { flat } from './flat.ts';

const longestScript = 2000;

/** A program of which nothing is known, as in `awk "$PROGRAM"`: it may run anything. */
function isUnread(program: string): boolean {
  return program.includes(unknownPart) && program.replaceAll(unknownPart, '').trim() === '';
}

/** What may stand behind each `s/…/…/` of a sed script: behind its third delimiter, or a later one. */
function* substitutionEnds(script: string): Iterable<string> {
  for (const { 1: delimiter, index } of script.matchAll(/s(\W)/g)) {
    let count = 0;
    for (let at = index + 1; at >= 0; at = script.indexOf(delimiter!, at + 1)) {
      count += 1;
      if (count >= 3) yield script.slice(at + 1, at + 200);
    }
  }
}

/** The whole environment, not one variable of it. */
function showsEnvironment(args: readonly Word[], all: RegExp) {
  const program = args.find((word) => !word.value.startsWith('-'))?.value ?? '';
  return all.test(program)
    ? ({ risk: 'secret', reasons: ['shows the whole environment, credentials included'] } as const)
    : undefined;
}

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
      if (parsed.on('--file') || scripts.some(isUnread))
        return { risk: 'unknown', reasons: ['runs a sed script of unknown content'] };
      const all = scripts.join('\n');
      if (all.length > longestScript) return { risk: 'unknown', reasons: ['has too long a script to read'] };
      const ends = [...substitutionEnds(all)];
      const file =
        /(?:^|[;{}\n]\s*|\d\s*|\/\s*)[wW]\s+(\S+)/.exec(all)?.[1] ??
        ends.map((end) => /^[gpiIMme\d]*w\s+(\S+)/.exec(end)?.[1]).find(Boolean);
      if (file !== undefined) {
        const meaning = riskOfWriting(file);
        if (risk === 'read') risk = meaning?.risk === 'change' ? 'change' : 'write';
        reasons.push('writes a file (w)');
      }
      const runs = ends.some((end) => /^[gpiIMm\d]*e/.test(end));
      if (runs || /(^|[;{}\n$\d!,~/IM]\s*)e(\s|;|\}|$)/.test(all)) {
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
      if (parsed.on('--load')) return { risk: 'unknown', reasons: ['loads a program (-l)'] };
      const own = parsed.last('--include') ?? '';
      if (own.startsWith('inplace')) return { risk: 'change', reasons: ['changes the files in place'] };
      const programs = [...parsed.all('--source'), parsed.operands[0]?.value ?? ''];
      if (parsed.on('--file') || programs.some(isUnread))
        return { risk: 'unknown', reasons: ['runs an awk script of unknown content'] };
      const program = programs.join('\n');
      const code = program.replace(/"(\\.|[^"\\])*"/g, '""').replace(/\/(\\.|[^/\\\n])+\//g, '//');
      // A line goes on after a backslash, names may be called by what a variable holds, files may be hosts.
      if (/\\\n|@\s*(load|include|\w+\s*\()|\/inet[46]?\//.test(program)) {
        return { risk: 'unknown', reasons: ['takes in code or a connection that is not known'] };
      }
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
    judge: (_parsed, call) =>
      showsEnvironment(call.args, /(^|[^.\w$"])env\b(?!\.[A-Za-z_])|\$ENV\b(?!\.[A-Za-z_])/),
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
    judge: (_parsed, call) => showsEnvironment(call.args, /\benv\b(?!\()/),
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
