import { cut, parseAddress, parseNetwork } from './network.ts';

/** Where an address is, by what a provider has published. */
export interface Cloud {
  provider: string;
  /** Null: the provider names none. */
  region: string | null;
}
export interface CloudRange extends Cloud {
  /** In CIDR notation. */
  network: string;
}

/** The cloud of an address; null: it is in no published range, or no address. */
export type FindCloud = (address: string) => Cloud | null;

/** Of several ranges around an address the longest counts: it is the one that says most. */
export function indexClouds(ranges: Iterable<CloudRange>): FindCloud {
  const byBits = {
    32: new Map<number, Map<bigint, Cloud>>(),
    128: new Map<number, Map<bigint, Cloud>>(),
  };
  for (const { network, provider, region } of ranges) {
    const parsed = parseNetwork(network);
    if (!parsed) continue;
    const lengths = byBits[parsed.bits];
    const ofLength = lengths.get(parsed.length) ?? new Map<bigint, Cloud>();
    lengths.set(parsed.length, ofLength.set(parsed.value, { provider, region }));
  }
  const longestFirst = (lengths: Map<number, Map<bigint, Cloud>>) =>
    [...lengths].sort(([a], [b]) => b - a);
  const ordered = { 32: longestFirst(byBits[32]), 128: longestFirst(byBits[128]) };
  return (text) => {
    const address = parseAddress(text);
    if (!address) return null;
    for (const [length, ofLength] of ordered[address.bits]) {
      const cloud = ofLength.get(cut(address, length));
      if (cloud) return cloud;
    }
    return null;
  };
}
