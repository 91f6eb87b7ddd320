// Commands on files: ls, cat, cp, mv, rm, mkdir, touch, find, df, du, stat, and their kind.

import { posix } from 'node:path';
import { parseQuantity } from '../kinds/quantity.ts';
import { pathIn, readAll, readFlags } from './commandTools.ts';
import { FileError, type FileNode, type FileTree } from './fileTree.ts';
import type { Command, CommandContext } from './program.ts';

const dayMs = 86_400_000;

/** Calls `act` for each path; a FileError of one is told and the next is tried. */
async function eachPath(
  context: CommandContext,
  paths: readonly string[],
  act: (path: string, shown: string) => void | Promise<void>,
): Promise<number> {
  let code = 0;
  for (const shown of paths) {
    try {
      await act(pathIn(context, shown), shown);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(`${posix.basename(context.argv[0]!)}: ${shown}: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

function humanSize(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0
    ? String(Math.ceil(value))
    : `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${units[unit]}`;
}

function longLine(name: string, node: FileNode, human: boolean): string {
  const letters = [...(node.mode & 0o777).toString(8).padStart(3, '0')]
    .map((digit) => ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx'][Number(digit)])
    .join('');
  const size = human ? humanSize(node.size) : String(node.kind === 'directory' ? 4096 : node.size);
  const time = new Date(node.mtimeMs).toUTCString();
  const date = `${time.slice(8, 11)} ${time.slice(5, 7)} ${time.slice(17, 22)}`;
  return `${node.kind === 'directory' ? 'd' : '-'}${letters}    1 root     root     ${size.padStart(9)} ${date} ${name}\n`;
}

const ls: Command = (context) => {
  const { flags, rest } = readFlags(context.argv);
  const { files } = context.view;
  const one = (name: string, path: string): void => {
    const node = files.stat(path)!;
    context.out(flags.has('l') ? longLine(name, node, flags.has('h')) : `${name}\n`);
  };
  return eachPath(context, rest.length ? rest : ['.'], (path, shown) => {
    const node = files.stat(path);
    if (!node) throw new FileError('No such file or directory');
    if (node.kind === 'file' || flags.has('d')) return one(shown, path);
    if (flags.has('l')) context.out(`total ${files.list(path).length * 4}\n`);
    if (flags.has('a') && flags.has('l')) for (const dot of ['.', '..']) one(dot, posix.join(path, dot));
    for (const name of files.list(path))
      if (flags.has('a') || !name.startsWith('.')) one(name, posix.join(path, name));
  });
};

const cat: Command = async (context) => {
  const { rest } = readFlags(context.argv);
  return eachPath(context, rest.length ? rest : ['-'], async (path, shown) => {
    if (shown !== '-') return context.out(context.view.files.read(path));
    for await (const chunk of context.stdin) context.out(chunk);
  });
};

const rm: Command = (context) => {
  const { flags, rest } = readFlags(context.argv);
  const recursive = flags.has('r') || flags.has('R') || flags.has('recursive');
  return eachPath(context, rest, (path) => {
    const node = context.view.files.stat(path);
    if (!node && flags.has('f')) return;
    if (node?.kind === 'directory' && !recursive) throw new FileError('is a directory');
    context.view.files.remove(path);
  });
};

/** Where a copy or a move goes: into a directory, under the old name. */
function destination(files: FileTree, source: string, target: string): string {
  return files.stat(target)?.kind === 'directory' ? posix.join(target, posix.basename(source)) : target;
}

function copyTree(files: FileTree, from: string, to: string): void {
  for (const path of [...files.walk(from)]) {
    const node = files.stat(path)!;
    const target = posix.join(to, posix.relative(from, path));
    if (node.kind === 'directory') files.makeDirectory(target);
    else files.write(target, node.bytes, { size: node.size, mode: node.mode });
  }
}

const copyOrMove =
  (moves: boolean): Command =>
  (context) => {
    const { flags, rest } = readFlags(context.argv);
    const { files } = context.view;
    const target = pathIn(context, rest.pop() ?? '.');
    return eachPath(context, rest, (path) => {
      const node = files.stat(path);
      if (!node) throw new FileError('No such file or directory');
      if (node.kind === 'directory' && !moves && !['r', 'R', 'a'].some((flag) => flags.has(flag)))
        throw new FileError('omitting directory');
      copyTree(files, path, destination(files, path, target));
      if (moves) files.remove(path);
    });
  };

const mkdir: Command = (context) => {
  const { flags, rest } = readFlags(context.argv, ['m']);
  return eachPath(context, rest, (path) => {
    if (context.view.files.stat(path) && !flags.has('p')) throw new FileError('File exists');
    context.view.files.makeDirectory(path);
  });
};

const touch: Command = (context) => {
  const { rest } = readFlags(context.argv, ['d', 't']);
  return eachPath(context, rest, (path) => {
    const present = context.view.files.stat(path);
    context.view.files.write(path, present?.bytes ?? '', present ? { size: present.size } : {});
  });
};

const tee: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv);
  const data = await readAll(context.stdin);
  context.out(data);
  return eachPath(context, rest, (path) => {
    const before =
      flags.has('a') && context.view.files.stat(path) ? context.view.files.read(path) : Buffer.alloc(0);
    context.view.files.write(path, Buffer.concat([before, data]));
  });
};

/** Mounted trees that are their own disks, the root first. */
export function disksOf(
  context: Pick<CommandContext, 'view'>,
): { at: string; size: number; used: number; device: string }[] {
  const { files, spec, pod } = context.view;
  const root = { at: '/', size: 98 * 2 ** 30, used: 21 * 2 ** 30 + files.used(), device: 'overlay' };
  const mounted = files.mounts().map((mount) => {
    const name = spec.volumeMounts?.find(
      (one: { mountPath: string }) => posix.normalize(one.mountPath) === mount.path,
    )?.name;
    const claim = pod.spec.volumes?.find((one: { name: string }) => one.name === name)?.persistentVolumeClaim;
    const size = mount.tree.capacity() ?? parseQuantity(spec.resources?.limits?.memory) ?? 8 * 2 ** 30;
    return { at: mount.path, size, used: mount.tree.used(), device: claim ? '/dev/vdb' : 'tmpfs' };
  });
  return [root, ...mounted];
}

const df: Command = (context) => {
  const { flags, rest } = readFlags(context.argv);
  const all = disksOf(context);
  const wanted = rest.map((path) => {
    const full = pathIn(context, path);
    if (!context.view.files.stat(full)) throw new FileError(`${path}: No such file or directory`);
    return all
      .filter((disk) => full === disk.at || full.startsWith(disk.at === '/' ? '/' : `${disk.at}/`))
      .sort((a, b) => b.at.length - a.at.length)[0]!;
  });
  const size = (bytes: number): string =>
    flags.has('h') ? humanSize(bytes) : String(Math.round(bytes / 1024));
  context.out(
    `Filesystem      ${flags.has('h') ? '     Size' : '1K-blocks'}      Used Available Use% Mounted on\n`,
  );
  for (const disk of wanted.length ? wanted : all) {
    const share = `${Math.min(100, Math.ceil((disk.used / disk.size) * 100))}%`;
    const free = size(Math.max(0, disk.size - disk.used));
    context.out(
      `${disk.device.padEnd(15)} ${size(disk.size).padStart(9)} ${size(disk.used).padStart(9)} ${free.padStart(9)} ${share.padStart(4)} ${disk.at}\n`,
    );
  }
  return 0;
};

const du: Command = (context) => {
  const { flags, rest } = readFlags(context.argv, ['d', 'max-depth']);
  const { files } = context.view;
  return eachPath(context, rest.length ? rest : ['.'], (path, shown) => {
    const total = (of: string): number =>
      [...files.walk(of)].reduce((sum, one) => sum + files.stat(one)!.size, 0);
    const told = (bytes: number, name: string): void =>
      context.out(`${flags.has('h') ? humanSize(bytes) : Math.ceil(bytes / 1024)}\t${name}\n`);
    if (!flags.has('s'))
      for (const one of files.walk(path))
        if (one !== path && files.stat(one)!.kind === 'directory') told(total(one), one);
    told(total(path), shown);
  });
};

/** `+30` is older, `-1` younger, `3` the same. */
function compares(told: string, value: number): boolean {
  const number = Number.parseFloat(told.replace(/^[+-]/, ''));
  return told.startsWith('+') ? value > number : told.startsWith('-') ? value < number : value === number;
}

const find: Command = async (context) => {
  const words = context.argv.slice(1);
  const firstTest = words.findIndex((word) => word.startsWith('-'));
  const starts = (firstTest < 0 ? words : words.slice(0, firstTest)).filter(Boolean);
  const tests = firstTest < 0 ? [] : words.slice(firstTest);
  const { files } = context.view;
  let failed = 0;
  const passes = async (path: string, shown: string): Promise<void> => {
    const node = files.stat(path)!;
    let acted = false;
    for (let index = 0; index < tests.length; index += 1) {
      const test = tests[index]!;
      if (test === '-type') {
        if ((tests[++index] === 'd') !== (node.kind === 'directory')) return;
      } else if (test === '-name') {
        if (!globRegExp(tests[++index] ?? '').test(posix.basename(path))) return;
      } else if (test === '-mtime') {
        if (!compares(tests[++index] ?? '', Math.floor((context.view.cluster.now() - node.mtimeMs) / dayMs)))
          return;
      } else if (test === '-size') {
        const wanted = tests[++index] ?? '';
        const unit = { k: 1024, M: 2 ** 20, G: 2 ** 30, c: 1 }[wanted.slice(-1)] ?? 512;
        if (!compares(wanted, Math.ceil(node.size / unit))) return;
      } else if (test === '-delete') {
        acted = true;
        files.remove(path);
      } else if (test === '-print') {
        acted = true;
        context.out(`${shown}\n`);
      } else if (test === '-exec') {
        const end = tests.findIndex((word, at) => at > index && (word === ';' || word === '+'));
        acted = true;
        failed |= await context.run(tests.slice(index + 1, end).map((word) => word.replaceAll('{}', shown)));
        index = end;
      } else if (test === '-maxdepth') index += 1;
      else throw new FileError(`unrecognized: ${test}`);
    }
    if (!acted) context.out(`${shown}\n`);
  };
  const code = await eachPath(context, starts.length ? starts : ['.'], async (path, shown) => {
    for (const one of [...files.walk(path)].reverse().reverse())
      if (files.stat(one)) await passes(one, posix.join(shown, posix.relative(path, one)));
  });
  return code || failed;
};

/** A shell pattern of one path step. */
export function globRegExp(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${body}$`);
}

const stat: Command = (context) =>
  eachPath(context, readFlags(context.argv, ['c']).rest, (path, shown) => {
    const node = context.view.files.stat(path);
    if (!node) throw new FileError('No such file or directory');
    context.out(`  File: ${shown}\n  Size: ${node.size}\nModify: ${new Date(node.mtimeMs).toISOString()}\n`);
  });

const chmod: Command = (context) => {
  const [mode = '', ...paths] = readFlags(context.argv).rest;
  return eachPath(context, paths, (path) => {
    const node = context.view.files.stat(path);
    if (!node) throw new FileError('No such file or directory');
    if (/^\d+$/.test(mode)) node.mode = Number.parseInt(mode, 8);
    else if (mode.includes('x')) node.mode |= 0o111;
  });
};

export const fileCommands: Readonly<Record<string, Command>> = {
  ls,
  cat,
  rm,
  cp: copyOrMove(false),
  mv: copyOrMove(true),
  mkdir,
  touch,
  tee,
  df,
  du,
  find,
  stat,
  chmod,
  chown: () => 0,
  sync: () => 0,
};
