const beyondAscii = /[\u0080-\uffff]/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A header as its sender meant it. HTTP hands header bytes over as Latin-1; what is valid UTF-8 was written as UTF-8.
 */
export function decodeHeader(value: string): string {
  if (!beyondAscii.test(value)) return value;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
