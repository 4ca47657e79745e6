import type { Part, Witness } from '#server/files/index.ts';
import { announceCustomers } from '#server/store/announce.ts';
import type { FileRecord } from '#server/store/files.ts';
import type { Tx } from '#server/store/instances.ts';
import {
  completeDownload,
  insertDownload,
  type LastDownload,
  lockDownloads,
  type NewDownload,
  readLastDownload,
} from '#server/store/portal-downloads.ts';
import type { Desk } from './desk.ts';

/** Milliseconds in which requests for a file that has not gone out whole belong to one download: parts side by side. */
const together = 60_000;
/** Milliseconds after which nobody goes on with a download that broke off: a login's length. */
const resumable = 72 * 3_600_000;

export interface Downloading {
  customerId: string;
  file: FileRecord;
  versionLabel: string;
  address: string | null;
}

/**
 * Whether a request goes on with the last download of that file, or begins another: one that does not ask for the
 * file's beginning goes on, and so does one that comes side by side with others. Of those the one for the end may have
 * gone out before the one for the beginning comes, which therefore begins no other. Pure.
 */
export function goesOn(
  last: LastDownload | null,
  { start, end }: Pick<Part, 'start' | 'end'>,
  size: number,
): boolean {
  if (last === null) return false;
  if (start > 0) return last.age < resumable;
  return last.age < together && (!last.completed || end < size - 1);
}

/** Notes a download of a file while it goes out. */
export function witnessDownload(desk: Desk, what: Downloading): Witness {
  const { db, log } = desk;
  let id: number | null = null;
  return {
    async begin(part) {
      id = await db.transaction((tx) => begin(tx, what, part));
    },
    end({ end }) {
      if (end < what.file.size - 1 || id === null) return;
      complete(desk, what.customerId, id).catch((error: unknown) =>
        log.error({ err: error }, 'cannot note that a download is complete'),
      );
    },
  };
}

async function begin(
  tx: Tx,
  { customerId, file, versionLabel, address }: Downloading,
  part: Part,
): Promise<number> {
  await lockDownloads(tx, customerId);
  const last = await readLastDownload(tx, customerId, file.id);
  if (last !== null && goesOn(last, part, file.size)) return last.id;
  const { id: fileId, kind, name, size } = file;
  const download = { customerId, kind, fileId, name, versionLabel, size, address };
  return note(tx, { ...download, completed: false });
}

async function complete({ db }: Desk, customerId: string, id: number): Promise<void> {
  await db.transaction(async (tx) => {
    if (await completeDownload(tx, id)) await announceCustomers(tx, [customerId]);
  });
}

/** Notes one download, and tells whoever looks at the customer. @returns its id */
export async function note(tx: Tx, download: NewDownload): Promise<number> {
  const id = await insertDownload(tx, download);
  await announceCustomers(tx, [download.customerId]);
  return id;
}
