import type { Bar, InstanceSummary, Instant, Scalar } from '#contract/instance.ts';
import { type Attention, attentionOrder } from '#contract/status.ts';
import type {
  Redaction,
  WallCounts,
  WallCustomer,
  WallTransition,
  WallTuple,
} from '#contract/wall.ts';
import { redactInstance, redactName } from '#domain/redact.ts';
import type { ScopeFacts } from '#domain/wall-scope.ts';

/** An instance with all that any screen may show of it. Never goes out as it is. */
export interface WallItem {
  id: number;
  lastCheckInAt: Instant;
  summary: InstanceSummary;
  customerNumber: number;
  scopeFacts: ScopeFacts;
  /** Null: not read. */
  closedDays: Bar[] | null;
}

/** What a screen of this redaction may show of the instance. Pure. */
export function presentTuple(item: WallItem, redaction: Redaction): WallTuple {
  const { summary } = item;
  const tuple: WallTuple = [
    summary.id,
    summary.revision,
    redactInstance(summary, redaction),
    item.customerNumber,
    summary.status,
    millis(summary.statusSince),
    summary.attention,
    summary.presence,
    millis(summary.presenceSince),
    Date.parse(summary.lastCheckInAt),
    summary.lateAfter,
    millis(summary.lateAt),
    summary.monitored ? 1 : 0,
    summary.airGap ? 1 : 0,
    summary.today,
  ];
  if (item.closedDays !== null) tuple.push(item.closedDays);
  return tuple;
}

/** The customers of these instances, each once. Pure. */
export function presentCustomers(items: Iterable<WallItem>, redaction: Redaction): WallCustomer[] {
  const names = new Map<number, string | null>();
  for (const { customerNumber, summary } of items)
    names.set(customerNumber, redactName(summary.customer.name, redaction));
  return [...names];
}

/** An event of status or presence as a ticker shows it. Pure. */
export function presentTransition(
  event: { id: number; at: Instant; before: Scalar; after: Scalar },
  { summary, customerNumber }: WallItem,
  redaction: Redaction,
): WallTransition {
  return {
    id: event.id,
    at: event.at,
    instance: summary.id,
    label: redactInstance(summary, redaction),
    customer: customerNumber,
    customerName: redactName(summary.customer.name, redaction),
    from: event.before as WallTransition['from'],
    to: event.after as WallTransition['to'],
  };
}

/** @param archived how many of the scope are archived, and so not among `items` */
export function countWall(items: readonly WallItem[], archived: number): WallCounts {
  const byAttention = Object.fromEntries(attentionOrder.map((word) => [word, 0])) as Record<
    Attention,
    number
  >;
  const counts: WallCounts = {
    total: items.length,
    airGap: 0,
    archived,
    byAttention,
    monitored: 0,
    ready: 0,
  };
  for (const { summary } of items) {
    counts.byAttention[summary.attention] += 1;
    if (summary.airGap) counts.airGap += 1;
    else if (summary.status !== null && summary.monitored) {
      counts.monitored += 1;
      if (summary.attention === 'ready') counts.ready += 1;
    }
  }
  return counts;
}

const millis = (at: Instant | null): number | null => (at === null ? null : Date.parse(at));
