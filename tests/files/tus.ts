import { createHash, randomBytes } from 'node:crypto';
import type { FileKind, ReleaseFile } from '#contract/portal.ts';

/** Sends a request to an application or a server. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

export const release = '/api/apps/acme/releases/13/files';
export const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
/** As many bytes by chance. */
export const someBytes = (count: number) => randomBytes(count);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const protocol = { 'tus-resumable': '1.0.0' };
const content = { ...protocol, 'content-type': 'application/offset+octet-stream' };

export const metadataOf = (name: string, kind?: string) =>
  `name ${base64(name)}${kind === undefined ? '' : `,kind ${base64(kind)}`}`;

/** Uploads by hand, as the protocol describes it; `headers` say who does it. */
export function tusClient(ask: Ask, headers: Record<string, string>) {
  return {
    begin: (
      { name, size, kind }: { name: string; size: number | string; kind?: string },
      to = release,
    ) =>
      ask(to, {
        method: 'POST',
        headers: {
          ...headers,
          ...protocol,
          'upload-length': String(size),
          'upload-metadata': metadataOf(name, kind),
        },
      }),
    /** The whole file in one request. */
    whole: (name: string, body: Uint8Array<ArrayBuffer>, kind: FileKind = 'file', to = release) =>
      ask(to, {
        method: 'POST',
        headers: {
          ...headers,
          ...content,
          'upload-length': String(body.length),
          'upload-metadata': metadataOf(name, kind),
        },
        body,
      }),
    send: (at: string, offset: number, body: Uint8Array<ArrayBuffer>) =>
      ask(at, {
        method: 'PATCH',
        headers: { ...headers, ...content, 'upload-offset': String(offset) },
        body,
      }),
    head: (at: string) => ask(at, { method: 'HEAD', headers: { ...headers, ...protocol } }),
    discard: (at: string) => ask(at, { method: 'DELETE', headers: { ...headers, ...protocol } }),
  };
}

export async function made(answer: Response): Promise<ReleaseFile> {
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as ReleaseFile;
}

export async function messageOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { error: { message: string } }).error.message;
}
