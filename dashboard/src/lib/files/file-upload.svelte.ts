import type { DetailedError, Upload } from 'tus-js-client';
import type { FileKind } from '#contract/portal.ts';
import { api, ApiError, readFault, tellUnauthorized, toApiError } from '../api.ts';
import { Speed } from './speed.ts';

/** Bytes that one request carries: short enough for whatever bounds bodies on the way, and for a lost connection. */
const chunkSize = 32 * 1024 ** 2;
/** Milliseconds between tries once the connection is lost; whoever pressed on afterwards does so by hand. */
const retryDelays = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];

/** The address that a release's files are sent to. */
export const uploadsOf = (appSlug: string, releaseSequence: number) =>
  `${location.origin}/api/apps/${encodeURIComponent(appSlug)}/releases/${releaseSequence}/files`;

/** `checking`: all is there, and the server reads it once more. */
export type UploadState = 'sending' | 'checking' | 'paused' | 'failed' | 'done';

/** One file on its way to a release. It goes on while its person looks at other pages. */
export class FileUpload {
  readonly file: File;
  readonly kind: FileKind;
  readonly endpoint: string;
  state = $state<UploadState>('sending');
  /** Bytes. */
  sent = $state(0);
  speed = $state<number | null>(null);
  /** One sentence; null while nothing is wrong. */
  fault = $state<string | null>(null);
  /** Whether going on may help: the connection was lost, and nothing was refused. */
  canGoOn = $state(false);
  #upload: Upload | null = null;
  readonly #speed = new Speed();
  readonly #onDone: () => void;

  constructor(file: File, kind: FileKind, endpoint: string, onDone: () => void) {
    this.file = file;
    this.kind = kind;
    this.endpoint = endpoint;
    this.#onDone = onDone;
    void this.#begin();
  }

  /** Keeps what was sent, also past a reload of the page. */
  async pause(): Promise<void> {
    this.state = 'paused';
    this.#speed.forget();
    await this.#upload?.abort();
  }

  goOn(): void {
    this.state = 'sending';
    this.fault = null;
    if (this.#upload) this.#upload.start();
    else void this.#begin();
  }

  /** Gives up what was sent. */
  async discard(): Promise<void> {
    await this.#upload?.abort(true).catch(() => undefined);
  }

  async #begin(): Promise<void> {
    try {
      const { Upload } = await api.loadUploader();
      const upload = new Upload(this.file, this.#options());
      const before = (await upload.findPreviousUploads()).find(
        ({ metadata }) => metadata.kind === this.kind,
      );
      if (before) upload.resumeFromPreviousUpload(before);
      this.#upload = upload;
      if (this.state === 'sending') upload.start();
    } catch (error) {
      this.#fail(toApiError(error).message, true);
    }
  }

  #options() {
    return {
      endpoint: this.endpoint,
      chunkSize,
      retryDelays,
      removeFingerprintOnSuccess: true,
      metadata: { name: this.file.name, kind: this.kind },
      // What begins an upload is refused for good, such as a name that is taken.
      onShouldRetry: (error: DetailedError) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        return error.originalRequest.getMethod() === 'POST' ? status === 0 : !isRefusal(status);
      },
      onProgress: (sent: number) => this.#progress(sent),
      onSuccess: () => {
        this.state = 'done';
        this.#onDone();
      },
      onError: (error: Error | DetailedError) => this.#hear(error),
    };
  }

  #progress(sent: number): void {
    this.sent = sent;
    this.#speed.hear(performance.now(), sent);
    this.speed = this.#speed.perSecond;
    if (this.state !== 'paused') this.state = sent === this.file.size ? 'checking' : 'sending';
  }

  #hear(error: Error | DetailedError): void {
    const answer = 'originalResponse' in error ? error.originalResponse : null;
    const fault = answer
      ? readFault(answer.getStatus(), answer.getBody())
      : new ApiError(0, 'unreachable', 'The connection to the Rollcall server was lost.');
    if (fault.status === 401) tellUnauthorized();
    this.#fail(fault.message, fault.status === 401 || !isRefusal(fault.status));
  }

  #fail(fault: string, canGoOn: boolean): void {
    this.state = 'failed';
    this.fault = fault;
    this.canGoOn = canGoOn;
    this.#speed.forget();
  }
}

/** Conflicts are about how far it has come, and are asked about. */
const isRefusal = (status: number) => status >= 400 && status < 500 && status !== 409;
