// What makes, changes and removes files: coreutils and archivers.

import type { Tool } from '../call.ts';
import type { ParsedArguments } from '../flags.ts';
import { riskOfWriting } from '../redirections.ts';
import { compareRisk, type Risk } from '../risk.ts';
import { shown, type Word } from '../word.ts';
import { archivers } from './archivers.ts';
import { fd, find } from './find.ts';
import { flat } from './flat.ts';
import { textPrograms } from './textPrograms.ts';

/** Writing these files, by where they are. */
function writing(words: readonly Word[], what: string, least: Risk = 'write') {
  let risk: Risk = least;
  const reasons = [what];
  for (const word of words) {
    const meaning = riskOfWriting(word.value);
    if (meaning && compareRisk(meaning.risk, risk) > 0) {
      risk = meaning.risk;
      reasons.push(meaning.why);
    }
  }
  return { risk, reasons, writes: words.map((word) => shown(word)) };
}

function targetOf(parsed: ParsedArguments): Word[] {
  const last = parsed.operands.at(-1);
  return parsed.on('--target-directory') || !last ? [] : [last];
}

export const fileTools: readonly Tool[] = [
  find,
  fd,
  ...textPrograms,
  ...archivers,
  flat({
    names: ['rm'],
    risk: 'destroy',
    why: 'removes files',
    flags:
      '-f,--force -i -I --interactive? --one-file-system --no-preserve-root --preserve-root? -r,-R,--recursive -d,--dir -v,--verbose',
  }),
  flat({
    names: ['rmdir'],
    risk: 'destroy',
    why: 'removes directories',
    flags: '--ignore-fail-on-non-empty -p,--parents -v,--verbose',
  }),
  flat({
    names: ['unlink', 'shred', 'wipefs', 'srm', 'wipe', 'trash', 'trash-put'],
    risk: 'destroy',
    why: 'removes files',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: ['truncate'],
    risk: 'destroy',
    why: 'cuts the content of files off',
    flags: '-c,--no-create -o,--io-blocks -r,--reference= -s,--size=',
    when: [{ flag: '--size', is: /^\+/, risk: 'change', why: 'makes files longer', instead: true }],
  }),
  flat({
    names: ['touch'],
    risk: 'write',
    why: 'makes files or sets their time',
    flags: '-a -c,--no-create -d,--date= -f -h,--no-dereference -m -r,--reference= -t= --time=',
    judge: (parsed) => writing(parsed.operands, 'makes files or sets their time'),
  }),
  flat({
    names: ['mkdir'],
    risk: 'write',
    why: 'makes directories',
    flags: '-m,--mode= -p,--parents -v,--verbose -Z --context?',
    judge: (parsed) => writing(parsed.operands, 'makes directories'),
  }),
  flat({
    names: ['mktemp'],
    risk: 'write',
    why: 'makes a temporary file',
    flags: '-d,--directory -u,--dry-run -q,--quiet --suffix= -p,--tmpdir? -t',
    when: [{ flag: '--dry-run', risk: 'read', why: 'prints a name', instead: true }],
  }),
  flat({ names: ['mkfifo'], risk: 'write', why: 'makes a pipe', flags: '-m,--mode= -Z --context?' }),
  flat({
    names: ['tee', 'sponge'],
    risk: 'write',
    why: 'writes its input to files',
    flags: '-a,--append -i,--ignore-interrupts -p --output-error?',
    judge: (parsed) => {
      const kept = parsed.operands.filter((word) => riskOfWriting(word.value));
      return kept.length
        ? writing(kept, 'writes its input to files')
        : { risk: 'read', reasons: ['copies its input'] };
    },
  }),
  flat({
    names: ['cp', 'install', 'ditto', 'pax'],
    risk: 'write',
    why: 'copies files',
    flags:
      '-a,--archive --attributes-only --backup? -b --copy-contents -d -f,--force -i,--interactive -H -l,--link ' +
      '-L,--dereference -n,--no-clobber -P,--no-dereference -p --preserve? --no-preserve= --parents ' +
      '-R,-r,--recursive --reflink? --remove-destination --sparse= --strip-trailing-slashes -s,--symbolic-link ' +
      '-S,--suffix= -t,--target-directory= -T,--no-target-directory -u,--update? -v,--verbose -x,--one-file-system ' +
      '-Z --context? -m,--mode= -o,--owner= -g,--group= -D -c',
    judge: (parsed) => writing(targetOf(parsed), 'copies files'),
  }),
  flat({
    names: ['mv', 'rename'],
    risk: 'change',
    why: 'moves files; what stood there before is gone',
    flags:
      '--backup? -b -f,--force -i,--interactive -n,--no-clobber --strip-trailing-slashes -S,--suffix= -t,--target-directory= -T,--no-target-directory -u,--update? -v,--verbose -Z,--context',
    judge: (parsed) => writing(targetOf(parsed), 'moves files; what stood there before is gone', 'change'),
  }),
  flat({
    names: ['ln'],
    risk: 'write',
    why: 'makes links',
    flags:
      '--backup? -b -d,-F,--directory -f,--force -i,--interactive -L,--logical -n,--no-dereference -P,--physical -r,--relative -s,--symbolic -S,--suffix= -t,--target-directory= -T,--no-target-directory -v,--verbose',
    when: [{ flag: '--force', risk: 'change', why: 'replaces what stood there (-f)' }],
    judge: (parsed) => (parsed.on('--force') ? undefined : writing(targetOf(parsed), 'makes links')),
  }),
  flat({
    names: ['chmod', 'chown', 'chgrp', 'chattr', 'setfacl', 'setcap', 'chcon', 'restorecon', 'xattr'],
    risk: 'change',
    why: 'changes who may use files',
    flags: '',
    looseFlags: true,
  }),
  {
    names: ['dd'],
    classify: ({ args }) => {
      const target = args.find((word) => word.value.startsWith('of='));
      if (!target) return { risk: 'read', reasons: ['copies to its output'] };
      const file = { ...target, value: target.value.slice(3), text: target.text.replace(/^of=/, '') };
      return riskOfWriting(file.value)
        ? writing([file], 'copies bytes to a file')
        : { risk: 'read', reasons: ['copies to nowhere'] };
    },
  },
  flat({
    names: ['split', 'csplit'],
    risk: 'write',
    why: 'writes files',
    flags:
      '-a,--suffix-length= --additional-suffix= -b,--bytes= -C,--line-bytes= -d --numeric-suffixes? -x --hex-suffixes? -e,--elide-empty-files --filter= -l,--lines= -n,--number= -t,--separator= -u,--unbuffered --verbose -f,--prefix= -k,--keep-files -z -s',
    when: [{ flag: '--filter', risk: 'unknown', why: 'runs a program' }],
  }),
  flat({
    names: ['dos2unix', 'unix2dos', 'patch', 'ed', 'ex'],
    risk: 'change',
    why: 'changes files',
    flags: '',
    looseFlags: true,
  }),
  flat({
    names: [
      'mkfs',
      'mkfs.ext4',
      'mkfs.xfs',
      'mkfs.btrfs',
      'mkswap',
      'fdisk',
      'sfdisk',
      'parted',
      'gdisk',
      'sgdisk',
      'cryptsetup',
    ],
    risk: 'destroy',
    why: 'rewrites disks',
    flags: '-l,--list',
    looseFlags: true,
    when: [{ flag: '--list', risk: 'read', why: 'lists disks', instead: true }],
  }),
];
