// Sets an attribute of a code cell in what an editor holds of it, so that saving writes it into the fence's info
// string and changes nothing else.

import { decodeLayout, sliceCell } from './cellLayout.ts';
import { parseInfo, withAttribute } from './infoString.ts';
import { stringOf } from './notebookShape.ts';
import { withoutEnding } from './sourceLines.ts';

type Metadata = Readonly<Record<string, unknown>>;

/**
 * The metadata of the cell with the attribute set; `undefined` as the value takes it away. A cell that was never
 * read from a file gets an info string of its own, starting with `tag`.
 */
export function withCellAttribute(
  metadata: Metadata,
  tag: string,
  name: string,
  value: string | true | undefined,
): Record<string, unknown> {
  const raw = stringOf(metadata, 'raw');
  const layout = decodeLayout(stringOf(metadata, 'layout') ?? '');
  const sliced = raw !== undefined && layout?.kind === 'code' ? sliceCell(raw, layout) : undefined;
  if (raw === undefined || !sliced) {
    return { ...metadata, info: withAttribute(stringOf(metadata, 'info') ?? tag, name, value) };
  }
  const line = withoutEnding(sliced.open);
  const rest = line.slice(sliced.layout.openColumn);
  const marker = /^(?:`{3,}|~{3,})/.exec(rest)?.[0] ?? '';
  const info = rest.slice(marker.length);
  const opened = line.slice(0, sliced.layout.openColumn) + marker + withAttribute(info, name, value);
  const start = sliced.lead.join('').length;
  return { ...metadata, raw: raw.slice(0, start) + opened + raw.slice(start + line.length) };
}

/** The value as typed now; `true` for a bare word, undefined where the attribute is not in the info string. */
export function typedAttribute(infoString: string, name: string): string | true | undefined {
  return parseInfo(infoString).attributes.find((attribute) => attribute.name === name)?.value;
}
