import type { z } from 'zod';
import type { customerChange, EditedCustomer } from '#contract/customers.ts';
import { audit, type By } from '#server/audit/index.ts';
import { canonical } from '#server/canonical.ts';
import { type LicenseContent, licenseContent } from '#server/license-content.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { type HeldCustomer, writeCustomer, writeLicense } from '#server/store/customers.ts';
import type { CustomerDeps } from './desk.ts';
import { describeChange } from './describe-change.ts';
import { holdCustomer, targetOf } from './hold-customer.ts';
import {
  demandChannel,
  refuseCommunityFaults,
  refuseContradiction,
  refuseNewDocument,
} from './refuse-faults.ts';

type Change = z.output<typeof customerChange>;

/** A customer as an edit leaves it. */
export interface Edited {
  name: string;
  email: string | null;
  channelId: string;
  channelName: string;
  license: LicenseContent;
}

/**
 * What the change leaves out stays as it is; one that changes nothing leaves no trace.
 * @throws AppError not_found; invalid, naming the field; conflict when the revision is an old one, or when the signed
 * license document at hand says otherwise
 */
export async function changeCustomer(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  id: string,
  { revision, ...change }: Change,
): Promise<EditedCustomer> {
  return db.transaction(async (tx) => {
    const held = await holdCustomer(tx, id, revision);
    const channel =
      change.channel === undefined
        ? { id: held.channelId, name: held.channelName }
        : await demandChannel(tx, change.channel, { slug: held.appSlug, name: held.appName });
    const before = asEdited(held);
    const after = merge(before, change, channel);
    refuseCommunityFaults(after.license);
    if (after.license.document !== null) {
      const signed = { ...after.license, document: after.license.document, appSlug: held.appSlug };
      if (change.document === undefined) refuseContradiction(signed);
      else refuseNewDocument(signed);
    }
    if (canonical(before) === canonical(after)) return { id, revision };

    const { license, channelName: _, ...customer } = after;
    const isOther = contentOf(before, held) !== contentOf(after, held);
    const sequence = held.license.sequence + (isOther ? 1 : 0);
    await writeLicense(tx, id, { ...license, sequence });
    const raised = await writeCustomer(tx, id, customer);
    const details = describeChange(before, after);
    await audit(tx, by, {
      action: 'customer.changed',
      target: targetOf({ ...after, id }),
      details,
    });
    await announceCustomers(tx, [id]);
    return { id, revision: raised };
  });
}

function asEdited({ name, email, channelId, channelName, license }: HeldCustomer): Edited {
  const { licenseId, type, expiresAt, features, entitlements, document } = license;
  const content = { licenseId, type, expiresAt, features, entitlements, document };
  return { name, email, channelId, channelName, license: content };
}

function merge(
  before: Edited,
  change: Omit<Change, 'revision'>,
  channel: { id: string; name: string },
): Edited {
  return {
    name: change.name ?? before.name,
    email: change.email === undefined ? before.email : change.email,
    channelId: channel.id,
    channelName: channel.name,
    license: {
      ...before.license,
      ...change.license,
      document: change.document === undefined ? before.license.document : change.document,
    },
  };
}

function contentOf({ license, ...holder }: Edited, { appSlug }: HeldCustomer): string {
  return licenseContent(license, { ...holder, appSlug });
}
