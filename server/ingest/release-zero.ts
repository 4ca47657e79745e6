import type { Licensee } from './licensees.ts';

/**
 * Whether a channel (without one: the customer's own) has a release of sequence 0. Clients also send 0 when they
 * do not know their sequence yet.
 */
export function hasReleaseZero(licensee: Licensee) {
  return ({ id, name }: { id?: string; name?: string }): boolean =>
    licensee.zeroChannels.some((channel) =>
      id === undefined && name !== undefined
        ? channel.name === name
        : channel.id === (id ?? licensee.channelId),
    );
}
