import type { Db } from '#db/client.ts';
import type { World } from '#domain/model.ts';
import type { Tx } from '#server/store/instances.ts';
import { type CatalogRow, readCatalog, readCatalogVersion } from '#server/store/releases.ts';

interface Channel {
  id: string;
  name: string;
  appSlug: string;
  labels: Map<number, string>;
  /** Sequences still offered, ascending. */
  offered: number[];
}

/**
 * The channels and their releases, kept in memory: a check-in names its release by (channel, sequence), thousands
 * of times a second, and releases change a few times a day.
 */
export interface KnownReleases {
  /** The look-ups of one app, as the fold wants them. */
  of(appSlug: string): Pick<World, 'release' | 'channel'>;
  /** What the database's version of the catalog is compared with: another one there has to be read before folding. */
  readonly version: number;
  /** Reads the catalog again; vendor edits call for it by NOTIFY. `tx`: the transaction that waits for it. */
  refresh(tx?: Tx): Promise<void>;
}

function index(rows: CatalogRow[]): Map<string, Channel> {
  const channels = new Map<string, Channel>();
  for (const row of rows) {
    const channel = channels.get(row.channelId) ?? {
      id: row.channelId,
      name: row.channelName,
      appSlug: row.appSlug,
      labels: new Map<number, string>(),
      offered: [],
    };
    channels.set(row.channelId, channel);
    if (row.channelSequence === null || row.versionLabel === null) continue;
    channel.labels.set(row.channelSequence, row.versionLabel);
    if (!row.demoted) channel.offered.push(row.channelSequence);
  }
  return channels;
}

/** The version first: a catalog that is newer than its version is read once more, an older one would be kept. */
async function load(db: Tx) {
  const version = await readCatalogVersion(db);
  return { version, channels: index(await readCatalog(db)) };
}

/** Loads the catalog. */
export async function loadKnownReleases(db: Db): Promise<KnownReleases> {
  let { version, channels } = await load(db);

  const release: World['release'] = (channelId, sequence) => {
    const channel = channels.get(channelId);
    const versionLabel = channel?.labels.get(sequence);
    if (!channel || versionLabel === undefined) return null;
    const later = channel.offered.length - channel.offered.findLastIndex((n) => n <= sequence) - 1;
    return { versionLabel, behind: later };
  };

  return {
    of: (appSlug) => ({
      release,
      channel: ({ id, name }) => {
        if (id) return channels.get(id)?.appSlug === appSlug ? id : null;
        for (const one of channels.values()) {
          if (one.appSlug === appSlug && one.name === name) return one.id;
        }
        return null;
      },
    }),
    get version() {
      return version;
    },
    async refresh(tx = db) {
      const read = await load(tx);
      // Of two who read at once, the one who began earlier may end later.
      if (read.version >= version) ({ version, channels } = read);
    },
  };
}
