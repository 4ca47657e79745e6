import type { CustomerRow } from '#contract/customers.ts';
import type { InstanceSummary } from '#contract/instance.ts';
import type { FleetCounts, InstanceReport } from '#contract/reports.ts';
import type { ScreenScope } from '#contract/screens.ts';
import { attentionOrder } from '#contract/status.ts';
import type { Digest } from '#contract/socket.ts';
import { isInScope } from '#domain/wall-scope.ts';
import type { LiveDeps } from '#server/live/index.ts';
import type { WallItem } from '#server/reports/index.ts';

/** A fleet kept in memory that answers as the reports room does: the live room's tests need no database. */
export class MemoryReports {
  readonly instances = new Map<number, InstanceSummary>();
  failing = false;
  /** Of the customers themselves, and of the catalog: raised by edits. */
  readonly edits = new Map<string, number>();
  catalogVersion = 0;
  askedCustomers: string[][] = [];
  asked: number[][] = [];

  add(id: number, customerId = 'geeglo', patch: Partial<InstanceSummary> = {}): InstanceSummary {
    const instance = { ...blank, id, instanceId: `instance-${id}`, ...patch };
    instance.customer = { id: customerId, name: customerId };
    this.instances.set(id, instance);
    return instance;
  }

  change(id: number, patch: Partial<InstanceSummary>): { id: number; customerId: string } {
    const before = this.instances.get(id);
    if (!before) throw new Error(`no instance ${id}`);
    this.instances.set(id, { ...before, ...patch, revision: before.revision + 1 });
    return { id, customerId: before.customer.id };
  }

  seen(id: number, at: number): { id: number; customerId: string; at: number } {
    const before = this.instances.get(id);
    if (!before) throw new Error(`no instance ${id}`);
    this.instances.set(id, { ...before, lastCheckInAt: new Date(at).toISOString() });
    return { id, customerId: before.customer.id, at };
  }

  edit(customerId: string): string[] {
    this.edits.set(customerId, (this.edits.get(customerId) ?? 0) + 1);
    return [customerId];
  }

  customer(id: string): CustomerRow | null {
    const mine = [...this.instances.values()].filter(({ customer }) => customer.id === id);
    if (mine.length === 0 && !this.edits.has(id)) return null;
    const { revisions, newestCheckInAt } = digestOf(mine);
    const ranks = mine.map(({ attention }) => attentionOrder.indexOf(attention));
    return {
      ...blankCustomer,
      id,
      name: id,
      revision: this.catalogVersion + (this.edits.get(id) ?? 0) + revisions + mine.length,
      counts: { active: mine.length, airGap: 0, inactive: 0 },
      worst: mine.length === 0 ? null : attentionOrder[Math.min(...ranks)]!,
      lastCheckInAt: newestCheckInAt,
    };
  }

