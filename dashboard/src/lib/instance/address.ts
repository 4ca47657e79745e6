import { linkInstance } from '../instance-words.ts';

/** The event that an address names; null: none. */
export function readEvent(params: Pick<URLSearchParams, 'get'>): number | null {
  const text = params.get('event') ?? '';
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** An instance's page at one of its events, whatever else is chosen there. */
export const linkEvent = (
  instance: Parameters<typeof linkInstance>[0],
  event: number,
): `customers/${string}/instances/${string}` => `${linkInstance(instance)}?event=${event}`;
