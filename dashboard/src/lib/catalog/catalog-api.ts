import type { AppDetails, AppSummary, ReleaseDetails, ReleasePage } from '#contract/catalog.ts';
import { request } from '../api.ts';

const app = (slug: string, rest = '') => `/api/apps/${encodeURIComponent(slug)}${rest}`;
const channel = (id: string, rest = '') => `/api/channels/${encodeURIComponent(id)}${rest}`;
const post = <T>(path: string, body: unknown) => request<T>(path, { method: 'POST', body });
const patch = <T>(path: string, body: unknown) => request<T>(path, { method: 'PATCH', body });

/** An edit: what is another now, and the revision that it is meant for. */
type Change = Record<string, unknown> & { revision: number };

/** Apps, channels, releases and promotions on the server. */
export const catalogApi = {
  apps: (signal?: AbortSignal) => request<AppSummary[]>('/api/apps', { signal }),
  addApp: (body: { slug: string; name: string; statusInformers: boolean }) =>
    post<AppDetails>('/api/apps', body),

  app: (slug: string, signal?: AbortSignal) => request<AppDetails>(app(slug), { signal }),
  changeApp: (slug: string, change: Change) => patch<AppDetails>(app(slug), change),
  setLogo: (slug: string, picture: Blob) =>
    request<AppDetails>(app(slug, '/logo'), { method: 'PUT', body: picture }),
  removeLogo: (slug: string) => request<AppDetails>(app(slug, '/logo'), { method: 'DELETE' }),
  logoAddress: (slug: string, digest: string) => app(slug, `/logo/${digest}`),

  addChannel: (slug: string, name: string) => post<AppDetails>(app(slug, '/channels'), { name }),
  changeChannel: (id: string, change: Change) => patch<AppDetails>(channel(id), change),

  /** Newest first; `before` is the `next` of the page before. */
  releases: (slug: string, before: number | null, signal?: AbortSignal) =>
    request<ReleasePage>(app(slug, `/releases${before === null ? '' : `?before=${before}`}`), {
      signal,
    }),
  addRelease: (slug: string, body: { versionLabel: string; releaseNotes: string }) =>
    post<ReleaseDetails>(app(slug, '/releases'), body),
  changeRelease: (slug: string, sequence: number, change: Change) =>
    patch<ReleaseDetails>(app(slug, `/releases/${sequence}`), change),

  promote: (slug: string, sequence: number, body: { channels: string[]; isRequired: boolean }) =>
    post<ReleaseDetails>(app(slug, `/releases/${sequence}/promotions`), body),
  changePromotion: (channelId: string, channelSequence: number, change: Change) =>
    patch<ReleaseDetails>(channel(channelId, `/releases/${channelSequence}`), change),
};
