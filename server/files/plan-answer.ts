import { type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import send from 'send';
import type { FileRecord } from '#server/store/files.ts';

/** The bytes of a file that an answer carries; `end` is the last of them. */
export interface Part {
  path: string;
  start: number;
  end: number;
}

/** An answer as it will go out; `part` null: without content (HEAD, 304, 404, 412, 416). */
export interface Plan {
  status: number;
  headers: Record<string, string>;
  part: Part | null;
}

export interface Asked {
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/**
 * What a request for a stored file is answered with: ranges and conditions (RFC 9110) as the library `send` reads them,
 * before a byte is sent.
 */
export function planAnswer(folder: string, file: FileRecord, asked: Asked): Promise<Plan> {
  const answer = new Draft({
    etag: `"${file.sha256}"`,
    'last-modified': file.uploadedAt.toUTCString(),
    'content-type': 'application/octet-stream',
  });
  const request = Object.assign(Readable.from([]), asked);
  const options = { root: folder, dotfiles: 'allow', index: false, cacheControl: false } as const;
  const sending = send(request, file.storedAs, options);
  return new Promise((resolve) => {
    const settle = (part: Part | null) => resolve(answer.plan(part));
    answer.end = () => settle(null);
    sending.on('error', ({ status }: { status: number }) => {
      answer.statusCode = status;
      settle(null);
    });
    sending.stream = (path, range) => {
      const { start = 0, end = file.size - 1 } = (range ?? {}) as Partial<Part>;
      settle({ path, start, end });
    };
    sending.pipe(answer as unknown as ServerResponse);
  });
}

/** As much of a response as `send` needs to write its head. */
class Draft {
  statusCode = 200;
  readonly headersSent = false;
  end: () => void = () => undefined;
  readonly #headers = new Map<string, string>();

  constructor(headers: Record<string, string>) {
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
  }

  setHeader(name: string, value: unknown): void {
    this.#headers.set(name.toLowerCase(), String(value));
  }
  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }
  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  plan(part: Part | null): Plan {
    return { status: this.statusCode, headers: Object.fromEntries(this.#headers), part };
  }
}
