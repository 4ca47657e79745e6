import { canonical } from '#server/canonical.ts';
import type { Edited } from './change-customer.ts';

/**
 * What the audit keeps of an edit: the plain fields that are others now, before and after. Of the document only
 * whether there is one: it holds the license id. Pure.
 */
export function describeChange(before: Edited, after: Edited): Record<string, unknown> {
  const [was, is] = [plain(before), plain(after)];
  const changed = Object.keys(is).filter((field) => canonical(was[field]) !== canonical(is[field]));
  const pick = (fields: Record<string, unknown>) =>
    Object.fromEntries(changed.map((field) => [field, fields[field]]));
  const document =
    before.license.document === after.license.document
      ? {}
      : { document: after.license.document === null ? 'dropped' : 'brought' };
  return { before: pick(was), after: pick(is), ...document };
}

function plain({ name, email, channelName, license }: Edited): Record<string, unknown> {
  const { type, expiresAt, features, entitlements } = license;
  return { name, email, channel: channelName, type, expiresAt, features, entitlements };
}
