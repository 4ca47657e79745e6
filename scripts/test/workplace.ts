import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemplate, startTestServer } from '../../tests/support/database.ts';
import { stopOrphan } from '../../tests/support/postgres.ts';

export interface Workplace {
  env: Record<string, string>;
  close(): Promise<void>;
}

/**
 * What all files of a run share: one PostgreSQL (one's own, if ROLLCALL_TEST_DATABASE_URL names it), and a folder for
 * everything temporary, so that nothing outlives the run: not even the databases of a test that was killed.
 */
export async function openWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-run-'));
  await chmod(folder, 0o711);
  process.env.TMPDIR = folder;
  const own = process.env.ROLLCALL_TEST_DATABASE_URL;
  if (own) await makeTemplate(own);
  const server = own ? null : await startTestServer();
  return {
    env: {
      TMPDIR: folder,
      ROLLCALL_TEST_DATABASE_URL: own ?? server?.url ?? '',
      // Node compiles every module once for all processes of the run, not once for each.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    },
    close: async () => {
      await server?.close();
      for (const name of await readdir(folder)) await stopOrphan(join(folder, name));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
