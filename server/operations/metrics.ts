import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { kindsOfRooms, type LiveStats } from '#server/live/index.ts';

/** What is asked for at the moment of a scrape. */
export interface Sources {
  /** Check-ins that wait for the database. */
  waiting: () => number;
  live: () => Pick<LiveStats, 'sockets' | 'roomsByKind'>;
  /** How often each header was there but could not be read. */
  ignoredHeaders: ReadonlyMap<string, number>;
}

/** What the server counts. Each method is cheap enough for every report. */
export interface Metrics {
  /** Check-ins of one door that were committed. */
  accepted(door: string, checkIns: number): void;
  /** A request of an instance that was refused; of an archive, each report that was left out. */
  refused(reason: string, times?: number): void;
  /** One transaction: what it held and how many seconds it took. */
  committed(checkIns: number, seconds: number): void;
  /** Seconds from the commit of a change until a room was told of it. */
  told(seconds: number): void;
  /** Connects the gauges. */
  watch(sources: Sources): void;
  /** In Prometheus' text format. */
  render(): Promise<{ contentType: string; body: string }>;
}

const prefix = 'rollcall_';

/** `process: true` adds the metrics of the process (memory, CPU, event loop delay): once a process. */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registers = [new Registry()];
  const registry = registers[0]!;
  if (options.process) collectDefaultMetrics({ register: registry });

  const accepted = new Counter({
    name: `${prefix}check_ins_accepted_total`,
    help: 'Check-ins that were committed, by the door they came in by.',
    labelNames: ['door'],
    registers,
  });
  const refused = new Counter({
    name: `${prefix}check_ins_refused_total`,
    help: 'Requests of instances that were refused, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const batch = new Histogram({
    name: `${prefix}batch_check_ins`,
    help: 'Check-ins in one transaction.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    registers,
  });
  const commit = new Histogram({
    name: `${prefix}commit_seconds`,
    help: 'Seconds that a transaction of check-ins took, its commit included.',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const lag = new Histogram({
    name: `${prefix}publish_lag_seconds`,
    help: 'Seconds from the commit of a change until those who watch were told.',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });

  return {
    accepted: (door, checkIns) => accepted.inc({ door }, checkIns),
    refused: (reason, times = 1) => refused.inc({ reason }, times),
    committed(checkIns, seconds) {
      batch.observe(checkIns);
      commit.observe(seconds);
    },
    told: (seconds) => lag.observe(seconds),
    watch: (sources) => watchSources(sources, registers),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function watchSources(sources: Sources, registers: Registry[]): void {
  new Gauge({
    name: `${prefix}queue_check_ins`,
    help: 'Check-ins that wait for the database.',
    registers,
    collect() {
      this.set(sources.waiting());
    },
  });
  new Gauge({
    name: `${prefix}sockets`,
    help: 'Open live connections.',
    registers,
    collect() {
      this.set(sources.live().sockets);
    },
  });
  new Gauge({
    name: `${prefix}rooms`,
    help: 'Lists, customers and instances that somebody watches.',
    labelNames: ['kind'],
    registers,
    collect() {
      const { roomsByKind } = sources.live();
      for (const kind of kindsOfRooms) this.set({ kind }, roomsByKind[kind]);
    },
  });
  new Counter({
    name: `${prefix}ignored_headers_total`,
    help: 'Headers of reports that were there but could not be read.',
    labelNames: ['header'],
    registers,
    collect() {
      this.reset();
      for (const [header, times] of sources.ignoredHeaders) this.inc({ header }, times);
    },
  });
}
