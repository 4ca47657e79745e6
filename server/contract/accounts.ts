import { z } from 'zod';
import type { Instant } from './instance.ts';

/** What a person may do, each role everything that the ones after it may: owner, admin (manages), viewer (reads). */
export const roles = ['owner', 'admin', 'viewer'] as const;
export type Role = (typeof roles)[number];

export const tokenScopes = ['read', 'write'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** `read` what the pages show, `manage` customers, people and tokens, `own` the roles of owners. */
export const permissions = ['read', 'manage', 'own'] as const;
export type Permission = (typeof permissions)[number];

/** The permission that a role or a token's scope brings. A token never owns. */
export const permissionsOf: Record<Role | TokenScope, readonly Permission[]> = {
  owner: ['read', 'manage', 'own'],
  admin: ['read', 'manage'],
  viewer: ['read'],
  write: ['read', 'manage'],
  read: ['read'],
};

const email = z
  .email('must be an email address')
  .max(254)
  .transform((value) => value.toLowerCase());
/** Long enough that guessing at the door's pace is hopeless; longer than anyone types is a mistake or an attack. */
const password = z
  .string()
  .min(12, 'must be at least 12 characters long')
  .max(200, 'must be at most 200 characters long');
const name = z.string().trim().min(1, 'must not be empty').max(100);

/** The first owner's account, made with the set-up link. */
export const setUpRequest = z.strictObject({ token: z.string().max(200), name, email, password });
/** Who signs in may have a password that would no longer be taken: only its length is bounded. */
export const signInRequest = z.strictObject({
  email: z
    .string()
    .trim()
    .max(254)
    .transform((value) => value.toLowerCase()),
  password: z.string().max(200),
});
export const passwordChange = z.strictObject({
  currentPassword: z.string().max(200),
  newPassword: password,
  revokeOtherSessions: z.boolean().default(false),
});
/** The first owner's account, made unattended. */
export const firstOwner = z.object({ email, password });
export const personRequest = z.strictObject({ name, email, password, role: z.enum(roles) });
export const roleRequest = z.strictObject({ role: z.enum(roles) });
export const tokenRequest = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(100),
  scope: z.enum(tokenScopes),
});

/** GET /api/session: who is asking, before and after signing in. */
export interface SessionState {
  /** `set-up`: nobody has an account yet, and the dashboard shows only the set-up page. */
  state: 'set-up' | 'signed-out' | 'signed-in';
  person: { id: string; name: string; email: string; role: Role } | null;
  permissions: Permission[];
  /** True: a visitor of the demo may be signed in without a password (POST /api/session/demo). */
  demo: boolean;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: Instant;
  lastSeenAt: Instant | null;
  sessions: number;
}

/** One of a person's own sessions. */
export interface OwnSession {
  id: string;
  current: boolean;
  createdAt: Instant;
  lastSeenAt: Instant;
  expiresAt: Instant;
  ip: string | null;
  userAgent: string | null;
}

export interface ApiToken {
  id: number;
  name: string;
  scope: TokenScope;
  /** Its first characters, to tell it by; the whole is shown once, when it is made. */
  hint: string;
  createdBy: string | null;
  createdAt: Instant;
  lastUsedAt: Instant | null;
}

/** The answer to making a token: the only time that the secret is shown. */
export interface NewApiToken extends ApiToken {
  secret: string;
}
