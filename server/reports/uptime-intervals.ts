import type { UptimeInterval, UptimeIntervals } from '#contract/activity.ts';
import { type Explained, explainUptime } from '#domain/explain-uptime.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { AppError } from '#server/errors.ts';
import { readFirstSeen, readUptimeHistory } from '#server/store/reads-uptime.ts';
import type { ReportDeps } from './index.ts';
import { historyUntil } from './uptime.ts';

/** Intervals in one page. */
const pageSize = 200;

/**
 * What a ratio over a span counted, and what not; null: the customer has no such instance. What is still to come is left out.
 * @throws AppError invalid – a span without length
 */
export async function readUptimeIntervals(
  deps: ReportDeps,
  customerId: string,
  instanceId: string,
  asked: { from: string; to: string; after?: string },
): Promise<UptimeIntervals | null> {
  const from = Date.parse(asked.from);
  if (from >= Date.parse(asked.to)) {
    throw new AppError(
      'invalid',
      'The query parameter "to" is wrong: it must be later than "from".',
    );
  }
  const found = await readFirstSeen(deps.db, customerId, instanceId);
  const read = found && (await readUptimeHistory(deps.db, found.id, from));
  if (!read) return null;
  const to = Math.max(from, Math.min(Date.parse(asked.to), read.now));
  const ears = deps.ears();
  const deaf = deafStretches(ears, from, read.now);
  const hearing = { ears, inactiveAfter: deps.config.inactiveAfter };
  const history = historyUntil(read.instance, read.events, deaf, read.now, hearing);
  const all = explainUptime(history, from, to);
  const after = asked.after === undefined ? from : Date.parse(asked.after);
  const rest = all.filter((one) => one.from >= after);
  const page = rest.slice(0, pageSize);
  return {
    from: toInstant(from),
    to: toInstant(to),
    totals: sumUp(all),
    intervals: page.map(present),
    next: rest.length > pageSize ? toInstant(page.at(-1)!.to) : null,
  };
}

function sumUp(intervals: readonly Explained[]): UptimeIntervals['totals'] {
  const sum = (counted: Explained['counted']) =>
    intervals
      .filter((one) => one.counted === counted)
      .reduce((total: Time, { from, to }) => total + to - from, 0) / 1000;
  return { up: sum('up'), degraded: sum('degraded'), down: sum('down'), noData: sum(null) };
}

const present = ({ from, to, ...rest }: Explained): UptimeInterval => ({
  from: toInstant(from),
  to: toInstant(to),
  ...rest,
});
