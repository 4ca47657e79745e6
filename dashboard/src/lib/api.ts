import type {
  CustomerReport,
  EventPage,
  FleetFacets,
  FleetPage,
  FleetQuery,
  InstanceReport,
  Workspace,
} from '#contract/reports.ts';
import { writeQuery } from './fleet/query.ts';

/** What went wrong with a request; `status` 0 means that no server answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, requestId: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Whatever was thrown, as something that can be shown. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(0, 'unknown', thrown instanceof Error ? thrown.message : String(thrown));
}

interface ErrorBody {
  error?: { code?: string; message?: string; requestId?: string };
}

async function toError(response: Response): Promise<ApiError> {
  const body: ErrorBody | null = await response.json().catch(() => null);
  return new ApiError(
    response.status,
    body?.error?.code ?? 'unknown',
    body?.error?.message ?? `The server answered ${response.status}.`,
    body?.error?.requestId ?? null,
  );
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const headers = { accept: 'application/json' };
  let response: Response;
  try {
    response = await fetch(path, { headers, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The Rollcall server cannot be reached.');
  }
  if (!response.ok) throw await toError(response);
  return (await response.json()) as T;
}

const part = encodeURIComponent;

export const api = {
  workspace: (signal?: AbortSignal) => get<Workspace>('/api/workspace', signal),

  /** One server page of rows, counted from 0. */
  fleetPage(query: FleetQuery, page: number, signal?: AbortSignal) {
    const params = writeQuery(query);
    if (page > 0) params.set('page', String(page));
    return get<FleetPage>(`/api/fleet?${params}`, signal);
  },

  facets: (signal?: AbortSignal) => get<FleetFacets>('/api/fleet/facets', signal),

  customer: (id: string, signal?: AbortSignal) =>
    get<CustomerReport>(`/api/customers/${part(id)}`, signal),

  instance: (customerId: string, instanceId: string, signal?: AbortSignal) =>
    get<InstanceReport>(`/api/customers/${part(customerId)}/instances/${part(instanceId)}`, signal),

  /** Events newest first; `before` is the `next` of the page before. */
  events(customerId: string, instanceId: string, before: string | null, signal?: AbortSignal) {
    const query = before === null ? '' : `?before=${part(before)}`;
    const path = `/api/customers/${part(customerId)}/instances/${part(instanceId)}/events`;
    return get<EventPage>(path + query, signal);
  },

  licenseId: (customerId: string) =>
    get<{ licenseId: string }>(`/api/customers/${part(customerId)}/license-id`),
};
