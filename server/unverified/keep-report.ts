import type { Db } from '#db/client.ts';
import {
  type AnonymousReport,
  countKept,
  insertAnonymousReport,
} from '#server/store/anonymous-reports.ts';
import { mostKept, mostOfInstallation, mostOfNetwork, refuseFor } from './limits.ts';

/** Seconds: an hour. */
const later = 3600;

/**
 * Keeps a report, bounded in number, whoever sends how many. One that is kept already is not kept twice.
 * @throws AppError too_many
 */
export async function keepReport(db: Db, report: AnonymousReport): Promise<void> {
  await db.transaction(async (tx) => {
    const kept = await countKept(tx, report);
    if (kept.known) return;
    if (kept.ofKey >= mostOfInstallation)
      throw refuseFor(later, 'Too many reports of this installation');
    if (kept.total >= mostKept || kept.ofNetwork >= mostOfNetwork)
      throw refuseFor(later, 'Too many reports without a license');
    await insertAnonymousReport(tx, report);
  });
}
