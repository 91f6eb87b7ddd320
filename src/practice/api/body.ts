// Request bodies: JSON, YAML (kubectl sends apply patches so) or protobuf (its typed clients), bounded.

import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import { decodeProtobuf } from '../wire/decodeProtobuf.ts';

const maxBytes = 12 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw ApiError.badRequest('the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();
}

/** The body as a value; undefined when it is empty. Throws 400 or 415. */
export async function readBody(request: IncomingMessage): Promise<Json> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  const type = mediaType(request);
  if (type === 'application/vnd.kubernetes.protobuf') return decodeProtobuf(bytes);
  if (type === 'application/cbor')
    throw ApiError.unsupportedMediaType(['application/json', 'application/yaml']);
  try {
    return type.endsWith('yaml') ? parseYaml(bytes.toString()) : JSON.parse(bytes.toString());
  } catch (error) {
    throw ApiError.badRequest(`the object provided is unrecognized: ${(error as Error).message}`);
  }
}
