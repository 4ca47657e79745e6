import type { Random } from './random.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** KSUIDs count their seconds from 2014-05-13T16:53:20Z. */
const ksuidEpoch = 1_400_000_000;

/** A KSUID: 27 base62 characters of 4 bytes of seconds and 16 of chance. License ids and KOTS ids look like this. */
export function createKsuid(at: number, random: Random): string {
  const seconds = Math.floor(at / 1000) - ksuidEpoch;
  let value = BigInt(seconds);
  for (const byte of random.bytes(16)) value = value * 256n + BigInt(byte);
  let text = '';
  for (let digit = 0; digit < 27; digit += 1) {
    text = `${base62[Number(value % 62n)]}${text}`;
    value /= 62n;
  }
  return text;
}

/** A version 4 UUID, as the SDK takes from its Kubernetes objects. */
export function createUuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
