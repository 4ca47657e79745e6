import type { AppDetails, AppSummary } from '#contract/catalog.ts';
import type { EditedCustomer, InstallInstructions, RotatedLicense } from '#contract/customers.ts';
import { request, requestText } from '../api.ts';

const path = (id: string, rest = '') => `/api/customers/${encodeURIComponent(id)}${rest}`;
const post = <T>(at: string, body?: unknown) => request<T>(at, { method: 'POST', body });

/** What the vendor does with customers. */
export const customerApi = {
  add: (customer: Record<string, unknown>) => post<EditedCustomer>('/api/customers', customer),

  change: (id: string, change: Record<string, unknown>) =>
    request<EditedCustomer>(path(id), { method: 'PATCH', body: change }),

  archive: (id: string, revision: number) =>
    post<EditedCustomer>(path(id, '/archive'), { revision }),

  restore: (id: string, revision: number) =>
    post<EditedCustomer>(path(id, '/restore'), { revision }),

  rotateLicenseId: (id: string, revision: number) =>
    post<RotatedLicense>(path(id, '/license-id/rotation'), { revision }),

  /** The license as YAML, a secret. */
  licenseDocument: (id: string) => requestText(path(id, '/license-document'), { method: 'POST' }),

  instructions: (id: string) => request<InstallInstructions>(path(id, '/install-instructions')),

  /** With the license id, which is noted in the audit. */
  wholeInstructions: (id: string) => post<InstallInstructions>(path(id, '/install-instructions')),

  apps: () => request<AppSummary[]>('/api/apps'),
  app: (slug: string) => request<AppDetails>(`/api/apps/${encodeURIComponent(slug)}`),
};
