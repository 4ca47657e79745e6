import type { Context } from 'hono';
import type { DoorEnv } from '#server/doors/index.ts';
import { attachmentHeaders, serveFile } from '#server/files/index.ts';
import { licenseDocument, licenseFileName } from '#server/license-document.ts';
import { loadLicenseOf } from '#server/store/licenses.ts';
import { findOfferedFile } from '#server/store/portal-offers.ts';
import type { OpenPortal } from '#server/store/portal-visits.ts';
import type { Desk } from './desk.ts';
import { note, witnessDownload } from './record-download.ts';

type Ctx = Context<DoorEnv>;

/** The license document, as `GET /license` answers it. */
export async function downloadLicense(desk: Desk, c: Ctx, portal: OpenPortal): Promise<Response> {
  const { db, config, limits } = desk;
  const { customerId } = portal;
  const license = await loadLicenseOf(db, customerId);
  if (!license) throw new Error(`The customer ${customerId} has no license.`);
  const document = licenseDocument(license, config.publicUrl);
  const size = Buffer.byteLength(document);
  const name = licenseFileName(customerId);
  if (c.req.method !== 'HEAD') {
    limits.download(customerId);
    const address = c.get('clientAddress');
    const download = { customerId, kind: 'license' as const, fileId: null, name, size, address };
    await db.transaction((tx) => note(tx, { ...download, versionLabel: null, completed: true }));
  }
  return c.body(document, 200, {
    ...attachmentHeaders(name),
    'Content-Type': 'application/yaml; charset=utf-8',
    'Content-Length': String(size),
  });
}

/**
 * A file of a release on offer, under its own name.
 * @returns null: there is none that this customer may have, whoever else may
 */
export async function downloadFile(
  desk: Desk,
  c: Ctx,
  { customerId }: OpenPortal,
  { id, name }: { id: string; name: string },
): Promise<Response | null> {
  const { db, files, limits } = desk;
  if (!/^\d{1,15}$/.test(id)) return null;
  const offered = await findOfferedFile(db, customerId, Number(id));
  if (!offered || offered.file.name !== name) return null;
  limits.download(customerId);
  const address = c.get('clientAddress');
  const witness = witnessDownload(desk, { ...offered, customerId, address });
  return serveFile(c, files.folder, offered.file, witness);
}
