import { connect } from './connect.ts';
import { DatabaseError } from './errors.ts';

const oldestVersion = 15;

export interface Settings {
  /** As `server_version_num` has it: 180004. */
  version: number;
  fsync: string;
  synchronousCommit: string;
  fullPageWrites: string;
}

/** An answered check-in must be on disk, so a database that may lose what it has confirmed is refused. */
export async function refuseUnsafe(url: string): Promise<void> {
  const reason = findDanger(await readSettings(url));
  if (reason) throw new DatabaseError(reason);
}

/** Why a database with these settings cannot be used; null: it can. */
export function findDanger(found: Settings): string | null {
  const version = Math.floor(found.version / 10_000);
  if (version < oldestVersion) {
    return `DATABASE_URL leads to PostgreSQL ${version}, but Rollcall needs ${oldestVersion} or later: upgrade that server or name another.`;
  }
  const settings = {
    fsync: found.fsync,
    synchronous_commit: found.synchronousCommit,
    full_page_writes: found.fullPageWrites,
  };
  const name = Object.entries(settings).find(([, value]) => value === 'off')?.[0];
  if (!name) return null;
  return `The database runs with ${name} = off and may lose check-ins that were answered: turn ${name} on and start again.`;
}

async function readSettings(url: string): Promise<Settings> {
  const sql = connect(url, 'rollcall start');
  try {
    const [row] = await sql<Settings[]>`
      select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as "synchronousCommit", current_setting('full_page_writes') as "fullPageWrites"`;
    if (!row) throw new Error('no answer');
    return row;
  } catch (error) {
    const { host, pathname } = new URL(url);
    const reason = (error as Error).message || (error as NodeJS.ErrnoException).code;
    throw new DatabaseError(
      `The database ${pathname.slice(1)} at ${host} cannot be used (${reason}): check DATABASE_URL and that the server runs.`,
      error,
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
