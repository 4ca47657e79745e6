import { type Context, Hono } from 'hono';
import { type AccountEnv, byOf, requires } from '#server/accounts/index.ts';
import { allowLongBody } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { type FileRecord, findStoredFile } from '#server/store/files.ts';
import { admitUpload, type Destination } from './admit.ts';
import type { Finisher, FinishDeps } from './finish.ts';
import { presentFile } from './present.ts';
import type { Upload } from './upload-store.ts';
import { createProtocol, uploadId } from './uploads.ts';

type Ctx = Context<AccountEnv>;
const path = '/api/apps/:slug/releases/:sequence/files';

/** Resumable uploads by whoever manages. */
export function uploadRoutes(deps: FinishDeps, finisher: Finisher): Hono<AccountEnv> {
  const { db, store } = deps;
  const protocol = createProtocol(store);
  const routes = new Hono<AccountEnv>();

  routes.post(path, requires('manage'), async (c) => {
    const to = destination(c);
    const file = await admitUpload(deps, c, to);
    allowLongBody(c.env?.incoming);
    const kept = { ...file, app: to.appSlug, release: String(to.releaseSequence) };
    const answer = await protocol.answer(c, kept);
    const id = answer.headers.get('location')?.split('/').pop() ?? '';
    const begun = await store.find(id);
    if (!begun || begun.offset < begun.size) return answer;
    const made = await finisher.finish(begun, byOf(c));
    return c.json(presentFile(made), 201, Object.fromEntries(answer.headers));
  });

  /** HEAD: how far it has come. */
  routes.get(`${path}/:upload`, requires('manage'), async (c) => {
    if (c.req.method !== 'HEAD') throw noUpload();
    const made = await settle(c);
    return 'offset' in made ? protocol.answer(c) : c.body(null, 200, whole(made));
  });

  routes.patch(`${path}/:upload`, requires('manage'), async (c) => {
    const begun = await settle(c);
    if (!('offset' in begun)) return c.body(null, 204, whole(begun));
    allowLongBody(c.env?.incoming);
    const answer = await protocol.answer(c);
    if (Number(answer.headers.get('upload-offset')) === begun.size)
      await finisher.finish({ ...begun, offset: begun.size }, byOf(c));
    return answer;
  });

  /** Gives it up. */
  routes.delete(`${path}/:upload`, requires('manage'), async (c) => {
    const begun = await find(c);
    if (!('offset' in begun) || finisher.isFinishing(begun.id))
      throw new AppError('conflict', 'The upload is finished: remove the file instead.');
    return protocol.answer(c);
  });

  /** An upload of the addressed release, or the file that it has become. @throws AppError not_found */
  async function find(c: Ctx): Promise<Upload | FileRecord> {
    const to = destination(c);
    const id = c.req.param('upload') ?? '';
    const found = uploadId.test(id)
      ? ((await findStoredFile(db, id)) ?? (await store.find(id)))
      : null;
    if (found?.appSlug !== to.appSlug || found.releaseSequence !== to.releaseSequence)
      throw noUpload();
    return found;
  }

  /** As `find`; what came in whole before an answer was lost or the server died becomes the file now. */
  async function settle(c: Ctx): Promise<Upload | FileRecord> {
    const found = await find(c);
    if (!('offset' in found) || found.offset < found.size) return found;
    return finisher.finish(found, byOf(c));
  }

  return routes;
}

const noUpload = () => new AppError('not_found', 'There is no such upload, or not any more.');

/** What the protocol says of an upload of which nothing is missing. */
const whole = ({ size }: FileRecord) => ({
  'Tus-Resumable': '1.0.0',
  'Upload-Offset': String(size),
  'Upload-Length': String(size),
});

function destination(c: Ctx): Destination {
  const { slug = '', sequence = '' } = c.req.param();
  if (!/^\d{1,9}$/.test(sequence) || slug.includes('\0'))
    throw new AppError('not_found', 'There is no such release.');
  return { appSlug: slug, releaseSequence: Number(sequence) };
}
