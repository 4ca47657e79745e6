import type {
  EditedScreen,
  Screen,
  ScreenCustomer,
  ScreenList,
  ToldScreen,
} from '#contract/screens.ts';
import { request } from '../api.ts';

const screen = (id: string, rest = '') => `/api/screens/${encodeURIComponent(id)}${rest}`;
const post = <T>(path: string, body?: unknown) => request<T>(path, { method: 'POST', body });

/** What people set of a screen. */
export type ScreenSettings = Pick<Screen, 'name' | 'scope' | 'redaction' | 'options' | 'plain'>;

/** Wall screens on the server. */
export const screensApi = {
  list: (signal?: AbortSignal) => request<ScreenList>('/api/screens', { signal }),
  /** Whom a screen may show. */
  customers: () => request<ScreenCustomer[]>('/api/screens/customers'),
  add: (settings: ScreenSettings) => post<EditedScreen>('/api/screens', settings),
  change: (id: string, change: ScreenSettings & { revision: number }) =>
    request<EditedScreen>(screen(id), { method: 'PATCH', body: change }),
  replaceToken: (id: string, revision: number) =>
    post<EditedScreen>(screen(id, '/token'), { revision }),
  revoke: (id: string, revision: number) => post<EditedScreen>(screen(id, '/revoke'), { revision }),
  tell: (id: string, what: 'reload' | 'identify') => post<ToldScreen>(screen(id, `/${what}`), {}),
};
