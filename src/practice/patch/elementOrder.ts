// The order of a merged list: elements of the patch in the patch's order, the server's own in theirs, the
// two woven by the server's order, and what only the patch has before what comes after it.

import type { Json } from '../store/kubeObject.ts';

export function sameElement(one: Json, other: Json, key: string | undefined): boolean {
  return key === undefined ? one === other : one?.[key] === other?.[key];
}

/** `merged` ordered; `order` names the patch's elements, `server` the list as it was. */
export function inPatchOrder(merged: Json[], order: Json[], server: Json[], key: string | undefined): Json[] {
  const indexIn = (list: Json[], one: Json): number =>
    list.findIndex((other) => sameElement(one, other, key));
  const sorted = (list: Json[], by: Json[]): Json[] =>
    list
      .map((one, at) => ({ one, at, index: indexIn(by, one) }))
      .sort((a, b) => (a.index < 0 || b.index < 0 ? a.at - b.at : a.index - b.index))
      .map(({ one }) => one);
  const ofPatch = sorted(
    merged.filter((one) => indexIn(order, one) >= 0),
    order,
  );
  const ofServer = sorted(
    merged.filter((one) => indexIn(order, one) < 0),
    server,
  );
  const result: Json[] = [];
  while (ofPatch.length > 0 && ofServer.length > 0) {
    const left = indexIn(server, ofServer[0]);
    const right = indexIn(server, ofPatch[0]);
    result.push(left >= 0 && right >= 0 && left < right ? ofServer.shift() : ofPatch.shift());
  }
  return [...result, ...ofServer, ...ofPatch];
}
