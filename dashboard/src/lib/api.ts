import type { CustomerFacets, CustomersPage, CustomersQuery } from '#contract/customers.ts';
import type { NewPortalPassword } from '#contract/portal.ts';
import type {
  CustomerReport,
  FleetFacets,
  FleetPage,
  FleetQuery,
  InstanceReport,
  Workspace,
} from '#contract/reports.ts';
import type { ScreenScope } from '#contract/screens.ts';
import type { WallSnapshot } from '#contract/wall.ts';
import { writeQuery as writeCustomersQuery } from './customers/query.ts';
import { writeQuery } from './fleet/query.ts';
import { writeScope } from './wall/scope-of-query.ts';
import { type ActivityFilter, writeFilter } from './instance/activity-filter.ts';
import type { Answer, Ask } from './instance/event-pages.ts';

/** What went wrong with a request; `status` 0 means that no server answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** Seconds after which another attempt may succeed, where the server said so. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { requestId?: string | null; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = more.requestId ?? null;
    this.retryAfter = more.retryAfter ?? null;
  }
}

/** Whatever was thrown, as something that can be shown. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
    return new ApiError(0, 'timeout', 'The server did not answer in time.');
  }
  return new ApiError(0, 'unknown', thrown instanceof Error ? thrown.message : String(thrown));
}

interface Fault {
  code?: string;
  message?: string;
  requestId?: string;
}

/** Ours, or what the library says that keeps the sessions. */
type ErrorBody = Fault & { error?: Fault };

async function toError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as ErrorBody | null;
  const fault = body?.error ?? body;
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  return new ApiError(
    response.status,
    fault?.code ?? 'unknown',
    fault?.message ?? `The server answered ${response.status}.`,
    {
      requestId: fault?.requestId ?? response.headers.get('x-request-id'),
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
    },
  );
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a blob as it is. */
  body?: unknown;
  signal?: AbortSignal;
  /** A 401 answers the question itself, such as a wrong password: it does not mean that the session has ended. */
  signsIn?: boolean;
}

let onUnauthorized = () => {};

/** Is called whenever the server no longer knows who asks. */
export function whenUnauthorized(hear: () => void): void {
  onUnauthorized = hear;
}

/** What was said with an answer that is no success. */
export function readFault(status: number, text: string): ApiError {
  let body: ErrorBody | null = null;
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // Not ours: a proxy's.
  }
  const fault = body?.error ?? body;
  const message = fault?.message ?? `The server answered ${status}.`;
  return new ApiError(status, fault?.code ?? 'unknown', message, { requestId: fault?.requestId });
}

/** Says whoever else asks the server, past `request`, that it no longer knows who asks. */
export const tellUnauthorized = () => onUnauthorized();

/** The one way to the server. Throws `ApiError`; whatever `signal` says goes through as it is. */
export async function request<T>(path: string, call: Call = {}): Promise<T> {
  const text = await requestText(path, call);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** As `request`, for answers that are no JSON. */
export async function requestText(path: string, call: Call = {}): Promise<string> {
  const { method = 'GET', body, signal } = call;
  const headers: Record<string, string> = { accept: 'application/json' };
  const isBlob = body instanceof Blob;
  if (body !== undefined && !isBlob) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    const sent = isBlob ? body : JSON.stringify(body);
    response = await fetch(path, { method, headers, signal, body: sent });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The Rollcall server cannot be reached.');
  }
  if (response.status === 401 && !call.signsIn) onUnauthorized();
  if (!response.ok) throw await toError(response);
  return response.text();
}

const get = <T>(path: string, signal?: AbortSignal) => request<T>(path, { signal });

const part = encodeURIComponent;

export const api = {
  workspace: (signal?: AbortSignal) => get<Workspace>('/api/workspace', signal),

  /** One server page of rows, counted from 0. */
  fleetPage(query: FleetQuery, page: number, signal?: AbortSignal) {
    const params = writeQuery(query);
    if (page > 0) params.set('page', String(page));
    return get<FleetPage>(`/api/fleet?${params}`, signal);
  },

  /** Everything that a wall shows of the scope, for people. */
  fleetWall: (scope: ScreenScope, signal?: AbortSignal) =>
    get<WallSnapshot>(`/api/fleet/wall?${writeScope(scope)}`, signal),

  facets: (signal?: AbortSignal) => get<FleetFacets>('/api/fleet/facets', signal),

  /** One server page of customers, counted from 0. */
  customersPage(query: CustomersQuery, page: number, signal?: AbortSignal) {
    const params = writeCustomersQuery(query);
    if (page > 0) params.set('page', String(page));
    return get<CustomersPage>(`/api/customers?${params}`, signal);
  },

  customerFacets: (signal?: AbortSignal) => get<CustomerFacets>('/api/customers/facets', signal),

  customer: (id: string, signal?: AbortSignal) =>
    get<CustomerReport>(`/api/customers/${part(id)}`, signal),

  instance: (customerId: string, instanceId: string, signal?: AbortSignal) =>
    get<InstanceReport>(`/api/customers/${part(customerId)}/instances/${part(instanceId)}`, signal),

  /** Activity, newest first: from the newest event on, from a page's end, or around an event. */
  events(
    customerId: string,
    instanceId: string,
    filter: ActivityFilter,
    ask: Ask,
    signal?: AbortSignal,
  ) {
    const params = writeFilter(filter);
    if (ask !== null && 'cursor' in ask) params.set('cursor', ask.cursor);
    else if (ask !== null) params.set('around', String(ask.around));
    const path = `/api/customers/${part(customerId)}/instances/${part(instanceId)}/events`;
    return get<Answer>(`${path}?${params}`, signal);
  },

  /** Null: the server makes one. It is answered this once. */
  setPortalPassword: (customerId: string, password: string | null) =>
    request<NewPortalPassword>(`/api/customers/${part(customerId)}/portal/password`, {
      method: 'POST',
      body: { password },
    }),

  /** Takes a file from its release. */
  removeFile: (id: number) => request<void>(`/api/files/${id}`, { method: 'DELETE' }),

  /** What sends files in parts, and goes on where it stopped: large, and seldom needed. */
  loadUploader: () => import('tus-js-client'),

  /** Reveals a secret, which is noted in the audit: hence no GET. */
  licenseId: (customerId: string) =>
    request<{ licenseId: string }>(`/api/customers/${part(customerId)}/license-id`, {
      method: 'POST',
    }),
};
