// Base64 as RFC 4648 section 4 spells it, and nothing looser: a second spelling of one signature would be a
// change that no signature covers.

/** The bytes, or undefined for anything but the canonical spelling. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
