import type { Screen, ScreenList } from '#contract/screens.ts';
import { canonical } from '#server/canonical.ts';
import { AppError } from '#server/errors.ts';
import type { Tx } from '#server/store/instances.ts';
import { readWallDigest } from '#server/store/reads-wall.ts';
import { readConnections } from '#server/store/screen-connections.ts';
import { readScreens } from '#server/store/screens.ts';
import type { Desk } from './desk.ts';
import { presentScreen } from './present.ts';

export async function listScreens({ db, wall, build }: Desk): Promise<ScreenList> {
  const asOf = new Date().toISOString();
  const [records, connections] = await Promise.all([readScreens(db), readConnections(db)]);
  // Screens that show the same are counted once.
  const scopes = new Map(records.map(({ scope }) => [canonical(scope), scope]));
  const counts = new Map<string, number>();
  for (const [key, scope] of scopes) counts.set(key, (await wall.digest(scope)).count);
  return {
    asOf,
    build,
    screens: records.map((record) =>
      presentScreen(
        record,
        connections.filter(({ screenId }) => screenId === record.id),
        counts.get(canonical(record.scope)) ?? 0,
      ),
    ),
  };
}

/** One of them, as the transaction leaves it. */
export async function readScreen(tx: Tx, id: string): Promise<Screen> {
  const [record] = await readScreens(tx, id);
  if (!record) throw noSuchScreen();
  const { count } = await readWallDigest(tx, record.scope);
  return presentScreen(record, await readConnections(tx, id), count);
}

export const noSuchScreen = () => new AppError('not_found', 'There is no such screen.');
