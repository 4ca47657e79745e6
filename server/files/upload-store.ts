import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import type { FileKind } from '#contract/portal.ts';
import type { Time } from '#domain/model.ts';

/** Milliseconds after which an upload that was begun and not finished is given up. */
export const uploadLasts = 48 * 3_600_000;

/** What is kept of an upload beside its content. */
export interface Upload {
  id: string;
  appSlug: string;
  releaseSequence: number;
  name: string;
  kind: FileKind;
  /** Bytes, when it is whole, and those that are here. */
  size: number;
  offset: number;
}

/** Uploads under way. How long they will be is always told at their beginning, so that room and limits can be checked. */
export class UploadStore extends FileStore {
  constructor(directory: string) {
    super({ directory, expirationPeriodInMilliseconds: uploadLasts });
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  path(id: string): string {
    return join(this.directory, id);
  }

  /** Null: there is none of that id. One whose content was moved away already counts as whole. */
  async find(id: string): Promise<Upload | null> {
    const kept = await this.configstore.get(id);
    const { app, release, name, kind } = kept?.metadata ?? {};
    if (!kept || !app || !name || kept.size === undefined) return null;
    const found = await stat(this.path(id)).catch(() => null);
    return {
      id,
      appSlug: app,
      releaseSequence: Number(release),
      name,
      kind: kind === 'airgap' ? 'airgap' : 'file',
      size: kept.size,
      offset: found?.size ?? kept.size,
    };
  }

  /** All that are under way. */
  async findAll(): Promise<Upload[]> {
    const names = await readdir(this.directory);
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
    const found = await Promise.all(ids.map((id) => this.find(id)));
    return found.filter((upload) => upload !== null);
  }

  /** Forgets an upload, wherever it had got to. */
  async forget(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
    await rm(this.path(`${id}.json`), { force: true });
  }

  /** Forgets those that were begun too long ago, and what is left of others. */
  async forgetExpired(now: Time, keep: (id: string) => boolean): Promise<void> {
    const ids = new Set((await readdir(this.directory)).map((name) => name.replace(/\.json$/, '')));
    for (const id of ids) {
      // What is said of an upload is written once, at its beginning.
      const begun =
        (await stat(this.path(`${id}.json`)).catch(() => null)) ??
        (await stat(this.path(id)).catch(() => null));
      if (begun && begun.mtimeMs < now - uploadLasts && !keep(id)) await this.forget(id);
    }
  }
}
