import type { StatusValue } from '#contract/status.ts';
import type { PresenceValue } from './events.ts';
import type { Instance, InstanceEvent, Span, Time } from './model.ts';

export interface StatusChange {
  at: Time;
  before: StatusValue | null;
  after: StatusValue | null;
  /** Set if Rollcall was deaf before `at`: when a report last named the status before. */
  unheardSince: Time | null;
}

export interface PresenceChange {
  at: Time;
  before: PresenceValue;
  after: PresenceValue;
  /** As for a status, where the instance turned inactive or refused. */
  unheardSince: Time | null;
}

/**
 * What uptime is reckoned from. The changes may begin in the middle (of a day, say): the first one's `before` tells
 * what held until then, and without any, what holds now held all along. They have to run up to the present.
 */
export interface History {
  /** Oldest first, rows with before = after left out; so are the presence changes. */
  statuses: StatusChange[];
  presence: PresenceChange[];
  /** The status that holds now, and since when; null: none was ever reported. */
  status: StatusValue | null;
  statusSince: Time | null;
  presenceNow: PresenceValue;
  /** Where knowledge ends: now, or the last report of an air gap instance. */
  openEnd: Time;
  /** When a report last named the status. Deafness after it is no data until one does again. */
  statusReportedAt: Time | null;
  /** Stretches in which Rollcall was not listening, oldest first, without overlap. */
  deaf: Span[];
  airGap: boolean;
}

/** What its history depends on in an instance itself, beside its events. */
export type HistorySubject = Pick<
  Instance,
  | 'facts'
  | 'statusSince'
  | 'statusReportedAt'
  | 'airGap'
  | 'inactiveSince'
  | 'refusal'
  | 'lastCheckInAt'
>;

/**
 * The history of an instance from its events (any fields, any order of those of other fields; oldest first) up to `end`:
 * now, but for an archived instance no later than `silentAt`, since those are not marked inactive.
 */
export function historyOf(
  instance: HistorySubject,
  events: readonly Pick<
    InstanceEvent,
    'at' | 'category' | 'field' | 'before' | 'after' | 'unheardSince'
  >[],
  deaf: Span[],
  end: Time,
): History {
  const changes = events.filter(({ before, after }) => before !== after);
  return {
    statuses: changes
      .filter(({ category, field }) => category === 'app status' && field === 'status')
      .map((event) => ({
        at: event.at,
        before: event.before as StatusValue | null,
        after: event.after as StatusValue | null,
        unheardSince: event.unheardSince,
      })),
    presence: changes
      .filter(({ category }) => category === 'presence')
      .map((event) => ({
        at: event.at,
        before: event.before as PresenceValue,
        after: event.after as PresenceValue,
        unheardSince: event.unheardSince,
      })),
    status: instance.facts.status ?? null,
    statusSince: instance.statusSince,
    presenceNow: presenceNow(instance),
    openEnd: instance.airGap ? Math.min(end, instance.lastCheckInAt) : end,
    statusReportedAt: instance.statusReportedAt,
    deaf,
    airGap: instance.airGap,
  };
}

function presenceNow(instance: Pick<Instance, 'inactiveSince' | 'refusal'>): PresenceValue {
  if (instance.refusal !== null) return 'refused';
  return instance.inactiveSince === null ? 'active' : 'inactive';
}
