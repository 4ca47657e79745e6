import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { FleetFaults } from './fleet-faults.ts';
import type { Fleet } from './fleet-schema.ts';
import { parseFleet } from './parse-fleet.ts';

const licenseLimit = 1024 * 1024;

/**
 * The fleet that a YAML or JSON file describes, with the license files it names (relative to it).
 * @throws FleetFaults
 */
export function readFleet(file: string): Fleet {
  const text = readText(
    file,
    64 * 1024 * 1024,
    (message) => new FleetFaults([{ path: [], message }]),
  );
  const folder = dirname(resolve(file));
  return parseFleet(parseText(text), (name) =>
    readText(resolve(folder, name), licenseLimit, (message) => new Error(message)),
  );
}

function parseText(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return json;
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new FleetFaults(
      document.errors.map(({ message }) => ({
        path: [],
        message: message.split('\n')[0]!.replace(/:$/, ''),
      })),
    );
  }
  try {
    return document.toJS();
  } catch (error) {
    throw new FleetFaults([{ path: [], message: (error as Error).message }]);
  }
}

/** JSON is YAML too, but its own parser is many times as fast. */
function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Text exactly as it stands in the file, a byte order mark included. */
function readText(file: string, limit: number, fault: (message: string) => Error): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EACCES: 'it must not be read',
      EISDIR: 'it is a folder',
    };
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw fault(`cannot read ${file}: ${reasons[code] ?? code}`);
  }
  if (bytes.length > limit) throw fault(`${file} is larger than ${limit / 1024 / 1024} MB`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fault(`${file} is not UTF-8 text`);
  }
}
