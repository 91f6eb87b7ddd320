// The OpenAPI v2 document, in protobuf, as old and falling-back kubectl asks for it: the frame without kinds,
// which makes it leave validation to the server. The kinds are in the v3 documents.
// Fields: swagger 1, info 2 (title 1, version 2), paths 8, definitions 9 of openapi.v2.Document.

function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

export function openApiV2(): Buffer {
  const info = Buffer.concat([field(1, 'Kubernetes (practice cluster)'), field(2, 'v1.32.0')]);
  return Buffer.concat([field(1, '2.0'), field(2, info), field(8, ''), field(9, '')]);
}
