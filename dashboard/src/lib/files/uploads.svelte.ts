import type { PreviousUpload } from 'tus-js-client';
import type { FileKind } from '#contract/portal.ts';
import { api } from '../api.ts';
import { FileUpload } from './file-upload.svelte.ts';

/** Milliseconds after which the server gives up an upload that was begun. */
const lasts = 48 * 3_600_000;

/** An upload that this browser began and did not finish, before the page was loaded anew. */
export interface BrokenOff {
  name: string;
  kind: FileKind;
  size: number;
  begunAt: string;
  url: string;
  key: string;
}

/** All files that are on their way from this page, whatever page of the dashboard is shown. */
class Uploads {
  all = $state.raw<FileUpload[]>([]);

  constructor() {
    if (typeof window === 'undefined') return;
    // Leaving ends them; a word of warning is all that a page may do.
    window.addEventListener('beforeunload', (event) => {
      if (this.all.some(({ state }) => state === 'sending')) event.preventDefault();
    });
    window.addEventListener('online', () => {
      for (const upload of this.all) if (upload.state === 'failed' && upload.canGoOn) upload.goOn();
    });
  }

  of(endpoint: string): FileUpload[] {
    return this.all.filter((upload) => upload.endpoint === endpoint);
  }

  /** @param onDone after the file became one of the release */
  add(file: File, kind: FileKind, endpoint: string, onDone: () => void): void {
    const upload: FileUpload = new FileUpload(file, kind, endpoint, () => {
      this.forget(upload);
      onDone();
    });
    this.all = [...this.all, upload];
  }

  forget(upload: FileUpload): void {
    this.all = this.all.filter((other) => other !== upload);
  }

  /** Those that broke off and can be gone on with, once their file is chosen again. */
  async findBrokenOff(endpoint: string): Promise<BrokenOff[]> {
    const { defaultOptions } = await api.loadUploader();
    const { urlStorage } = defaultOptions;
    const under = new Set(this.of(endpoint).map(({ file }) => file.name));
    const found: BrokenOff[] = [];
    for (const previous of await urlStorage.findAllUploads()) {
      const begun = readPrevious(previous, endpoint);
      if (begun === null || under.has(begun.name)) continue;
      if (Date.parse(begun.begunAt) < Date.now() - lasts) await urlStorage.removeUpload(begun.key);
      else found.push(begun);
    }
    return found;
  }

  async discard({ url, key }: BrokenOff): Promise<void> {
    const { Upload, defaultOptions } = await api.loadUploader();
    await Upload.terminate(url).catch(() => undefined);
    await defaultOptions.urlStorage.removeUpload(key);
  }
}

function readPrevious(previous: PreviousUpload, endpoint: string): BrokenOff | null {
  const { uploadUrl, size, creationTime, urlStorageKey, metadata } = previous;
  if (!uploadUrl?.startsWith(`${endpoint}/`) || !metadata.name || size === null) return null;
  return {
    name: metadata.name,
    kind: metadata.kind === 'airgap' ? 'airgap' : 'file',
    size,
    begunAt: new Date(creationTime).toISOString(),
    url: uploadUrl,
    key: urlStorageKey,
  };
}

export const uploads = new Uploads();
