import { describeIssue, type Fault } from '#server/describe-issues.ts';
import { fieldOf, findCrossFaults, listIn } from './cross-references.ts';
import { FleetFaults } from './fleet-faults.ts';
import { type Fleet, fleetSchema } from './fleet-schema.ts';
import { findLicenseFileFault } from './license-file.ts';

/** Reads the file that a customer's `licenseFile` names; throws an Error that says in a phrase why it cannot. */
export type ReadLicenseFile = (name: string) => string;

/**
 * A fleet as the catalog takes it.
 * @param written what the file holds, parsed as YAML or JSON
 * @throws FleetFaults – every fault with its path in the file
 */
export function parseFleet(written: unknown, readLicenseFile: ReadLicenseFile = noFiles): Fleet {
  const parsed = fleetSchema.safeParse(written, { reportInput: true });
  const shape = (parsed.error?.issues ?? []).map((issue) => ({
    path: issue.path,
    message: describeIssue(issue),
  }));
  const documents = readDocuments(written, readLicenseFile);
  const faults = [...shape, ...findCrossFaults(written), ...documents.faults];
  if (!parsed.success || faults.length > 0) throw new FleetFaults(sortFaults(faults));
  return {
    apps: parsed.data.apps.map((app, appIndex) => ({
      ...app,
      customers: app.customers.map((customer, index) => ({
        ...customer,
        document: documents.of(appIndex, index),
      })),
    })),
  };
}

function readDocuments(written: unknown, readLicenseFile: ReadLicenseFile) {
  const faults: Fault[] = [];
  const documents = new Map<string, string>();
  listIn(written, 'apps').forEach((app, appIndex) => {
    listIn(app, 'customers').forEach((customer, index) => {
      const name = fieldOf(customer, 'licenseFile');
      if (typeof name !== 'string') return;
      const license = fieldOf(customer, 'license');
      const expected = {
        licenseId: fieldOf(license, 'id'),
        appSlug: fieldOf(app, 'slug'),
        expiresAt: expiryOf(license),
      };
      try {
        const document = readLicenseFile(name);
        const message = findLicenseFileFault(document, expected);
        if (message) throw new Error(message);
        documents.set(`${appIndex} ${index}`, document);
      } catch (error) {
        const path = ['apps', appIndex, 'customers', index, 'licenseFile'];
        faults.push({ path, message: (error as Error).message });
      }
    });
  });
  return {
    faults,
    of: (app: number, customer: number) => documents.get(`${app} ${customer}`) ?? null,
  };
}

function expiryOf(license: unknown): number | null | undefined {
  const written = fieldOf(license, 'expiresAt');
  if (written === undefined || written === null) return null;
  const time = typeof written === 'string' ? Date.parse(written) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Things in the order of the file, their fields by name. */
function sortFaults(faults: Fault[]): Fault[] {
  return faults.toSorted((a, b) => {
    const length = Math.min(a.path.length, b.path.length);
    for (let i = 0; i < length; i += 1) {
      const order = compareSteps(a.path[i]!, b.path[i]!);
      if (order !== 0) return order;
    }
    return a.path.length - b.path.length;
  });
}

function compareSteps(a: PropertyKey, b: PropertyKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function noFiles(): never {
  throw new Error('can only be read beside a fleet file');
}
