import { findCommunityFaults, type LicenseTerms } from '#contract/catalog.ts';
import { findLicenseFileFault } from '#server/catalog/index.ts';
import { AppError } from '#server/errors.ts';
import { type ChannelOfApp, findChannel } from '#server/store/customers.ts';
import type { Tx } from '#server/store/instances.ts';

/** @throws AppError invalid, naming the field */
export function refuseCommunityFaults(
  terms: Pick<LicenseTerms, 'type' | 'expiresAt' | 'features'>,
): void {
  const [fault] = findCommunityFaults(terms);
  if (fault) throw new AppError('invalid', `license.${fault.path}: ${fault.message}.`);
}

/** @throws AppError invalid when the app has no such channel */
export async function demandChannel(
  tx: Tx,
  channelId: string,
  app: { slug: string; name: string },
): Promise<ChannelOfApp> {
  const channel = await findChannel(tx, channelId);
  if (channel?.appSlug === app.slug) return channel;
  throw new AppError('invalid', `channel: must be one of the channels of ${app.name}.`);
}

interface Signed {
  document: string;
  licenseId: string;
  appSlug: string;
  expiresAt: Date | null;
}

/** @throws AppError invalid when a document that is brought is none for this license */
export function refuseNewDocument(signed: Signed): void {
  const fault = faultOf(signed);
  if (fault !== null) throw new AppError('invalid', `document: ${fault}.`);
}

/**
 * The clients take the word of a signed document, so nothing here may say otherwise.
 * @throws AppError conflict when the document at hand contradicts
 */
export function refuseContradiction(signed: Signed): void {
  const fault = faultOf(signed);
  if (fault === null) return;
  throw new AppError(
    'conflict',
    `The signed license document ${fault}: bring a new signed document, or drop it (document: null).`,
  );
}

function faultOf({ document, expiresAt, ...rest }: Signed): string | null {
  return findLicenseFileFault(document, { ...rest, expiresAt: expiresAt?.getTime() ?? null });
}
