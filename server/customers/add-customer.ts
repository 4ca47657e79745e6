import type { z } from 'zod';
import { isReservedCustomerId } from '#contract/catalog.ts';
import type { customerRequest, EditedCustomer } from '#contract/customers.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { readClock } from '#server/store/clock.ts';
import {
  findAppName,
  findFreeId,
  insertCustomer,
  insertLicense,
  type NewCustomer,
} from '#server/store/customers.ts';
import type { Tx } from '#server/store/instances.ts';
import { ensurePortals } from '#server/store/portals.ts';
import type { CustomerDeps } from './desk.ts';
import { targetOf } from './hold-customer.ts';
import { idOf, makeLicenseId } from './make-ids.ts';
import { demandChannel, refuseCommunityFaults } from './refuse-faults.ts';

type Wanted = z.output<typeof customerRequest>;

/**
 * A new customer with its license and download portal.
 * @throws AppError invalid, naming the field; conflict when the id that is asked for is taken
 */
export async function addCustomer(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  wanted: Wanted,
): Promise<EditedCustomer> {
  const { license, app: slug, name, email } = wanted;
  refuseCommunityFaults(license);
  return db.transaction(async (tx) => {
    const appName = await findAppName(tx, slug);
    if (appName === null) throw new AppError('invalid', 'app: there is no such app.');
    const channel = await demandChannel(tx, wanted.channel, { slug, name: appName });
    const id = await insertUnderId(tx, wanted.id, {
      ...{ appSlug: slug, channelId: channel.id, name, email },
    });
    const createdAt = new Date(await readClock(tx));
    await insertLicense(tx, { customerId: id, licenseId: makeLicenseId(), createdAt, ...license });
    await ensurePortals(tx, [id]);
    const details = { app: slug, channel: channel.name, type: license.type };
    await audit(tx, by, { action: 'customer.added', target: targetOf({ id, name }), details });
    await announceCustomers(tx, [id]);
    return { id, revision: 0 };
  });
}

/** Tries the next free id as often as somebody else was faster. */
async function insertUnderId(
  tx: Tx,
  asked: string | undefined,
  customer: Omit<NewCustomer, 'id'>,
): Promise<string> {
  if (asked !== undefined) {
    if (isReservedCustomerId(asked))
      throw new AppError('invalid', `id: no customer may have the id ${asked}.`);
    if (await insertCustomer(tx, { ...customer, id: asked })) return asked;
    throw new AppError('conflict', `id: another customer has the id ${asked} already.`);
  }
  for (;;) {
    const id = await findFreeId(tx, idOf(customer.name));
    if (await insertCustomer(tx, { ...customer, id })) return id;
  }
}
