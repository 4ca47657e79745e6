import { randomUUID } from 'node:crypto';
import { Server } from '@tus/server';
import type { Context } from 'hono';
import { largestFile } from '#contract/portal.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import { createLocker } from './locker.ts';
import type { UploadStore } from './upload-store.ts';

export const uploadId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Milliseconds that a request is given to write down what it has, once another one takes its place. */
const drain = 500;

/** The tus protocol (resumable uploads, version 1.0.0), as a library speaks it. */
export interface Protocol {
  /**
   * Answers a request of the protocol; one that begins an upload has what is `kept` of it.
   * @throws AppError for what the library refuses
   */
  answer(c: Context, kept?: Record<string, string>): Promise<Response>;
}

export function createProtocol(store: UploadStore): Protocol {
  const said = new WeakMap<Request, Record<string, string>>();
  const server = new Server({
    path: '/api/apps',
    datastore: store,
    locker: createLocker(),
    lockDrainTimeout: drain,
    maxSize: largestFile,
    allowedOrigins: () => false,
    namingFunction: () => randomUUID(),
    generateUrl: (request, { id }) => `${new URL(request.url).pathname}/${id}`,
    getFileIdFromRequest: (request) => new URL(request.url).pathname.split('/').pop(),
    onUploadCreate: (request) => Promise.resolve({ metadata: said.get(request) }),
  });
  return {
    async answer(c, kept) {
      const request = c.req.raw;
      if (kept) said.set(request, kept);
      const answer = await server.handleWeb(request);
      if (answer.status >= 400) throw await explain(answer);
      // What it says to pages of other sites: none of them is let in here.
      for (const name of [...answer.headers.keys()])
        if (name.startsWith('access-control-')) answer.headers.delete(name);
      return answer;
    },
  };
}

const codes: Record<number, [ErrorCode, string]> = {
  404: ['not_found', 'There is no such upload, or not any more.'],
  409: [
    'conflict',
    'The upload has another length by now: ask for its Upload-Offset and go on there.',
  ],
  410: ['not_found', 'There is no such upload, or not any more.'],
  412: ['precondition', 'The header Tus-Resumable must be 1.0.0.'],
  413: ['too_large', 'That is more than the file was said to have.'],
};

async function explain(answer: Response): Promise<Error> {
  const text = (await answer.text()).trim();
  if (answer.status >= 500) return new Error(`An upload failed: ${text}`);
  const [code, message] = codes[answer.status] ?? ['invalid', `The upload is refused: ${text}.`];
  return new AppError(code, message);
}
