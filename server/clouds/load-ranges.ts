import type { Db } from '#db/client.ts';
import { type CloudFile, parseCloudFile } from '#domain/cloud-files.ts';
import { announceClouds } from '#server/store/announce.ts';
import { findForeignRange, replaceRanges, type StoredRange } from '#server/store/cloud-ranges.ts';

/** What is wrong with the files, in one sentence that names the one it is in. */
export class CloudFileFault extends Error {}

export interface NamedFile {
  name: string;
  text: string;
}
export interface LoadedFile extends Pick<CloudFile, 'provider' | 'dated'> {
  name: string;
  ranges: number;
}

/**
 * Takes the providers' own lists, all or nothing: of each provider these ranges stand instead of those before.
 * @throws CloudFileFault
 */
export async function loadRanges(db: Db, files: NamedFile[]): Promise<LoadedFile[]> {
  const parsed = files.map((file) => ({ name: file.name, ...parse(file) }));
  const ranges = new Map<string, StoredRange>();
  for (const { name, dated, ranges: ofFile } of parsed) {
    for (const range of ofFile) {
      const other = ranges.get(range.network);
      if (other) {
        const message = `${name} holds the network ${range.network}, which ${other.source} holds too.`;
        throw new CloudFileFault(message);
      }
      ranges.set(range.network, { ...range, source: name, dated });
    }
  }
  const providers = [...new Set(parsed.map(({ provider }) => provider))];
  await db.transaction(async (tx) => {
    const foreign = await findForeignRange(tx, providers, [...ranges.keys()]);
    if (foreign) {
      const { source } = ranges.get(foreign.network) ?? { source: 'A file' };
      throw new CloudFileFault(
        `${source} holds the network ${foreign.network}, which ${foreign.source} holds too.`,
      );
    }
    await replaceRanges(tx, providers, [...ranges.values()]);
    await announceClouds(tx);
  });
  return parsed.map(({ ranges: ofFile, ...file }) => ({ ...file, ranges: ofFile.length }));
}

function parse({ name, text }: NamedFile): CloudFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new CloudFileFault(`${name} is not valid JSON.`);
  }
  const file = parseCloudFile(content);
  if (typeof file === 'string') throw new CloudFileFault(`${name} ${file}.`);
  return file;
}
