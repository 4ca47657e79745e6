import type { Db } from '#db/client.ts';
import { AppError } from '#server/errors.ts';
import { hasChannel, readOfferedReleases } from '#server/store/catalog.ts';
import type { Licensee } from './licensees.ts';
import { formatTime } from '#server/license-document.ts';
import { idLimit, integerLimit, isStorable, quote } from '#server/text.ts';

/** A release as an update check answers it. */
export interface PendingRelease {
  channelSequence: number;
  releaseSequence: number;
  versionLabel: string;
  isRequired: boolean;
  createdAt: string;
  releaseNotes: string;
}

export interface UpdateCheck {
  /** Null: everything is new to the client. */
  after: number | null;
  /** Null: the customer's own channel. */
  channelId: string | null;
  order: 'asc' | 'desc';
}

/**
 * What an update check asks for. Other parameters that the clients send (licenseSequence, isSemverSupported,
 * lastUpdateCheckAt, isEmbeddedCluster) change nothing about the answer. Pure.
 * @throws AppError invalid
 */
export function parseUpdateCheck(query: (name: string) => string | undefined): UpdateCheck {
  const sequence = query('channelSequence') ?? '';
  if (sequence !== '' && !(/^-?\d{1,10}$/.test(sequence) && Number(sequence) <= integerLimit)) {
    throw new AppError(
      'invalid',
      `channelSequence must be a whole number, not ${quote(sequence)}.`,
    );
  }
  const channelId = query('selectedChannelId') ?? '';
  if (channelId.length > idLimit || !isStorable(channelId)) {
    throw new AppError('invalid', 'selectedChannelId must be the id of a channel.');
  }
  return {
    after: sequence === '' ? null : Math.max(Number(sequence), -1),
    channelId: channelId || null,
    order: query('sortOrder') === 'asc' ? 'asc' : 'desc',
  };
}

/**
 * The releases that wait for a customer. KOTS is offered none: it would fetch one from a path that is not served yet.
 * @throws AppError not_found – a channel that the customer's app does not have
 */
export async function findPending(
  db: Db,
  licensee: Licensee,
  check: UpdateCheck,
  isKots: boolean,
): Promise<PendingRelease[]> {
  const channelId = check.channelId ?? licensee.channelId;
  if (channelId !== licensee.channelId && !(await hasChannel(db, licensee.appSlug, channelId))) {
    throw new AppError('not_found', 'The app of this license has no such channel.');
  }
  if (isKots) return [];
  const offered = await readOfferedReleases(db, channelId, check.after, check.order);
  return offered.map((release) => ({
    channelSequence: release.channelSequence,
    releaseSequence: release.releaseSequence,
    versionLabel: release.versionLabel,
    isRequired: release.isRequired,
    createdAt: formatTime(release.promotedAt.getTime()),
    releaseNotes: release.releaseNotes,
  }));
}
