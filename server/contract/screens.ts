import { z } from 'zod';
import { catalogId, displayName } from './catalog.ts';
import type { Instant } from './instance.ts';
import { queryList } from './query.ts';
import { licenseTypes } from './status.ts';
import { integerLimit, isStorable } from './text.ts';
import {
  type Redaction,
  redactions,
  wallDensities,
  wallModes,
  type WallOptions,
  wallThemes,
} from './wall.ts';

// How people manage wall screens. What the screens themselves read stands in wall.ts.

const ids = z.array(catalogId).max(100).default([]);
/** `key` or `key=value`. */
const tag = z.string().trim().min(1, 'must not be empty').max(400).refine(isStorable);

/**
 * Which instances a screen shows. What is left empty narrows nothing; the values of one list are alternatives, and the
 * lists narrow one another. Archived instances are in no scope.
 */
export const screenScope = z.strictObject({
  /** Slugs. */
  apps: ids,
  /** Ids of channels, as instances are shown under: the one reported, else the customer's. */
  channels: ids,
  customers: ids,
  tags: z.array(tag).max(50).default([]),
  licenseTypes: z.array(z.enum(licenseTypes)).max(licenseTypes.length).default([]),
});
export type ScreenScope = z.infer<typeof screenScope>;

/** The same words in a query string, for people who look at the wall without a screen. */
export const wallQuery = z.object({
  apps: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  channels: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  customers: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  tags: queryList.pipe(z.array(z.string().max(400)).max(50)).default([]),
  licenseTypes: queryList.pipe(z.array(z.enum(licenseTypes))).default([]),
});

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 22:30' });

const zone = z
  .string()
  .max(100)
  .refine(isZone, { error: 'must be an IANA time zone such as Europe/Berlin' });

/** Every option, so that a change can name each of them; what holds where nothing is named stands below. */
const optionRules = {
  mode: z.enum(wallModes),
  theme: z.enum(wallThemes),
  density: z.enum(wallDensities),
  rotate: z.int().min(5).max(3_600),
  sound: z.boolean(),
  night: z.strictObject({ from: clockTime, to: clockTime }).nullable(),
  tz: zone.nullable(),
  cols: z.int().min(1).max(60).nullable(),
} satisfies { [Name in keyof WallOptions]: z.ZodType<WallOptions[Name]> };
export const screenOptions = z.strictObject({
  mode: optionRules.mode.default('instances'),
  theme: optionRules.theme.default('dark'),
  density: optionRules.density.default('auto'),
  rotate: optionRules.rotate.default(20),
  sound: optionRules.sound.default(false),
  night: optionRules.night.default(null),
  tz: optionRules.tz.default(null),
  cols: optionRules.cols.default(null),
}) satisfies z.ZodType<WallOptions>;

const settings = z.strictObject({
  name: displayName,
  scope: screenScope.prefault({}),
  redaction: z.enum(redactions).default('full'),
  options: screenOptions.prefault({}),
  /** True: there is a second address, for browsers without script. */
  plain: z.boolean().default(false),
});
export const oneCustomer = {
  error: 'A screen of a single customer names exactly one customer in its scope.',
  path: ['scope', 'customers'],
};

/** POST /api/screens. */
export const screenRequest = settings.refine(isOfOneCustomer, oneCustomer);
const revision = z.int().min(0).max(integerLimit);
/**
 * PATCH /api/screens/:id, over the revision that was read. What is left out stays as it is, so that nobody who renames a
 * screen shows names that were hidden; a scope is one thing, and comes whole.
 */
export const screenChange = z
  .strictObject({
    name: displayName,
    scope: screenScope,
    redaction: z.enum(redactions),
    options: z.strictObject(optionRules).partial(),
    plain: z.boolean(),
  })
  .partial()
  .extend({ revision });
/** POST /api/screens/:id/token (a new address; the old one opens nothing any more) and …/revoke. */
export const screenDeed = z.strictObject({ revision });

/** POST /api/wall/session. */
export const wallSessionRequest = z.strictObject({ token: z.string().max(200) });

/** One that is there now. */
export interface ScreenConnection {
  since: Instant;
  /** About a quarter of a minute exact. */
  seenAt: Instant;
  build: string | null;
  userAgent: string | null;
  address: string | null;
}

export interface Screen {
  id: string;
  revision: number;
  name: string;
  scope: ScreenScope;
  redaction: Redaction;
  options: WallOptions;
  /** Whether there is an address for browsers without script. */
  plain: boolean;
  /** The token's first characters, to tell it by. */
  hint: string;
  createdAt: Instant;
  createdBy: string | null;
  revokedAt: Instant | null;
  /** Instances that it shows now. */
  instances: number;
  /** Newest first, at most ten of `connected`. */
  connections: ScreenConnection[];
  connected: number;
  /** When one of its connections was last there, and what it ran; null: never. */
  lastSeenAt: Instant | null;
  lastBuild: string | null;
  lastUserAgent: string | null;
}

/** GET /api/screens. */
export interface ScreenList {
  asOf: Instant;
  /** Of the server: a screen that runs another one reloads by itself at a quiet moment. */
  build: string;
  /** By name, revoked ones last. */
  screens: Screen[];
}

/** Addresses are told in the answer that makes them, and cannot be read again. */
export interface ScreenAddresses {
  /** `https://…/wall#<token>`; null: as before. */
  address: string | null;
  /** `https://…/wall/plain/<token>`; null: there is none, or as before. */
  plainAddress: string | null;
}
/** The answer to every edit. */
export interface EditedScreen extends ScreenAddresses {
  screen: Screen;
}
/** GET /api/screens/customers: an array, by name. A scope may name a customer whose first instance is still to come. */
export interface ScreenCustomer {
  id: string;
  name: string;
  /** Not archived ones. */
  instances: number;
}
/** The answer to POST /api/screens/:id/reload and …/identify: how many are connected to hear it. */
export interface ToldScreen {
  connected: number;
}

/** Whether a screen of a single customer names it. Pure. */
export function isOfOneCustomer({
  options,
  scope,
}: {
  options: Pick<WallOptions, 'mode'>;
  scope: { customers: string[] };
}): boolean {
  return options.mode !== 'customer' || scope.customers.length === 1;
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
