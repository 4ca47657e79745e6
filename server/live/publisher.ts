import type { InstanceEventView } from '#contract/instance.ts';
import type { Time } from '#domain/model.ts';

/** What one committed batch did, by internal ids: small enough to hand to every viewer's process. */
export interface Change {
  /** Instances whose state (and so whose revision) changed. */
  changed: { id: number; customerId: string }[];
  /** Instances that lists stop showing: archived by the vendor, or gone. */
  left: { id: number; customerId: string }[];
  /** Plain check-ins: nothing changed but the moment. */
  seen: { id: number; customerId: string; at: Time }[];
  events: InstanceEventView[];
}

export interface Publisher {
  /** Called after the commit. Never throws and never waits: a report must not fail for its viewers' sake. */
  publish(change: Change): void;
  /** The details, license or portal of these customers are others now. */
  edited(customerIds: string[]): void;
  /** Something changed outside the stream of check-ins: every viewer of this process fetches again. */
  stale(): void;
}
