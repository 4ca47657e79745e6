import type { ReleaseFile } from '#contract/portal.ts';
import type { FileRecord } from '#server/store/files.ts';

/** A file of a release, as pages and software see it. */
export function presentFile(file: FileRecord): ReleaseFile {
  const { id, name, kind, size, sha256, uploadedAt, uploadedBy } = file;
  return { id, name, kind, size, sha256, uploadedAt: uploadedAt.toISOString(), uploadedBy };
}
