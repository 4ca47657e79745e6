import type { Db } from '#db/client.ts';

/** What everything that edits and reads the catalog works with. */
export interface CatalogDeps {
  db: Db;
}
