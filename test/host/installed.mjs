// Owns how the extension gets into a server as users have it: a copy of what its package holds. An extension under
// development needs VS Code's driver of smoke tests there, which keeps toasts away, and in older ones dialogs too.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const packed = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'runbooks', 'dist'];

/**
 * Takes the place of what an earlier start has put there; other extensions stay.
 *
 * @param {string} project the extension's folder, built
 * @param {string} extensions the server's folder of extensions
 */
export async function installFolder(project, extensions) {
  const { publisher, name, version } = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8'));
  const id = `${publisher}.${name}`;
  const relativeLocation = `${id}-${version}`;
  const folder = path.join(extensions, relativeLocation);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const one of packed)
    await cp(path.join(project, one), path.join(folder, one), {
      recursive: true,
      filter: (file) => !/\.(map|meta\.json)$/.test(file),
    });
  const list = path.join(extensions, 'extensions.json');
  /** @type {{ identifier: { id: string } }[]} */
  const others = JSON.parse(await readFile(list, 'utf8').catch(() => '[]'));
  const own = {
    identifier: { id },
    version,
    location: { $mid: 1, path: folder, scheme: 'file' },
    relativeLocation,
    metadata: { installedTimestamp: Date.now(), source: 'vsix' },
  };
  await writeFile(list, JSON.stringify([...others.filter(({ identifier }) => identifier.id !== id), own]));
}
