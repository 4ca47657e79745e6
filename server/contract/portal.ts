import { z } from 'zod';
import type { Instant } from './instance.ts';
import { isStorable } from './text.ts';

export const fileKinds = ['airgap', 'file'] as const;
/** An `airgap` bundle is offered only to customers with the Air gap feature. */
export type FileKind = (typeof fileKinds)[number];

/** Bytes: the largest file that a release may have. */
export const largestFile = 50 * 1024 ** 3;

/** Characters that a file's name may have. */
export const fileNameLimit = 200;

/** What an upload says of its file: it is saved under that name on the customers' machines. */
export const fileRequest = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(fileNameLimit)
    .regex(/^[^/\\\p{Cc}]+$/u, 'must hold neither slashes nor control characters')
    .regex(/^[^.]/, 'must not begin with a dot')
    .refine((name) => name.trim() === name && isStorable(name), {
      error: 'must be text without spaces at its ends',
    }),
  kind: z.enum(fileKinds).default('file'),
});

/** A file of a release. */
export interface ReleaseFile {
  id: number;
  name: string;
  kind: FileKind;
  /** Bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  uploadedAt: Instant;
  uploadedBy: string | null;
}

/** Null: the server makes one. It is answered once, and never again. */
export const portalPasswordRequest = z.strictObject({
  password: z
    .string()
    .min(12, 'must be at least 12 characters long')
    .max(200, 'must be at most 200 characters long')
    .nullable(),
});
export interface NewPortalPassword {
  password: string;
}

export interface Download {
  id: number;
  at: Instant;
  kind: FileKind | 'license';
  name: string;
  versionLabel: string | null;
  size: number;
  /** Null: broken off, or still under way. */
  completedAt: Instant | null;
  address: string | null;
}

/** What the customer page says of the customer's download portal. */
export interface PortalSummary {
  /** Whole address. */
  url: string;
  /** Null: there is no password yet, so nobody gets in. */
  passwordSetAt: Instant | null;
  /** Logins that hold now. */
  sessions: number;
  lastVersion: { versionLabel: string; at: Instant } | null;
  /** Newest first, at most ten. */
  downloads: Download[];
}
