import { type Attention, attentionOrder, problemAttentions } from '#contract/status.ts';
import type { Millis, WallMode } from '#contract/wall.ts';
import { attentionWords } from '../words.ts';
import type { WallBook, WallRow } from './book.ts';
import { type Verdict, judge } from './judge.ts';

/** One thing on the wall: an instance, or a customer with all of its instances. */
export interface WallItem {
  key: string;
  title: string;
  /** Beside the title: which instance, or how many. */
  detail: string | null;
  attention: Attention;
  word: string;
  since: Millis | null;
  isProblem: boolean;
  /** Of an instance. */
  row: WallRow | null;
  /** Of a customer: its instances by what they ask for, most urgent first. */
  parts: { attention: Attention; count: number }[];
}

const ranks = new Map(attentionOrder.map((attention, rank) => [attention, rank]));
const rankOf = (attention: Attention) => ranks.get(attention) ?? 0;
const problems = new Set<Attention>(problemAttentions);

export const isProblem = (attention: Attention): boolean => problems.has(attention);

/** What people see of a customer: its name, or a number where names are hidden. */
export function nameCustomer(number: number, name: string | null | undefined): string {
  return name ?? `Customer ${number}`;
}

/** All things on the wall in their order. Pure. */
export function listItems(book: WallBook, mode: WallMode, now: Millis): WallItem[] {
  const rows = [...book.rows.values()].map((row) => ({ row, verdict: judge(row, now) }));
  const items =
    mode === 'customers' ? groupItems(book, rows) : rows.map((one) => toItem(book, one, mode));
  return items.sort(compareItems);
}

/** The same by customer, whatever the mode: for walls on which single instances have no room. Pure. */
export function listGroups(book: WallBook, now: Millis): WallItem[] {
  const rows = [...book.rows.values()].map((row) => ({ row, verdict: judge(row, now) }));
  return groupItems(book, rows).sort(compareItems);
}

interface Judged {
  row: WallRow;
  verdict: Verdict;
}

function toItem(book: WallBook, { row, verdict }: Judged, mode: WallMode): WallItem {
  const { attention, since } = verdict;
  const customer = nameCustomer(row.customer, book.customers.get(row.customer));
  return {
    key: `i${row.id}`,
    title: mode === 'customer' ? row.label : customer,
    detail: mode === 'customer' ? null : row.label,
    attention,
    word: sayVerdict(row, attention),
    since,
    isProblem: isProblem(attention),
    row,
    parts: [],
  };
}

function sayVerdict(row: WallRow, attention: Attention): string {
  if (attention === 'ready' && !row.monitored) return 'Not monitored';
  return attentionWords[attention];
}

function groupItems(book: WallBook, rows: Judged[]): WallItem[] {
  const groups = new Map<number, Judged[]>();
  for (const one of rows) {
    const group = groups.get(one.row.customer);
    if (group) group.push(one);
    else groups.set(one.row.customer, [one]);
  }
  return [...groups].map(([customer, members]) => toGroup(book, customer, members));
}

/** A customer asks for what the neediest of its instances asks for. */
function toGroup(book: WallBook, customer: number, members: Judged[]): WallItem {
  const counts = new Map<Attention, number>();
  for (const { verdict } of members)
    counts.set(verdict.attention, (counts.get(verdict.attention) ?? 0) + 1);
  const parts = [...counts]
    .map(([attention, count]) => ({ attention, count }))
    .sort((a, b) => rankOf(a.attention) - rankOf(b.attention));
  const attention = parts[0]?.attention ?? 'unreported';
  const since = members
    .filter(({ verdict }) => verdict.attention === attention)
    .reduce<Millis | null>((least, { verdict }) => earlier(least, verdict.since), null);
  return {
    key: `c${customer}`,
    title: nameCustomer(customer, book.customers.get(customer)),
    detail: members.length === 1 ? null : `× ${members.length}`,
    attention,
    word: attentionWords[attention],
    since,
    isProblem: isProblem(attention),
    row: null,
    parts,
  };
}

const earlier = (a: Millis | null, b: Millis | null) =>
  a === null ? b : b === null ? a : Math.min(a, b);

/**
 * Attention order. Within a rank a problem keeps its place: the longest first, so that a new one comes at the end of its
 * rank; everything else stands by name, where people learn to find it.
 */
function compareItems(a: WallItem, b: WallItem): number {
  const byRank = rankOf(a.attention) - rankOf(b.attention);
  if (byRank !== 0) return byRank;
  const bySince = a.isProblem ? (a.since ?? Infinity) - (b.since ?? Infinity) : 0;
  if (bySince !== 0 && !Number.isNaN(bySince)) return bySince;
  return (
    compareText(a.title, b.title) ||
    compareText(a.detail ?? '', b.detail ?? '') ||
    compareText(a.key, b.key)
  );
}

/** By code units: thousands are sorted with each change, and languages take their time. */
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
