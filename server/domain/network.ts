/** An address, or the network's first one, as a number of 32 or 128 bits. */
export interface Address {
  bits: 32 | 128;
  value: bigint;
}
export interface Network extends Address {
  /** Leading bits that all its addresses share. */
  length: number;
}

/** Null: it is no address. */
export function parseAddress(text: string): Address | null {
  const value = text.includes(':') ? parseV6(text) : parseV4(text);
  return value === null ? null : { bits: text.includes(':') ? 128 : 32, value };
}

/** A network in CIDR notation; null: it is none, or names an address within it instead of its first one. */
export function parseNetwork(text: string): Network | null {
  const [, head, digits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = head === undefined ? null : parseAddress(head);
  const length = Number(digits);
  if (address === null || length > address.bits) return null;
  return cut(address, length) === address.value ? { ...address, length } : null;
}

/** The first address of the network of that length around an address. */
export function cut({ bits, value }: Address, length: number): bigint {
  const host = BigInt(bits - length);
  return (value >> host) << host;
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  if (bytes.some((byte) => byte > 255)) return null;
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(readGroups);
  if (!head || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n);
}

/** Groups of 16 bits; the last of them may be written as an IPv4 address. */
function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (v4 !== null) groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
