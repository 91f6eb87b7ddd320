// A container's files: a tree in memory, with volumes mounted into it. Nothing of it touches the disk.

import { posix } from 'node:path';

export interface FileNode {
  readonly kind: 'file' | 'directory';
  bytes: Buffer;
  /** What `ls` and `df` count; larger than `bytes` for files that only stand for much data. */
  size: number;
  mtimeMs: number;
  mode: number;
}

interface Mount {
  readonly path: string;
  readonly tree: FileTree;
  readonly readOnly: boolean;
}

export class FileError extends Error {
  override readonly name = 'FileError';
}

export class FileTree {
  readonly #nodes = new Map<string, FileNode>();
  readonly #mounts: Mount[] = [];
  readonly #now: () => number;
  /** Bytes it may hold; undefined for no limit. Read at each write, so that a volume can grow. */
  capacity: () => number | undefined = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
    this.#nodes.set('/', this.#directory());
  }

  mount(path: string, tree: FileTree, readOnly = false): void {
    this.makeDirectory(path);
    this.#mounts.push({ path: posix.normalize(path), tree, readOnly });
    this.#mounts.sort((a, b) => b.path.length - a.path.length);
  }

  /** The mounted trees with where they are, for `df` and the metrics. */
  mounts(): readonly Mount[] {
    return this.#mounts;
  }

  stat(path: string): FileNode | undefined {
    const { tree, inner } = this.#locate(path);
    return tree === this ? this.#nodes.get(inner) : tree.stat(inner);
  }

  read(path: string): Buffer {
    const node = this.stat(path);
    if (!node) throw new FileError('No such file or directory');
    if (node.kind === 'directory') throw new FileError('Is a directory');
    return node.bytes;
  }

  /** Writes a file, its directory too. `size` stands for data that isn't there. Throws FileError when full. */
  write(
    path: string,
    bytes: Buffer | string,
    options: { size?: number; mtimeMs?: number; mode?: number } = {},
  ): void {
    const { tree, inner, readOnly } = this.#locate(path);
    if (readOnly) throw new FileError('Read-only file system');
    if (tree !== this) {
      tree.write(inner, bytes, options);
      return;
    }
    const present = this.#nodes.get(inner);
    if (present?.kind === 'directory') throw new FileError('Is a directory');
    const data = Buffer.from(bytes);
    const size = options.size ?? data.length;
    const limit = this.capacity();
    if (limit !== undefined && this.used() - (present?.size ?? 0) + size > limit && size > 0)
      throw new FileError('No space left on device');
    this.makeDirectory(posix.dirname(inner));
    const mode = options.mode ?? present?.mode ?? 0o644;
    this.#nodes.set(inner, {
      kind: 'file',
      bytes: data,
      size,
      mtimeMs: options.mtimeMs ?? this.#now(),
      mode,
    });
  }

  makeDirectory(path: string): void {
    const { tree, inner } = this.#locate(path);
    if (tree !== this) {
      tree.makeDirectory(inner);
      return;
    }
    let at = '';
    for (const part of inner.split('/').filter(Boolean)) {
      at += `/${part}`;
      const present = this.#nodes.get(at);
      if (present?.kind === 'file') throw new FileError('Not a directory');
      if (!present) this.#nodes.set(at, this.#directory());
    }
  }

  /** Takes a file, or a directory with all in it, away. */
  remove(path: string): void {
    const { tree, inner, readOnly } = this.#locate(path);
    if (readOnly) throw new FileError('Read-only file system');
    if (tree !== this) {
      tree.remove(inner);
      return;
    }
    if (!this.#nodes.has(inner)) throw new FileError('No such file or directory');
    if (this.#mounts.some((mount) => mount.path === inner)) throw new FileError('Device or resource busy');
    for (const key of [...this.#nodes.keys()])
      if (key === inner || key.startsWith(`${inner}/`)) this.#nodes.delete(key);
    if (inner === '/') this.#nodes.set('/', this.#directory());
  }

  /** The names in a directory. */
  list(path: string): string[] {
    const { tree, inner } = this.#locate(path);
    if (tree !== this) return tree.list(inner);
    if (this.#nodes.get(inner)?.kind !== 'directory') throw new FileError('No such file or directory');
    const prefix = inner === '/' ? '/' : `${inner}/`;
    const names = [...this.#nodes.keys()]
      .filter((key) => key !== '/' && key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .map((key) => key.slice(prefix.length));
    return names.sort();
  }

  /** Every path below `path`, itself first, directories before what is in them. */
  *walk(path: string): Generator<string> {
    const node = this.stat(path);
    if (!node) throw new FileError('No such file or directory');
    yield path;
    if (node.kind !== 'directory') return;
    for (const name of this.list(path)) yield* this.walk(posix.join(path, name));
  }

  /** Bytes that its own files stand for, mounts not counted. */
  used(): number {
    let total = 0;
    for (const node of this.#nodes.values()) total += node.size;
    return total;
  }

  #locate(path: string): { tree: FileTree; inner: string; readOnly: boolean } {
    const normal = posix.normalize(path).replace(/(.)\/$/, '$1');
    for (const mount of this.#mounts) {
      if (normal === mount.path || normal.startsWith(`${mount.path}/`))
        return { tree: mount.tree, inner: normal.slice(mount.path.length) || '/', readOnly: mount.readOnly };
    }
    return { tree: this, inner: normal, readOnly: false };
  }

  #directory(): FileNode {
    return { kind: 'directory', bytes: Buffer.alloc(0), size: 0, mtimeMs: this.#now(), mode: 0o755 };
  }
}
