import type { z } from 'zod';
import {
  type EditedScreen,
  isOfOneCustomer,
  oneCustomer,
  type Screen,
  type screenChange,
  type screenRequest,
  type ToldScreen,
} from '#contract/screens.ts';
import { audit, type By } from '#server/audit/index.ts';
import { canonical } from '#server/canonical.ts';
import { AppError } from '#server/errors.ts';
import { announceScreen } from '#server/store/announce.ts';
import type { Tx } from '#server/store/instances.ts';
import { readConnections } from '#server/store/screen-connections.ts';
import {
  countScreens,
  insertScreen,
  insertScreenToken,
  lockScreen,
  raiseScreen,
  readScreens,
  revokeScreenTokens,
  type ScreenRecord,
  writeScreen,
  writeScreenRevoked,
} from '#server/store/screens.ts';
import type { Desk } from './desk.ts';
import { noSuchScreen, readScreen } from './list-screens.ts';
import { hashToken, hintOf, makeScreenId, makeToken } from './secrets.ts';

const mostScreens = 1_000;

type Settings = z.output<typeof screenRequest>;

/** @returns the screen with its addresses, which are told this once and not kept */
export async function addScreen(
  desk: Pick<Desk, 'db' | 'config'>,
  by: By,
  request: Settings,
): Promise<EditedScreen> {
  const { plain, ...settings } = request;
  const id = makeScreenId();
  return desk.db.transaction(async (tx) => {
    if ((await countScreens(tx)) >= mostScreens)
      throw new AppError(
        'conflict',
        `There are ${mostScreens} screens already: revoke some first.`,
      );
    await insertScreen(tx, { ...settings, id, createdBy: nameOf(by) });
    const address = await giveAddress(desk, tx, id);
    const plainAddress = plain ? await givePlainAddress(desk, tx, id) : null;
    const { redaction } = settings;
    await audit(tx, by, {
      action: 'screen.added',
      target: targetOf({ id, name: settings.name }),
      details: { redaction, plain },
    });
    await announceScreen(tx, { kind: 'screens' });
    return { screen: await readScreen(tx, id), address, plainAddress };
  });
}

/**
 * What is left out stays as it is; a change that changes nothing leaves no trace.
 * @throws AppError not_found; conflict when the revision is an old one, or when it was revoked; invalid when what comes
 * does not go with what stays
 */
export async function changeScreen(
  desk: Desk,
  by: By,
  id: string,
  { revision, ...change }: z.output<typeof screenChange>,
): Promise<EditedScreen> {
  return desk.db.transaction(async (tx) => {
    const screen = await holdScreen(tx, id, revision);
    const { name, scope, redaction, options } = screen;
    const before = { name, scope, redaction, options };
    const { plain = screen.plain, ...changed } = change;
    const settings = { ...before, ...changed, options: { ...options, ...changed.options } };
    if (!isOfOneCustomer(settings)) throw new AppError('invalid', oneCustomer.error);
    const fields = (Object.keys(before) as (keyof typeof before)[]).filter(
      (field) => canonical(before[field]) !== canonical(settings[field]),
    );
    const isPlainOther = plain !== screen.plain;
    if (fields.length === 0 && !isPlainOther) return told(await readScreen(tx, id));
    await writeScreen(tx, id, settings);
    let plainAddress: string | null = null;
    if (isPlainOther && plain) plainAddress = await givePlainAddress(desk, tx, id);
    if (isPlainOther && !plain) await revokeScreenTokens(tx, id, true);
    await audit(tx, by, {
      action: 'screen.changed',
      target: targetOf({ id, name: settings.name }),
      details: { fields: [...fields, ...(isPlainOther ? ['plain'] : [])] },
    });
    await announceScreen(tx, { kind: 'screen', id, what: 'edited' });
    return { ...told(await readScreen(tx, id)), plainAddress };
  });
}

/** New addresses; whoever has an old one is told that it was revoked. @throws AppError as `changeScreen` */
export async function replaceToken(
  desk: Desk,
  by: By,
  id: string,
  revision: number,
): Promise<EditedScreen> {
  return desk.db.transaction(async (tx) => {
    const screen = await holdScreen(tx, id, revision);
    await revokeScreenTokens(tx, id);
    await raiseScreen(tx, id);
    const address = await giveAddress(desk, tx, id);
    const plainAddress = screen.plain ? await givePlainAddress(desk, tx, id) : null;
    await audit(tx, by, { action: 'screen.token-replaced', target: targetOf(screen) });
    await announceScreen(tx, { kind: 'screen', id, what: 'revoked' });
    return { screen: await readScreen(tx, id), address, plainAddress };
  });
}

/** It shows nothing any more, for good. @throws AppError as `changeScreen` */
export async function revokeScreen(
  desk: Desk,
  by: By,
  id: string,
  revision: number,
): Promise<EditedScreen> {
  return desk.db.transaction(async (tx) => {
    const screen = await holdScreen(tx, id, revision);
    await writeScreenRevoked(tx, id);
    await audit(tx, by, { action: 'screen.revoked', target: targetOf(screen) });
    await announceScreen(tx, { kind: 'screen', id, what: 'revoked' });
    return told(await readScreen(tx, id));
  });
}

/** Has a screen, wherever it is connected, load itself anew or flash its name. @throws AppError not_found, conflict */
export async function tellScreen(
  { db }: Desk,
  by: By,
  id: string,
  what: 'reload' | 'identify',
): Promise<ToldScreen> {
  return db.transaction(async (tx) => {
    const [screen] = await readScreens(tx, id);
    if (!screen) throw noSuchScreen();
    refuseRevoked(screen);
    if (what === 'reload')
      await audit(tx, by, { action: 'screen.reloaded', target: targetOf(screen) });
    await announceScreen(tx, { kind: 'screen', id, what });
    return { connected: (await readConnections(tx, id)).length };
  });
}

async function holdScreen(tx: Tx, id: string, revision: number): Promise<ScreenRecord> {
  const screen = await lockScreen(tx, id);
  if (!screen) throw noSuchScreen();
  refuseRevoked(screen);
  if (screen.revision !== revision)
    throw new AppError(
      'conflict',
      `Somebody else changed ${screen.name} meanwhile: look at what holds now, and save again.`,
    );
  return screen;
}

function refuseRevoked({ name, revokedAt }: ScreenRecord): void {
  if (revokedAt !== null)
    throw new AppError('conflict', `${name} was revoked: make another screen instead.`);
}

async function giveAddress(
  { config }: Pick<Desk, 'config'>,
  tx: Tx,
  screenId: string,
): Promise<string> {
  return `${config.publicUrl}/wall#${await giveToken(tx, screenId, false)}`;
}

async function givePlainAddress(
  { config }: Pick<Desk, 'config'>,
  tx: Tx,
  screenId: string,
): Promise<string> {
  return `${config.publicUrl}/wall/plain/${await giveToken(tx, screenId, true)}`;
}

async function giveToken(tx: Tx, screenId: string, plain: boolean): Promise<string> {
  const token = makeToken();
  await insertScreenToken(tx, {
    secretHash: hashToken(token),
    screenId,
    plain,
    hint: hintOf(token),
  });
  return token;
}

const told = (screen: Screen): EditedScreen => ({ screen, address: null, plainAddress: null });

const nameOf = ({ actor }: By) => (typeof actor === 'object' ? (actor?.name ?? null) : null);

const targetOf = ({ id, name }: { id: string; name: string }) => ({ kind: 'screen', id, name });
