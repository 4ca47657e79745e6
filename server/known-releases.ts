import type { Db } from '#db/client.ts';
import type { World } from '#domain/model.ts';
import { type CatalogRow, readCatalog } from '#server/store/releases.ts';

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
  /** Reads the catalog again; vendor edits call for it by NOTIFY. */
  refresh(): Promise<void>;
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

/** Loads the catalog. */
export async function loadKnownReleases(db: Db): Promise<KnownReleases> {
  let channels = index(await readCatalog(db));

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
    async refresh() {
      channels = index(await readCatalog(db));
    },
  };
}