  #read(): void {
    if (this.failing) throw new Error('the database is away');
  }

  /** As the reports room answers walls; every instance is its customer's, whose number is that of its letters. */
  readonly wall: LiveDeps['wall'] = {
    items: async (ids) => {
      this.#read();
      const found = ids.flatMap((id) => this.instances.get(id) ?? []);
      return { asOf: new Date().toISOString(), items: found.map(wallItem) };
    },
    members: async (scope) => {
      this.#read();
      return this.#inScope(scope).map(({ id }) => id);
    },
    digest: async (scope) => {
      this.#read();
      return digestOf(this.#inScope(scope));
    },
  };

  #inScope(scope: ScreenScope): InstanceSummary[] {
    return [...this.instances.values()].filter((one) => isInScope(scope, wallItem(one).scopeFacts));
  }

  readonly reports: LiveDeps['reports'] = {
    summariesAsOf: async (ids) => {
      this.#read();
      this.asked.push(ids);
      const instances = ids.flatMap((id) => this.instances.get(id) ?? []);
      return { asOf: new Date().toISOString(), instances };
    },
    revisions: async (ids) => {
      this.#read();
      return ids.flatMap((id): [number, number][] => {
        const instance = this.instances.get(id);
        return instance ? [[id, instance.revision]] : [];
      });
    },
    counts: async () => {
      this.#read();
      return this.counts();
    },
    digest: async (scope) => {
      this.#read();
      return digestOf(
        [...this.instances.values()].filter((one) =>
          'ids' in scope
            ? scope.ids.includes(one.id)
            : one.customer.id === scope.customerId &&
              (!('instanceId' in scope) || one.instanceId === scope.instanceId),
        ),
      );
    },
    customerRows: async (ids) => {
      this.#read();
      this.askedCustomers.push(ids);
      const customers = ids.flatMap((id) => this.customer(id) ?? []);
      return { asOf: new Date().toISOString(), customers };
    },
    customerRevisions: async (ids) => {
      this.#read();
      return ids.flatMap((id): [string, number][] => {
        const row = this.customer(id);
        return row ? [[id, row.revision]] : [];
      });
    },
    customersDigest: async (ids) => {
      this.#read();
      return digestOf(ids.flatMap((id) => this.customer(id) ?? []));
    },
    catalogDigest: async () => {
      this.#read();
      return { count: 1, revisions: this.catalogVersion, newestCheckInAt: null };
    },
    instance: async (customerId, instanceId) => {
      this.#read();
      const found = [...this.instances.values()].find(
        (one) => one.customer.id === customerId && one.instanceId === instanceId,
      );
      return found ? ({ row: { ...found, closedDays: [] } } as unknown as InstanceReport) : null;
    },
  };

  counts(): FleetCounts {
    const byAttention = Object.fromEntries(attentionOrder.map((key) => [key, 0]));
    for (const { attention } of this.instances.values()) byAttention[attention]! += 1;
    return {
      total: this.instances.size,
      airGap: 0,
      archived: 0,
      byAttention: byAttention as FleetCounts['byAttention'],
    };
  }
}

function digestOf(instances: Pick<CustomerRow, 'revision' | 'lastCheckInAt'>[]): Digest {
  return {
    count: instances.length,
    revisions: instances.reduce((sum, { revision }) => sum + revision, 0),
    newestCheckInAt:
      instances
        .flatMap((one) => one.lastCheckInAt ?? [])
        .toSorted()
        .at(-1) ?? null,
  };
}

export const blank: InstanceSummary = {
  id: 0,
  revision: 1,
  instanceId: '',
  name: null,
  customer: { id: 'geeglo', name: 'Geeglo' },
  app: { slug: 'acme', name: 'Acme Search' },
  status: 'ready',
  monitored: true,
  statusSince: '2026-11-01T00:00:00.000Z',
  attention: 'ready',
  presence: 'current',
  presenceSince: null,
  refusal: null,
  airGap: false,
  archived: false,
  channel: { id: 'acme-stable', name: 'Stable' },
  channelSequence: 1,
  versionLabel: '1.0.0',
  versionsBehind: 0,
  kubernetes: { distribution: 'k3s', version: 'v1.31.0' },
  cloud: { provider: null, region: null, fromAddress: false },
  kurl: false,
  nodes: null,
  appManagerVersion: null,
  sdkVersion: '1.0.0',
  tags: {},
  vendorTags: {},
  firstSeenAt: '2026-11-01T00:00:00.000Z',
  lastCheckInAt: '2026-11-01T00:00:00.000Z',
  lateAfter: 16_200,
  lateAt: '2026-11-01T04:30:00.000Z',
  today: [0, 0, 0],
};

const blankCustomer: CustomerRow = {
  id: '',
  revision: 0,
  name: '',
  app: { slug: 'acme', name: 'Acme Search' },
  channel: { id: 'acme-stable', name: 'Stable' },
  license: { type: 'paid', expiresAt: null },
  archived: false,
  counts: { active: 0, airGap: 0, inactive: 0 },
  worst: null,
  uptime: { up: 0, degraded: 0, down: 0 },
  lastCheckInAt: null,
};

function wallItem(summary: InstanceSummary): WallItem {
  const { id, lastCheckInAt, app, customer, channel, archived, tags } = summary;
  return {
    id,
    lastCheckInAt,
    summary,
    customerNumber: customer.id.length,
    scopeFacts: {
      app: app.slug,
      channel: channel?.id ?? 'none',
      customer: customer.id,
      licenseType: 'paid',
      tags: Object.fromEntries(
        Object.entries(tags).map(([key, value]): [string, [string, 'report']] => [
          key,
          [value, 'report'],
        ]),
      ),
      archived,
    },
    closedDays: null,
  };
}
