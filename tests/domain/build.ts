import { newInstance } from '#domain/changes.ts';
import type { CheckIn, Facts, Instance, InstanceEvent, Span, Time, World } from '#domain/model.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Midnight, UTC, of the day that most of these tests take place on. */
export const start: Time = Date.UTC(2026, 5, 1);

/** A moment of the first days: `on(2, '06:00')` is six o'clock, UTC, of day 2. */
export function on(dayNumber: number, clock: string): Time {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return start + (dayNumber - 1) * day + hours * hour + minutes * minute + seconds * second;
}

export const alwaysListening: Span[] = [{ from: start - 1000 * day, to: start + 1000 * day }];

/** Channel `stable` has releases 1 to 5, labelled 1.0 to 5.0; `beta` 1 to 9, labelled b1 to b9. */
export function worldAt(now: Time, over: Partial<World> = {}): World {
  return {
    now,
    ears: alwaysListening,
    inactiveAfter: 24 * hour,
    app: { statusInformers: true },
    customerChannelId: 'stable',
    release: (channelId, sequence) => {
      const count = { stable: 5, beta: 9 }[channelId];
      if (count === undefined || sequence < 1 || sequence > count) return null;
      const versionLabel = channelId === 'stable' ? `${sequence}.0` : `b${sequence}`;
      return { versionLabel, behind: count - sequence };
    },
    channel: ({ id, name }) => {
      if (id === 'stable' || id === 'beta') return id;
      return { Stable: 'stable', Beta: 'beta' }[name ?? ''] ?? null;
    },
    ...over,
  };
}

export function checkInOf(facts: Facts = {}, over: Partial<CheckIn> = {}): CheckIn {
  return {
    instanceId: 'i-1',
    door: 'sdk',
    reportedAt: null,
    facts,
    inventories: {},
    tags: null,
    metrics: null,
    nextWithin: null,
    ...over,
  };
}

export function instanceOf(over: Partial<Instance> = {}): Instance {
  return { ...newInstance('c-1', 'i-1', start, false), id: 1, revision: 1, ...over };
}

/** Events as one line each, for comparing by eye. */
export const tell = (events: readonly InstanceEvent[]): string[] =>
  events.map(({ field, before, after }) => `${field}: ${before} → ${after}`);

/** Changes as the store would hand them back: a row id each. */
export const stored = <T extends InstanceEvent>(events: readonly T[]): (T & { id: number })[] =>
  events.map((event, index) => ({ ...event, id: index + 1 }));
