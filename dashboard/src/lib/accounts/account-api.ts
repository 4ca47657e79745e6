import type {
  ApiToken,
  NewApiToken,
  OwnSession,
  Person,
  Role,
  SessionState,
  TokenScope,
} from '#contract/accounts.ts';
import { request } from '../api.ts';

export interface NewPerson {
  name: string;
  email: string;
  password: string;
  role: Role;
}

const part = encodeURIComponent;
const post = <T>(path: string, body?: unknown) => request<T>(path, { method: 'POST', body });

/** Accounts, sessions and tokens on the server. */
export const accountApi = {
  session: () => request<SessionState>('/api/session', { signsIn: true }),

  /** The first owner's account; signs in as well. */
  setUp: (body: { token: string; name: string; email: string; password: string }) =>
    request<unknown>('/api/setup', { method: 'POST', body, signsIn: true }),

  signIn: (email: string, password: string) =>
    request<unknown>('/api/auth/sign-in/email', {
      method: 'POST',
      body: { email, password },
      signsIn: true,
    }),

  signInToDemo: () => request<unknown>('/api/session/demo', { method: 'POST', signsIn: true }),

  signOut: () => post<unknown>('/api/auth/sign-out', {}),

  changePassword: (body: {
    currentPassword: string;
    newPassword: string;
    revokeOtherSessions: boolean;
  }) => post<unknown>('/api/auth/change-password', body),

  sessions: () => request<OwnSession[]>('/api/account/sessions'),
  endSession: (id: string) =>
    request<void>(`/api/account/sessions/${part(id)}`, { method: 'DELETE' }),
  endAllSessions: () => request<void>('/api/account/sessions', { method: 'DELETE' }),

  people: () => request<Person[]>('/api/people'),
  addPerson: (person: NewPerson) => post<Person>('/api/people', person),
  changeRole: (id: string, role: Role) =>
    request<Person>(`/api/people/${part(id)}/role`, { method: 'PATCH', body: { role } }),
  removePerson: (id: string) => request<void>(`/api/people/${part(id)}`, { method: 'DELETE' }),

  tokens: () => request<ApiToken[]>('/api/tokens'),
  createToken: (body: { name: string; scope: TokenScope }) =>
    post<NewApiToken>('/api/tokens', body),
  revokeToken: (id: number) => request<void>(`/api/tokens/${id}`, { method: 'DELETE' }),
};
