// npm run import -- fleet.yaml: apps, channels, releases, customers and licenses from one YAML or JSON file.
import { resolve } from 'node:path';
import { DatabaseError, openDatabase } from '#db/client.ts';
import { type Applied, applyFleet } from '#server/catalog/apply-fleet.ts';
import { FleetFaults } from '#server/catalog/fleet-faults.ts';
import { readFleet } from '#server/catalog/read-fleet.ts';
import { ConfigError, readConfig, readEnvironment } from '#server/config.ts';

async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  if (!name || rest.length > 0 || name.startsWith('-')) {
    throw new UsageError('Say which file to import: npm run import -- fleet.yaml');
  }
  // npm runs scripts in the package's folder; the file is named from where the person stands.
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const fleet = readFleet(file);
  const database = await openDatabase(readConfig(readEnvironment()), { max: 1 });
  try {
    console.log(describeApplied(name, await applyFleet(database.db, fleet)));
  } finally {
    await database.close();
  }
}

class UsageError extends Error {}

function describeApplied(name: string, applied: Applied): string {
  const counts = [
    count(applied.apps, 'app'),
    count(applied.channels, 'channel'),
    count(applied.releases, 'release'),
  ].join(', ');
  const { added, changed } = applied;
  const result = added + changed === 0 ? 'nothing changed' : `${added} added, ${changed} changed`;
  return `Imported ${name}: ${counts} and ${count(applied.customers, 'customer')}; ${result}.`;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

main().catch((error: unknown) => {
  const expected = [UsageError, FleetFaults, ConfigError, DatabaseError].some(
    (kind) => error instanceof kind,
  );
  if (error instanceof FleetFaults) {
    const count = error.faults.length;
    console.error(error.message);
    console.error(`Nothing was imported: ${count} ${count === 1 ? 'fault' : 'faults'}.`);
  } else console.error(expected ? (error as Error).message : error);
  process.exitCode = 1;
});
