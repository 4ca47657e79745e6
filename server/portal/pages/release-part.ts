import { html } from 'hono/html';
import type { FileKind } from '#contract/portal.ts';
import type { FileRecord } from '#server/store/files.ts';
import type { ReleaseOnOffer } from '../read-contents.ts';
import { describeDay, describeSize } from './format.ts';
import { type Html, safe } from './layout.ts';

const kinds: Record<FileKind, string> = { airgap: 'Air gap bundle', file: 'File' };

interface Around {
  slug: string;
  zone: string;
  isLatest: boolean;
}

/** A release with its notes and files; the latest is open. */
export function releasePart(release: ReleaseOnOffer, { slug, zone, isLatest }: Around): Html {
  const { versionLabel, promotedAt, notesHtml, files } = release;
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  return html`<details class="card release" ${isLatest ? 'open' : ''}>
    <summary>
      <h3>${versionLabel}</h3>
      ${isLatest ? html`<span class="chip accent">Latest</span>` : ''}
      <span class="under">
        <time datetime="${promotedAt.toISOString()}">${describeDay(promotedAt, zone)}</time>
        <span aria-hidden="true">·</span> ${files.length === 0 ? 'no files' : count}
      </span>
    </summary>
    <div class="inside">
      ${
        notesHtml === ''
          ? html`<p class="under">There are no notes.</p>`
          : html`<div class="notes">${safe(notesHtml)}</div>`
      }
      ${
        files.length === 0
          ? html`<p class="under">This release has no files to download.</p>`
          : html`<ul class="files">
              ${files.map((file) => filePart(file, slug))}
            </ul>`
      }
    </div>
  </details>`;
}

function filePart({ id, name, kind, size, sha256 }: FileRecord, slug: string): Html {
  const address = `/portal/${slug}/files/${id}/${encodeURIComponent(name.toWellFormed())}`;
  return html`<li>
    <div class="file">
      <span class="name">${name}</span>
      <span class="under"
        >${kinds[kind]} <span aria-hidden="true">·</span> ${describeSize(size)}</span
      >
      <span class="sum">
        <span class="label">SHA-256</span> <code>${sha256}</code>
        <button type="button" class="copy" data-copy="${sha256}" hidden>
          Copy<span class="visually-hidden"> SHA-256 of ${name}</span>
        </button>
      </span>
    </div>
    <a class="button" href="${address}" download
      >Download<span class="visually-hidden"> ${name}</span></a
    >
  </li>`;
}
