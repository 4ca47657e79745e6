import fc from 'fast-check';
import type { Db } from '#db/client.ts';
import type { StatusValue } from '#contract/status.ts';
import type { Instance, Time } from '#domain/model.ts';
import { type SeedEvent, day, hour, minute, seedEvents, seedInstance } from './seed.ts';

export interface Seeded {
  id: number;
  instance: Instance;
  events: (Required<SeedEvent> & { category: 'app status' | 'presence' })[];
}

/** Steps between events, in minutes, and what each one turns to. */
const step = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 90, max: 6000 })),
  fc.constantFrom(
    'ready',
    'updating',
    'degraded',
    'unavailable',
    'missing',
    'unmonitored',
    'presence',
  ),
);
export const history = fc.record({
  ageDays: fc.integer({ min: 0, max: 30 }),
  steps: fc.array(step, { maxLength: 60 }),
  airGap: fc.boolean(),
});

/** Stores one random history up to `start`, which is now, and what a check-in would have left in the instance's row. */
export async function seedHistory(
  db: Db,
  start: Time,
  n: number,
  { ageDays, steps, airGap }: { ageDays: number; steps: [number, string][]; airGap: boolean },
  customerId = 'geeglo',
): Promise<Seeded> {
  const firstSeenAt = start - ageDays * day - hour;
  const events: Seeded['events'] = [];
  let at = firstSeenAt;
  let status: StatusValue | null = null;
  let statusSince: Time | null = null;
  let presence = 'active';
  for (const [minutes, turn] of steps) {
    if (at > start) break;
    if (turn === 'presence') {
      const after = presence === 'active' ? (minutes % 2 ? 'inactive' : 'refused') : 'active';
      events.push({
        at,
        category: 'presence',
        field: 'presence',
        before: presence,
        after,
        unheardSince: null,
      });
      presence = after;
    } else {
      // Some change nothing: observations that readers skip.
      events.push({
        at,
        category: 'app status',
        field: 'status',
        before: status,
        after: turn,
        unheardSince: null,
      });
      if (status !== turn) statusSince = at;
      status = turn as StatusValue;
    }
    at += minutes * minute;
  }
  const since = events.findLast((event) => event.field === 'presence')?.at ?? null;
  const values = {
    customerId,
    instanceId: `random-${n}`,
    facts: status === null ? {} : { status },
    statusSince: statusSince === null ? null : new Date(statusSince),
    statusReportedAt: status === null ? null : new Date(start),
    firstSeenAt: new Date(firstSeenAt),
    lastCheckInAt: new Date(airGap ? Math.min(start, at) : start),
    airGap,
    inactiveSince: presence === 'inactive' ? new Date(since!) : null,
    refusal:
      presence === 'refused'
        ? ({ reason: 'license expired', since: since!, lastAt: since!, count: 1 } as const)
        : null,
  };
  const id = await seedInstance(db, values);
  await seedEvents(db, id, events);
  const instance = {
    ...values,
    statusSince,
    statusReportedAt: status === null ? null : start,
    inactiveSince: values.inactiveSince?.getTime() ?? null,
    lastCheckInAt: values.lastCheckInAt.getTime(),
  } as unknown as Instance;
  return { id, instance, events };
}
