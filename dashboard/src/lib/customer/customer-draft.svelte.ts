import type { Instant } from '#contract/instance.ts';
import type { CustomerReport } from '#contract/reports.ts';
import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import { licenseFeatures } from '#contract/status.ts';
import { findTouched, reconcile } from '../drafts.ts';
import { fromLocalText, toLocalText } from '../format/zoned-time.ts';
import { type Entitlement, type EntitlementRow, fromRows, toRows } from './entitlement-rows.ts';

export type Customer = CustomerReport['customer'];

/** What can be edited, as it goes to the server. */
export interface CustomerValues {
  name: string;
  email: string | null;
  /** Id. */
  channel: string;
  type: LicenseType;
  expiresAt: Instant | null;
  features: LicenseFeature[];
  entitlements: Record<string, Entitlement>;
}
export type ValueName = keyof CustomerValues;

const licenseNames = ['type', 'expiresAt', 'features', 'entitlements'] as const;

export function valuesOf({ name, email, channel, license }: Customer): CustomerValues {
  const { type, expiresAt, features, entitlements } = license;
  return {
    ...{ name, email, channel: channel.id, type, expiresAt, features },
    entitlements: fromRows(toRows(entitlements)),
  };
}

/** A customer as somebody is typing it. What others save meanwhile changes nothing here but what was not touched. */
export class CustomerDraft {
  name = $state('');
  email = $state('');
  app = $state('');
  channel = $state('');
  type = $state<LicenseType>('paid');
  never = $state(true);
  /** As `<input type="datetime-local">` has it, by the clock of `zone`. */
  expires = $state('');
  zone = $state('UTC');
  features = $state<LicenseFeature[]>([]);
  rows = $state<EntitlementRow[]>([]);
  /** Undefined: the signed document stays as it is; null: it is dropped. */
  document = $state<string | null | undefined>(undefined);
  /** What the typing began with. */
  base = $state.raw<Customer | null>(null);

  constructor(customer: Customer | null, zone: string) {
    this.zone = zone;
    this.base = customer;
    if (customer === null) return;
    this.app = customer.app.slug;
    const values = valuesOf(customer);
    for (const name of Object.keys(values) as ValueName[]) this.take(name, customer);
  }

  get isCommunity(): boolean {
    return this.type === 'community';
  }

  /** Null where a moment is asked for and none is typed. */
  get expiresAt(): Instant | null {
    if (this.never || this.isCommunity) return null;
    const known = this.base?.license.expiresAt ?? null;
    // Typed back, it is the moment it was, to the millisecond.
    if (known !== null && toLocalText(known, this.zone) === this.expires) return known;
    return fromLocalText(this.expires, this.zone);
  }

  get lacksExpiry(): boolean {
    return !this.never && !this.isCommunity && this.expiresAt === null;
  }

  values(): CustomerValues {
    const chosen = this.features;
    const features = licenseFeatures.filter(
      (feature) => chosen.includes(feature) && !(this.isCommunity && feature === 'airgap'),
    );
    return {
      name: this.name.trim(),
      email: this.email.trim() || null,
      channel: this.channel,
      type: this.type,
      expiresAt: this.expiresAt,
      features,
      entitlements: fromRows(this.rows),
    };
  }

  /** Puts one value of the customer in place of what is typed. */
  take(name: ValueName, customer: Customer): void {
    const { license } = customer;
    if (name === 'name') this.name = customer.name;
    if (name === 'email') this.email = customer.email ?? '';
    if (name === 'channel') this.channel = customer.channel.id;
    if (name === 'type') this.type = license.type;
    if (name === 'features') this.features = [...license.features];
    if (name === 'entitlements') this.rows = toRows(license.entitlements);
    if (name !== 'expiresAt') return;
    this.never = license.expiresAt === null;
    this.expires = license.expiresAt === null ? '' : toLocalText(license.expiresAt, this.zone);
  }

  /** Of what the typing began with, what is another now. */
  touched(): ValueName[] {
    return this.base === null ? [] : findTouched(valuesOf(this.base), this.values());
  }

  /**
   * The customer is another than the one that the typing began with: what was not touched follows it, what was typed
   * stays.
   * @returns what was typed and is now another on the server, too
   */
  rebase(present: Customer): ValueName[] {
    const before = valuesOf(this.base ?? present);
    const { follow, contended } = reconcile(before, this.values(), valuesOf(present));
    this.base = present;
    for (const name of follow) this.take(name, present);
    return contended;
  }

  /** The body of the edit: what is another, and the revision it is meant for. */
  toChange(): Record<string, unknown> {
    const touched = this.touched();
    const values = this.values();
    const pick = (names: readonly ValueName[]) =>
      Object.fromEntries(names.map((name) => [name, values[name]]));
    const isOfLicense = (name: ValueName) => licenseNames.some((known) => known === name);
    const license = touched.filter(isOfLicense);
    return {
      revision: this.base?.revision ?? 0,
      ...pick(touched.filter((name) => !isOfLicense(name))),
      ...(license.length > 0 ? { license: pick(license) } : {}),
      ...(this.document === undefined ? {} : { document: this.document }),
    };
  }

  /** The body of a new customer. */
  toRequest(): Record<string, unknown> {
    const { name, email, channel, ...license } = this.values();
    return { app: this.app, channel, name, email, license };
  }
}
