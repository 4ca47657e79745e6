import type { InstanceSummary, Instant } from '#contract/instance.ts';
import type { ScreenScope } from '#contract/screens.ts';
import type { Digest } from '#contract/socket.ts';
import {
  mostTransitions,
  mostWithBars,
  type Redaction,
  type WallSnapshot,
} from '#contract/wall.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import type { ScopeFacts } from '#domain/wall-scope.ts';
import { canonical } from '#server/canonical.ts';
import { readNow } from '#server/store/reads-customers.ts';
import { readInstances } from '#server/store/reads-rows.ts';
import {
  findInScope,
  readTransitions,
  readWallDigest,
  readWallFacts,
} from '#server/store/reads-wall.ts';
import { layAxis, presentAxis } from './axis.ts';
import type { ReportDeps } from './index.ts';
import { presentSummary } from './present-instance.ts';
import {
  countWall,
  presentCustomers,
  presentTransition,
  presentTuple,
  type WallItem,
} from './present-wall.ts';
import { listDays } from './rows.ts';
import { shareReads } from './shared-reads.ts';
import { instanceBars } from './uptime.ts';

/** Instances that one statement reads. */
const mostAtOnce = 1_000;

/** What walls read. Redaction happens here: what comes out of `snapshot` may go to the screen as it is. */
export interface WallReads {
  /** The JSON of a `WallSnapshot`, but for its `screen`; shared by whoever asks for the same at once. */
  snapshot(scope: ScreenScope, redaction: Redaction): Promise<string>;
  /** The same for who is no script's reader. */
  present(scope: ScreenScope, redaction: Redaction): Promise<Omit<WallSnapshot, 'screen'>>;
  /** Everything of these instances, archived ones too, for whichever scopes they are in; unknown ids are left out. */
  items(ids: number[]): Promise<{ asOf: Instant; items: WallItem[] }>;
  members(scope: ScreenScope): Promise<number[]>;
  digest(scope: ScreenScope): Promise<Digest>;
}

export function createWallReads(deps: ReportDeps): WallReads {
  const { db } = deps;
  const share = shareReads<string>();
  const sharePages = shareReads<Omit<WallSnapshot, 'screen'>>();
  const shareMembers = shareReads<number[]>();
  const shareDigests = shareReads<Digest>();
  return {
    snapshot: (scope, redaction) =>
      share(canonical({ scope, redaction }), async () =>
        JSON.stringify(await readSnapshot(deps, scope, redaction)),
      ),
    present: (scope, redaction) =>
      sharePages(canonical({ scope, redaction }), () => readSnapshot(deps, scope, redaction)),
    async items(ids) {
      const { asOf, items } = await readItems(deps, ids, 1, await readNow(db));
      return { asOf, items };
    },
    members: (scope) =>
      shareMembers(canonical(scope), async () => (await findInScope(db, scope)).ids),
    digest: (scope) =>
      shareDigests(canonical(scope), async () => {
        const { newestCheckInAt, ...sums } = await readWallDigest(db, scope);
        return { ...sums, newestCheckInAt: toInstant(newestCheckInAt) };
      }),
  };
}

async function readSnapshot(
  deps: ReportDeps,
  scope: ScreenScope,
  redaction: Redaction,
): Promise<Omit<WallSnapshot, 'screen'>> {
  const { ids, archived, now } = await findInScope(deps.db, scope);
  const days = ids.length <= mostWithBars ? listDays : 1;
  const [{ asOf, axis, items }, transitions] = await Promise.all([
    readItems(deps, ids, days, now),
    readTransitions(deps.db, ids, mostTransitions),
  ]);
  const known = new Map(items.map((item) => [item.id, item]));
  return {
    asOf,
    build: deps.build,
    zone: deps.config.zone,
    axis: presentAxis(axis),
    redaction,
    counts: countWall(items, archived),
    customers: presentCustomers(items, redaction),
    instances: items.map((item) => presentTuple(item, redaction)),
    transitions: transitions.flatMap((event) => {
      const item = known.get(event.instance);
      return item ? presentTransition({ ...event, at: toInstant(event.at) }, item, redaction) : [];
    }),
  };
}

/** @param days of uptime, today among them; with one no closed days are read */
async function readItems(deps: ReportDeps, ids: number[], days: number, now: Time) {
  const { db, config } = deps;
  const ears = deps.ears();
  const axis = layAxis(config.zone, now, days, ears);
  const hearing = { ears, inactiveAfter: config.inactiveAfter };
  let asOf = axis.edges.at(-1)!;
  const items: WallItem[] = [];
  for (let from = 0; from < ids.length; from += mostAtOnce) {
    const part = ids.slice(from, from + mostAtOnce);
    const [records, more] = await Promise.all([
      readInstances(db, part, axis),
      readWallFacts(db, part),
    ]);
    asOf = Math.min(asOf, records[0]?.now ?? now);
    for (const record of records) {
      const facts = more.get(record.instance.id);
      // Its customer came between the two statements; the next message brings it.
      if (!facts) continue;
      const { closedDays, today } = instanceBars(record, axis, hearing);
      const summary: InstanceSummary = presentSummary(record, today, ears);
      const scopeFacts: ScopeFacts = {
        app: record.app.slug,
        channel: record.channel.id,
        customer: record.customer.id,
        licenseType: facts.licenseType,
        tags: record.instance.tags,
        archived: summary.archived,
      };
      items.push({
        id: summary.id,
        lastCheckInAt: summary.lastCheckInAt,
        summary,
        customerNumber: facts.customerNumber,
        scopeFacts,
        closedDays: days > 1 ? closedDays : null,
      });
    }
  }
  return { asOf: toInstant(Math.min(asOf, ids.length === 0 ? now : asOf)), axis, items };
}
