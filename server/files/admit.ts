import { statfs } from 'node:fs/promises';
import { Metadata } from '@tus/server';
import type { Context } from 'hono';
import type { z } from 'zod';
import { fileRequest, largestFile } from '#contract/portal.ts';
import type { Db } from '#db/client.ts';
import { describeIssues } from '#server/describe-issues.ts';
import { AppError } from '#server/errors.ts';
import { findReleaseLabel, isFileNameTaken } from '#server/store/files.ts';
import type { UploadStore } from './upload-store.ts';

/** Uploads that may be under way at once; those that broke off count until they are given up. */
export const mostUploads = 50;
/** Bytes of the disk that stay free, for the database beside the files. */
const spared = 512 * 1024 ** 2;

export interface Destination {
  appSlug: string;
  releaseSequence: number;
}

/**
 * Whether a file may be uploaded to a release: asked before a byte of it is sent.
 * @returns what is said of it
 * @throws AppError invalid, not_found (the release), conflict (the name), too_large, too_many
 */
export async function admitUpload(
  { db, store }: { db: Db; store: UploadStore },
  c: Context,
  to: Destination,
): Promise<z.infer<typeof fileRequest>> {
  const size = readSize(c.req.header('upload-length'));
  const file = readFileRequest(c.req.header('upload-metadata'));
  if ((await findReleaseLabel(db, to.appSlug, to.releaseSequence)) === null)
    throw new AppError('not_found', 'There is no such release.');
  if (await isFileNameTaken(db, { ...to, name: file.name })) throw nameTaken();
  const others = await store.findAll();
  if (others.length >= mostUploads) {
    const words = `${mostUploads} uploads are under way or broke off; finish or discard one of them.`;
    throw new AppError('too_many', words);
  }
  const due = others.reduce((sum, other) => sum + other.size - other.offset, 0);
  const { bavail, bsize } = await statfs(store.directory);
  const free = Math.max(0, bavail * bsize - due - spared);
  if (size > free) {
    const words = `The server's disk has no room for it: ${describeSize(free)} are left for files.`;
    throw new AppError('too_large', words);
  }
  return file;
}

export const nameTaken = () =>
  new AppError('conflict', 'The release has a file of this name already: remove that one first.');

function readSize(length: string | undefined): number {
  if (length === undefined || !/^\d{1,15}$/.test(length))
    throw new AppError('invalid', 'The header Upload-Length must say how many bytes the file has.');
  const size = Number(length);
  if (size === 0) throw new AppError('invalid', 'The file is empty.');
  if (size > largestFile)
    throw new AppError('too_large', `A file may have ${describeSize(largestFile)} at most.`);
  return size;
}

function readFileRequest(header: string | undefined): z.infer<typeof fileRequest> {
  let said: Record<string, string | null>;
  try {
    said = Metadata.parse(header);
  } catch {
    const words = 'The header Upload-Metadata must hold "name" and its value in base64.';
    throw new AppError('invalid', words);
  }
  const { name, kind } = said;
  const given = { name: name ?? undefined, kind: kind ?? undefined };
  const parsed = fileRequest.safeParse(given, { reportInput: true });
  if (!parsed.success) throw new AppError('invalid', describeIssues(parsed.error.issues));
  return parsed.data;
}

/** Cut, not rounded: what is left must not be promised larger than it is. */
function describeSize(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${Math.floor((bytes / 1024 ** 3) * 10) / 10} GB`;
  return `${Math.floor(bytes / 1024 ** 2)} MB`;
}
