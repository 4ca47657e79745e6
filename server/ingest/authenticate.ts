import type { Time } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import type { Licensee, Licensees } from './licensees.ts';
import { idLimit, isStorable } from '#server/text.ts';

/**
 * The customer behind `Authorization: Basic base64(licenseID:licenseID)`, as both Replicated clients send it.
 * @throws AppError unauthorized
 */
export async function authenticateBasic(
  authorization: string | undefined,
  licensees: Licensees,
): Promise<Licensee> {
  const match = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization ?? '');
  if (!match)
    throw malformed('Authorization must be "Basic" with the license ID as user and password.');
  const pair = Buffer.from(match[1]!, 'base64').toString('utf8');
  const middle = (pair.length - 1) / 2;
  const licenseId = pair.slice(0, Math.max(0, middle));
  if (pair !== `${licenseId}:${licenseId}`) {
    throw malformed('User and password of the Authorization must both be the license ID.');
  }
  return find(licenseId, licensees);
}

/**
 * The customer behind `Authorization: Bearer <license id>`, the plain door's way.
 * @throws AppError unauthorized
 */
export async function authenticateBearer(
  authorization: string | undefined,
  licensees: Licensees,
): Promise<Licensee> {
  const match = /^bearer +(\S+) *$/i.exec(authorization ?? '');
  if (!match) throw malformed('Authorization must be "Bearer" with the license ID.');
  return find(match[1]!, licensees);
}

/**
 * The customer behind `Authorization: <license id>`, as KOTS sends it with its preflights.
 * @throws AppError unauthorized
 */
export async function authenticateBare(
  authorization: string | undefined,
  licensees: Licensees,
): Promise<Licensee> {
  const licenseId = authorization?.trim() ?? '';
  if (licenseId === '' || /\s/.test(licenseId))
    throw malformed('Authorization must be the license ID alone.');
  return find(licenseId, licensees);
}

/**
 * Refuses what the license no longer allows. For calls that record nothing; a report's transaction judges by itself.
 * @throws AppError forbidden
 */
export function requireStanding(
  licensee: Licensee,
  now: Time,
  options: { mayBeExpired: boolean },
): void {
  if (licensee.archived)
    throw new AppError('forbidden', 'The customer of this license is archived.');
  const expired = licensee.expiresAt !== null && licensee.expiresAt <= now;
  if (expired && !options.mayBeExpired) throw new AppError('forbidden', 'The license has expired.');
}

/** @throws AppError unauthorized – a license says nothing about another app, not even whether it exists */
export function requireApp(licensee: Licensee, appSlug: string): void {
  if (licensee.appSlug === appSlug) return;
  throw new AppError('unauthorized', 'The license is not one of this app.');
}

async function find(licenseId: string, licensees: Licensees): Promise<Licensee> {
  const plausible = licenseId !== '' && licenseId.length <= idLimit && isStorable(licenseId);
  const licensee = plausible ? await licensees.find(licenseId) : null;
  if (!licensee) throw new AppError('unauthorized', 'The license is unknown.');
  return licensee;
}

const malformed = (message: string) => new AppError('unauthorized', message);
