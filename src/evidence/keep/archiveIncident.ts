// Archiving: the pack leaves the machine's live root, the incident stays until it is pruned, and says where its
// archive is.

import path from 'node:path';
import { makePack, type Pack } from '../pack/makePack.ts';
import { type EvidenceOptions, joinIncident } from '../write/openIncident.ts';

/** Packs the incident into `folder` as `<id>.zip` and records that. Throws what `makePack` throws. */
export async function archiveIncident(
  root: string,
  id: string,
  folder: string,
  options: EvidenceOptions,
): Promise<Pack> {
  const pack = await makePack(root, id, path.join(folder, `${id}.zip`), options);
  const { writer } = await joinIncident(root, id, options, 'keeping');
  try {
    const logs = pack.logs.map((log) => ({ ...log }));
    const by = options.actor.user;
    await writer.append({ type: 'incident.archived', to: pack.file, by, extra: { logs } });
  } finally {
    await writer.close();
  }
  return pack;
}
