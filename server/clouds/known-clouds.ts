import type { Db } from '#db/client.ts';
import { type Cloud, type FindCloud, indexClouds } from '#domain/cloud-ranges.ts';
import type { CheckIn } from '#domain/model.ts';
import { readRanges } from '#server/store/cloud-ranges.ts';

/** The published ranges, kept in memory: every report's address is looked up. */
export interface KnownClouds {
  /** Null: in no published range. Undefined: there are none, or no address is known. */
  of(address: string | null): Cloud | null | undefined;
  /** Reads the ranges again: others were loaded. */
  refresh(): Promise<void>;
}

export async function loadKnownClouds(db: Db): Promise<KnownClouds> {
  let find: FindCloud | null = null;
  const refresh = async () => {
    const ranges = await readRanges(db);
    find = ranges.length === 0 ? null : indexClouds(ranges);
  };
  await refresh();
  return {
    of: (address) => (find === null || address === null ? undefined : find(address)),
    refresh,
  };
}

/**
 * The check-in with the cloud of the address it came from. What was carried here comes from wherever its carrier is, and
 * so do check-ins that are sent in one request for many.
 */
export function locate(
  checkIns: CheckIn[],
  address: string | null,
  clouds: Pick<KnownClouds, 'of'>,
): CheckIn[] {
  const [checkIn] = checkIns;
  if (checkIn === undefined || checkIns.length > 1 || checkIn.reportedAt !== null) return checkIns;
  const addressCloud = clouds.of(address);
  return addressCloud === undefined ? checkIns : [{ ...checkIn, addressCloud }];
}
