// npm run cloud-ranges -- FILES…: the address ranges that cloud providers publish, from their own files.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DatabaseError, openDatabase } from '#db/client.ts';
import { CloudFileFault, loadRanges } from '#server/clouds/index.ts';
import { ConfigError, readConfig, readEnvironment } from '#server/config.ts';

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  if (names.length === 0 || names.some((name) => name.startsWith('-'))) {
    throw new CloudFileFault('Say which files to load: npm run cloud-ranges -- ip-ranges.json');
  }
  const files = names.map(readNamed);
  const database = await openDatabase(readConfig(readEnvironment()), { max: 1 });
  try {
    for (const { name, provider, dated, ranges } of await loadRanges(database.db, files))
      console.log(`Loaded ${name}: ${ranges} ranges of ${provider}, dated ${dated}.`);
  } finally {
    await database.close();
  }
}

/** npm runs scripts in the package's folder; files are named from where the person stands. */
function readNamed(name: string) {
  try {
    const text = readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), name), 'utf8');
    return { name: basename(name), text };
  } catch {
    throw new CloudFileFault(`${name} cannot be read.`);
  }
}

main().catch((error: unknown) => {
  const expected = [CloudFileFault, ConfigError, DatabaseError].some((it) => error instanceof it);
  console.error(expected ? (error as Error).message : error);
  process.exitCode = 1;
});
