// Archives and compression: what is written, what is replaced.

import type { Tool } from '../call.ts';
import { parseFlags } from '../flags.ts';
import { riskOfWriting, shownPath } from '../redirections.ts';
import { highestRisk, type Risk } from '../risk.ts';
import { literal, unknownPart, type Word } from '../word.ts';
import { flat } from './flat.ts';

const tarFlags =
  '-A,--catenate,--concatenate -c,--create --delete -d,--diff,--compare -r,--append --test-label -t,--list ' +
  '-u,--update -x,--extract,--get -g,--listed-incremental= -C,--directory= --exclude= -T,--files-from= ' +
  '-X,--exclude-from= --remove-files -O,--to-stdout --to-command= -f,--file= -F,--info-script= ' +
  '--new-volume-script= -I,--use-compress-program= --checkpoint? --checkpoint-action= --rsh-command= ' +
  '--rmt-command= -b,--blocking-factor= --strip-components= --transform= --xform= --owner= --group= --mode= --mtime= ' +
  '-K,--starting-file= -N,--newer= -L,--tape-length= -V,--label= -H,--format= --one-top-level? ' +
  '-z,--gzip -j,--bzip2 -J,--xz -Z,--compress -a,--auto-compress --zstd --lzma -v,--verbose -p,--preserve-permissions ' +
  '-P,--absolute-names -h,--dereference -k,--keep-old-files -m,--touch -U,--unlink-first -W,--verify -S,--sparse ' +
  '-w,--interactive -l,--check-links -o -s,--preserve-order -B -G -i,--ignore-zeros -M,--multi-volume -n,--seek -R';

const tar: Tool = {
  names: ['tar', 'bsdtar', 'gtar'],
  classify({ args }) {
    const parsed = parseFlags(oldStyle(args), tarFlags, 'gnu');
    const has = (name: string): boolean => parsed.on(name);
    const risks: Risk[] = [];
    const reasons: string[] = [];
    const writes: string[] = [];
    const add = (risk: Risk, why: string): void => {
      risks.push(risk);
      reasons.push(why);
    };
    for (const flag of [
      '--to-command',
      '--info-script',
      '--new-volume-script',
      '--checkpoint-action',
      '--use-compress-program',
      '--rsh-command',
      '--rmt-command',
    ]) {
      if (has(flag) && !/^(gzip|pigz|xz|zstd|bzip2|lz4|pbzip2)( |$)/.test(parsed.last(flag) ?? ''))
        add('unknown', `runs a program (${flag})`);
    }
    if (has('--remove-files') || has('--delete')) add('destroy', 'removes files');
    const file = parsed.last('--file');
    if (has('--create') || has('--append') || has('--update') || has('--concatenate')) {
      const meaning = file === undefined || file === '-' ? null : riskOfWriting(file);
      if (meaning) {
        add(
          meaning.risk === 'write' && !has('--create') ? 'change' : meaning.risk,
          `writes the archive ${shownPath(file!)}`,
        );
        writes.push(shownPath(file!));
      }
    } else if (has('--get') && !has('--to-stdout')) {
      const into = parsed.last('--directory') ?? '.';
      add(
        into === '/' || has('--absolute-names') ? 'change' : (riskOfWriting(into)?.risk ?? 'write'),
        `unpacks files into ${shownPath(into)}`,
      );
    }
    if (parsed.flags.length === 0) return { risk: 'unknown', reasons: ['tells no mode that we know'] };
    if (!reasons.length) reasons.push('reads an archive, or writes one to its output');
    return { risk: highestRisk(risks), reasons, writes };
  },
};

/** `tar czf x y` is `tar -c -z -f x y`. */
function oldStyle(args: readonly Word[]): Word[] {
  const [first, ...rest] = args;
  if (!first || first.value.startsWith('-') || first.value.includes(unknownPart)) return [...args];
  const out: Word[] = [];
  for (const letter of first.value) {
    out.push(literal(`-${letter}`));
    if ('fCTXgIbKNLVHF'.includes(letter) && rest.length) out.push(rest.shift()!);
  }
  return [...out, ...rest];
}

export const archivers: readonly Tool[] = [
  tar,
  flat({
    names: [
      'gzip',
      'gunzip',
      'pigz',
      'unpigz',
      'bzip2',
      'bunzip2',
      'xz',
      'unxz',
      'zstd',
      'unzstd',
      'lz4',
      'compress',
      'uncompress',
    ],
    risk: 'change',
    why: 'replaces files by their compressed or unpacked form',
    flags:
      '-c,--stdout,--to-stdout -t,--test -l,--list -k,--keep -d,--decompress -f,--force -r,--recursive -S,--suffix= -T,--threads= -o= --rm',
    looseFlags: true,
    judge: (parsed) => {
      if (
        parsed.on('--to-stdout') ||
        parsed.on('--test') ||
        parsed.on('--list') ||
        parsed.operands.length === 0
      ) {
        return { risk: 'read', reasons: ['keeps the files as they are'] };
      }
      return parsed.on('--keep') ? { risk: 'write', reasons: ['writes new files'] } : undefined;
    },
  }),
  flat({
    names: ['zip'],
    risk: 'write',
    why: 'writes an archive',
    flags: '-m,--move -d,--delete -T -TT= -r,--recurse-paths',
    looseFlags: true,
    when: [
      { flag: '--move', risk: 'destroy', why: 'removes the files that it packed' },
      { flag: '--delete', risk: 'destroy', why: 'removes files from the archive' },
      { flag: '-TT', risk: 'unknown', why: 'runs a program' },
    ],
  }),
  flat({
    names: ['unzip', '7z', '7za', 'unrar', 'unar', 'cpio', 'ar'],
    risk: 'write',
    why: 'unpacks files',
    flags: '-l -t -v -p -Z -z -d= -o',
    looseFlags: true,
    judge: (parsed, call) =>
      call.name === 'unzip' && ['-l', '-t', '-v', '-p', '-Z', '-z'].some((flag) => parsed.on(flag))
        ? { risk: 'read', reasons: ['reads an archive'] }
        : undefined,
  }),
];
