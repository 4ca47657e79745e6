import type { InstallInstructions } from '#contract/customers.ts';
import { describeInstallation } from '#domain/install-instructions.ts';
import type { Time } from '#domain/model.ts';
import { licenseFileName } from '#server/license-document.ts';
import { renderMarkdown } from '#server/markdown.ts';
import { type FileRecord, readFilesOf } from '#server/store/files.ts';
import { readInstallFacts } from '#server/store/install-facts.ts';
import { type LicenseRecord, loadLicenseOf } from '#server/store/licenses.ts';
import { readOffers } from '#server/store/portal-offers.ts';
import type { OpenPortal } from '#server/store/portal-visits.ts';
import { readClock } from '#server/store/clock.ts';
import type { Desk } from './desk.ts';

/** Releases that one page shows. */
const pageLength = 20;

export interface ReleaseOnOffer {
  channelSequence: number;
  versionLabel: string;
  promotedAt: Date;
  /** Safe HTML. */
  notesHtml: string;
  /** Only those that this customer may have. */
  files: FileRecord[];
}

/** What a customer finds in its portal. */
export interface Contents {
  now: Time;
  license: Pick<LicenseRecord, 'channelName'> & { expiresAt: Time | null; fileName: string };
  releases: ReleaseOnOffer[];
  /** Whether the first of them is the channel's latest. */
  isFirstPage: boolean;
  /** The channel sequence below which the next page begins; null: there is none. */
  next: number | null;
  instructions: Pick<InstallInstructions, 'online' | 'airGap' | 'release'> | null;
}

/** @param before channel sequence below which the page begins; null: from the newest */
export async function readContents(
  { db }: Pick<Desk, 'db'>,
  portal: OpenPortal,
  before: number | null,
): Promise<Contents> {
  const { customerId, channelId, app } = portal;
  const license = await loadLicenseOf(db, customerId);
  if (!license) throw new Error(`The customer ${customerId} has no license.`);
  const most = pageLength + 1;
  const offers = await readOffers(db, channelId, { before, most });
  const shown = offers.slice(0, pageLength);
  const sequences = shown.map(({ releaseSequence }) => releaseSequence);
  const files = await readFilesOf(db, app.slug, sequences);
  const hasAirGap = license.features.includes('airgap');
  const mayHave = ({ kind }: FileRecord) => kind !== 'airgap' || hasAirGap;
  return {
    now: await readClock(db),
    license: {
      channelName: license.channelName,
      expiresAt: license.expiresAt,
      fileName: licenseFileName(customerId),
    },
    releases: shown.map(({ releaseSequence, releaseNotes, ...release }) => ({
      ...release,
      notesHtml: renderMarkdown(releaseNotes),
      files: files
        .filter((file) => file.releaseSequence === releaseSequence && mayHave(file))
        .sort(bundlesFirst),
    })),
    isFirstPage: before === null,
    next: offers.length > pageLength ? shown.at(-1)!.channelSequence : null,
    instructions: before === null ? await readInstructions(db, customerId) : null,
  };
}

/** Those of a kind stay in the order they have. */
const bundlesFirst = (a: FileRecord, b: FileRecord) =>
  Number(b.kind === 'airgap') - Number(a.kind === 'airgap');

/** With the customer's own license id; null: the vendor has not said everything yet. */
async function readInstructions(
  db: Desk['db'],
  customerId: string,
): Promise<Contents['instructions']> {
  const found = await readInstallFacts(db, customerId);
  return found && describeInstallation(found.facts, found.licenseId);
}
