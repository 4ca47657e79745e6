import type { CustomersQuery } from '#contract/customers.ts';
import type { InstanceEventView, Instant } from '#contract/instance.ts';
import type { FleetQuery } from '#contract/reports.ts';
import type { ScreenScope } from '#contract/screens.ts';
import type { Scope } from '#contract/socket.ts';
import type { Redaction } from '#contract/wall.ts';

export type Watched =
  | { kind: 'list'; query: FleetQuery; shown: Set<number> }
  | { kind: 'customer'; customerId: string }
  /** `id` is null while no instance of that name is known. */
  | { kind: 'instance'; customerId: string; instanceId: string; id: number | null }
  | { kind: 'customers'; query: CustomersQuery; shown: Set<string> }
  | { kind: 'catalog' }
  | Wall
  | { kind: 'screens' };

/** All screens of one scope and redaction, and people who look at the same. */
export interface Wall {
  kind: 'screen';
  scope: ScreenScope;
  redaction: Redaction;
  /** Instances in scope, by internal id; null: not read yet, or no longer right. */
  members: Set<number> | null;
  /** Instances that are being read just now: some of them will be members. */
  arriving: Set<number>;
}

/** A scope with what the server alone knows of it: which instances a screen may see, and how much of their names. */
export type Asked =
  | Exclude<Scope, { kind: 'screen' | 'wall' }>
  | { kind: 'screen'; scope: ScreenScope; redaction: Redaction };

export const kinds = ['stale', 'left', 'events', 'seen', 'moved', 'changed', 'customers'] as const;
export type Kind = (typeof kinds)[number];

/** What a room has yet to be told. Sets and maps by id, so that a flood cannot make them grow past the fleet. */
export interface Pending {
  changed: Set<number>;
  left: Set<number>;
  seen: Map<number, Instant>;
  events: Map<number, InstanceEventView>;
  /** Customers whose rows are others now. */
  customers: Set<string>;
  moved: boolean;
  stale: boolean;
}

export interface Room {
  name: string;
  watched: Watched;
  /** Number of the last message sent to this room. */
  seq: number;
  sockets: Set<string>;
  pending: Pending;
  /** When a message of each kind last went out, on the process's monotonic clock. */
  sentAt: Record<Kind, number>;
}

export const roomKinds = [
  'list',
  'customer',
  'instance',
  'customers',
  'catalog',
  'screen',
  'screens',
] as const;
export type RoomKind = (typeof roomKinds)[number];

/** @param seq the number of the message before its first */
export function beginRoom(name: string, scope: Asked, seq: number): Room {
  return {
    name,
    watched: beginWatched(scope),
    seq,
    sockets: new Set(),
    pending: nothing(),
    sentAt: {
      stale: -Infinity,
      left: -Infinity,
      events: -Infinity,
      seen: -Infinity,
      moved: -Infinity,
      changed: -Infinity,
      customers: -Infinity,
    },
  };
}

/** A list is its socket's own: what is shown there differs from viewer to viewer. */
export function nameRoom(socketId: string, scope: Exclude<Asked, { kind: 'screen' }>): string {
  if (scope.kind === 'list') return `list:${socketId}`;
  if (scope.kind === 'customers') return `customers:${socketId}`;
  if (scope.kind === 'catalog' || scope.kind === 'screens') return scope.kind;
  if (scope.kind === 'customer') return `customer:${scope.customerId}`;
  return `instance:${JSON.stringify([scope.customerId, scope.instanceId])}`;
}

function nothing(): Pending {
  return {
    changed: new Set(),
    left: new Set(),
    seen: new Map(),
    events: new Map(),
    customers: new Set(),
    moved: false,
    stale: false,
  };
}

/** What is watched before anything is known of it: which rows a list shows is noted on its own. */
function beginWatched(scope: Asked): Watched {
  switch (scope.kind) {
    case 'list':
      return { kind: 'list', query: scope.query, shown: new Set() };
    case 'customers':
      return { kind: 'customers', query: scope.query, shown: new Set() };
    case 'instance':
      return { ...scope, id: null };
    case 'screen':
      return { ...scope, members: null, arriving: new Set() };
    case 'customer':
    case 'catalog':
    case 'screens':
      return scope;
  }
}
