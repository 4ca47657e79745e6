import type { CloudRange } from './cloud-ranges.ts';
import { parseNetwork } from './network.ts';

/** A provider's own list of its ranges. */
export interface CloudFile {
  provider: 'aws' | 'gcp' | 'azure';
  /** When it was made, as the file itself says. */
  dated: string;
  ranges: CloudRange[];
}

type Fields = Record<string, unknown>;

/**
 * A file as AWS (ip-ranges.json), Google (cloud.json) or Azure (ServiceTags_….json) publishes it.
 * @returns one sentence, without the file's name, where it is none of them or cannot be read whole
 */
export function parseCloudFile(content: unknown): CloudFile | string {
  if (!isObject(content)) return 'must be a JSON object';
  if (typeof content.createDate === 'string') return parseAws(content);
  if (typeof content.creationTime === 'string') return parseGoogle(content);
  if ('changeNumber' in content && Array.isArray(content.values)) return parseAzure(content);
  return 'is none of AWS ip-ranges.json, Google cloud.json and Azure ServiceTags JSON';
}

function parseAws(content: Fields): CloudFile | string {
  const entries = [
    ...listOf(content.prefixes).map((entry) => [entry.ip_prefix, entry.region]),
    ...listOf(content.ipv6_prefixes).map((entry) => [entry.ipv6_prefix, entry.region]),
  ];
  return collect('aws', String(content.createDate), entries, 'GLOBAL');
}

function parseGoogle(content: Fields): CloudFile | string {
  const entries = listOf(content.prefixes).map((entry) => [
    entry.ipv4Prefix ?? entry.ipv6Prefix,
    entry.scope,
  ]);
  return collect('gcp', String(content.creationTime), entries, 'global');
}

/** Of its many tags those that say in which region an address is; others name parts of the same networks. */
function parseAzure(content: Fields): CloudFile | string {
  const tags = listOf(content.values).filter(({ name }) => /^AzureCloud(\.|$)/.test(String(name)));
  const entries = tags.flatMap(({ properties }) => {
    const { region, addressPrefixes } = isObject(properties) ? properties : {};
    const prefixes: unknown[] = Array.isArray(addressPrefixes) ? addressPrefixes : [undefined];
    return prefixes.map((prefix) => [prefix, region]);
  });
  return collect('azure', `change ${String(content.changeNumber)}`, entries, '');
}

/** A network that is listed for two regions is in neither for certain. */
function collect(
  provider: CloudFile['provider'],
  dated: string,
  entries: unknown[][],
  everywhere: string,
): CloudFile | string {
  const found = new Map<string, Set<string>>();
  for (const [network, region] of entries) {
    if (typeof network !== 'string' || !parseNetwork(network))
      return `holds ${JSON.stringify(network) ?? 'an entry'} where a network should stand`;
    if (typeof region !== 'string' || region.length > 256)
      return `names no region for the network ${network}`;
    const regions = found.get(network) ?? new Set<string>();
    found.set(network, region === everywhere ? regions : regions.add(region));
  }
  if (found.size === 0) return 'holds no ranges';
  const ranges = [...found].map(([network, regions]) => {
    return { network, provider, region: regions.size === 1 ? [...regions][0]! : null };
  });
  return { provider, dated, ranges };
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whatever is no object in it stays, as one that says nothing, so that it is refused and not passed over. */
const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.map((entry) => (isObject(entry) ? entry : {})) : [];
