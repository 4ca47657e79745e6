import { parseDocument } from 'yaml';
import { isStorable } from '#server/text.ts';
import { fieldOf } from './cross-references.ts';

/** What the fleet says of the license that a file must hold. */
export interface ExpectedLicense {
  licenseId: unknown;
  appSlug: unknown;
  /** Milliseconds; null: never; undefined: not known. */
  expiresAt: number | null | undefined;
}

/**
 * What keeps a vendor's license document from being answered for this customer; null: nothing. The clients take the
 * document's word, so it must not say otherwise than the fleet does. Pure.
 */
export function findLicenseFileFault(document: string, expected: ExpectedLicense): string | null {
  const content = readContent(document);
  const version = fieldOf(content, 'apiVersion');
  const isLicense =
    fieldOf(content, 'kind') === 'License' &&
    typeof version === 'string' &&
    version.startsWith('kots.io/');
  if (!isLicense || !isStorable(document)) return 'is not a kots.io License';
  const spec = fieldOf(content, 'spec');
  if (typeof expected.licenseId === 'string' && fieldOf(spec, 'licenseID') !== expected.licenseId) {
    return 'holds a license of another licenseID than license.id';
  }
  const appSlug = fieldOf(spec, 'appSlug');
  if (
    typeof expected.appSlug === 'string' &&
    appSlug !== undefined &&
    appSlug !== expected.appSlug
  ) {
    return `holds a license of the app ${String(appSlug)}`;
  }
  const expiry = fieldOf(fieldOf(fieldOf(spec, 'entitlements'), 'expires_at'), 'value');
  if (typeof expiry !== 'string' || expected.expiresAt === undefined) return null;
  const expiresAt = expiry === '' ? null : Date.parse(expiry);
  if (expiresAt === expected.expiresAt) return null;
  return `says that the license expires ${expiry || 'never'}, license.expiresAt says otherwise`;
}

/** Null: no YAML, or some that unfolds into more than a license can be. */
function readContent(document: string): unknown {
  const parsed = parseDocument(document);
  if (parsed.errors.length > 0) return null;
  try {
    return parsed.toJS() as unknown;
  } catch {
    return null;
  }
}
