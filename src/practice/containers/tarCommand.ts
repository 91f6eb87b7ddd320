// tar, for `kubectl cp` and backups: creates, lists and extracts ustar archives of the container's files.
// Format: POSIX.1-1988 ustar, https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html

import { posix } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pathIn, readAll, readFlags } from './commandTools.ts';
import { FileError, type FileNode, type FileTree } from './fileTree.ts';
import type { Command } from './program.ts';

const block = 512;

function header(name: string, node: FileNode): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  const short = name.length <= 100 ? name : name.slice(name.indexOf('/', name.length - 100) + 1);
  bytes.write(short, 0);
  bytes.write(octal(node.mode, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(node.kind === 'file' ? node.bytes.length : 0, 12), 124);
  bytes.write(octal(Math.floor(node.mtimeMs / 1000), 12), 136);
  bytes.write(node.kind === 'file' ? '0' : '5', 156);
  bytes.write('ustar\x0000', 257);
  if (short !== name) bytes.write(name.slice(0, name.length - short.length - 1), 345);
  bytes.fill(' ', 148, 156);
  bytes.write(
    `${bytes
      .reduce((sum, one) => sum + one, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return bytes;
}

function pack(files: FileTree, directory: string, names: readonly string[]): Buffer {
  const chunks: Buffer[] = [];
  for (const name of names) {
    const from = posix.resolve(directory, name);
    for (const path of files.walk(from)) {
      const node = files.stat(path)!;
      const shown =
        posix.join(name.replace(/^\/+/, ''), posix.relative(from, path)) +
        (node.kind === 'directory' ? '/' : '');
      chunks.push(header(shown, node));
      if (node.kind === 'file')
        chunks.push(node.bytes, Buffer.alloc((block - (node.bytes.length % block)) % block));
    }
  }
  return Buffer.concat([...chunks, Buffer.alloc(2 * block)]);
}

interface Entry {
  readonly name: string;
  readonly directory: boolean;
  readonly bytes: Buffer;
}

function* entriesOf(archive: Buffer): Generator<Entry> {
  const text = (at: number, length: number): string =>
    archive.toString('latin1', at, at + length).split('\0')[0]!;
  let longName = '';
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8);
    const type = text(at + 156, 1);
    const bytes = archive.subarray(at + block, at + block + size);
    const prefix = text(at + 345, 155);
    const name = longName || (prefix ? `${prefix}/${text(at, 100)}` : text(at, 100));
    longName = '';
    if (type === 'L') longName = bytes.toString().replace(/\0+$/, '');
    else if (type === 'x') longName = /\d+ path=([^\n]*)\n/.exec(bytes.toString())?.[1] ?? '';
    else if (type === '0' || type === '' || type === '5') yield { name, directory: type === '5', bytes };
    at += block + Math.ceil(size / block) * block;
  }
}

export const tarCommand: Command = async (context) => {
  const argv = [...context.argv];
  if (argv[1] && !argv[1].startsWith('-')) argv[1] = `-${argv[1]}`;
  const { flags, rest } = readFlags(argv, ['f', 'C', 'T']);
  const { files } = context.view;
  const directory = pathIn(context, flags.get('C') ?? '.');
  const file = flags.get('f') ?? '-';
  if (flags.has('c')) {
    for (const name of rest)
      if (!files.stat(posix.resolve(directory, name)))
        throw new FileError(`${name}: Cannot stat: No such file or directory`);
    const packed = pack(files, directory, rest);
    const bytes = flags.has('z') ? gzipSync(packed) : packed;
    if (file === '-') context.out(bytes);
    else files.write(pathIn(context, file), bytes);
    return 0;
  }
  const given = file === '-' ? await readAll(context.stdin) : files.read(pathIn(context, file));
  const archive = given[0] === 0x1f && given[1] === 0x8b ? gunzipSync(given) : given;
  for (const { name, directory: isDirectory, bytes } of entriesOf(archive)) {
    if (flags.has('t')) {
      context.out(`${name}\n`);
      continue;
    }
    const target = posix.join(directory, posix.normalize(`/${name}`));
    if (isDirectory) files.makeDirectory(target);
    else files.write(target, bytes);
  }
  return 0;
};
