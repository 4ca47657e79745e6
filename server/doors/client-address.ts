import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address a request came from. Each proxy appends the address it was asked from to X-Forwarded-For, so with
 * `proxies` of ours in front the entry that many from the right was written by the outermost of them; whatever stands
 * to its left anybody may have invented. Without proxies the header is not looked at.
 */
export function findClientAddress(
  forwardedFor: string | undefined,
  socketAddress: string | undefined,
  proxies: number,
): string | null {
  const own = socketAddress === undefined ? null : plainAddress(socketAddress);
  if (proxies === 0 || forwardedFor === undefined) return own;
  const entries = forwardedFor.split(',');
  // Fewer entries than proxies: the first was still written by one of ours.
  const entry = entries[Math.max(0, entries.length - proxies)] ?? '';
  return plainAddress(entry.trim()) ?? own;
}

/** The same of Node's own request; null: it came over no socket. */
export function addressOf(incoming: IncomingMessage | undefined, proxies: number): string | null {
  const forwarded = incoming?.headers['x-forwarded-for'];
  const forwardedFor = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return findClientAddress(forwardedFor, incoming?.socket.remoteAddress, proxies);
}

/**
 * What limits count an address by: an IPv4 address itself, of an IPv6 address the /64 network, since whoever has one
 * address there has all of them.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) while (groups.length < 4) groups.push('0');
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** An address without port, brackets, zone and IPv4-in-IPv6 spelling; null: it is none. */
function plainAddress(text: string): string | null {
  if (isIP(text) === 4) return text;
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  const withPort = /^([\d.]+):\d+$/.exec(text)?.[1];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1];
  const plain = mapped ?? address;
  return isIP(plain) === 0 ? null : plain;
}
