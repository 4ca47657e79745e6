import { isIP } from 'node:net';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCloudFile } from '#domain/cloud-files.ts';
import { indexClouds } from '#domain/cloud-ranges.ts';
import { cut, parseAddress, parseNetwork } from '#domain/network.ts';

// Networks that are set aside for documentation (RFC 5737, RFC 3849): nobody's.
const range = (network: string, region: string | null) => ({ network, provider: 'aws', region });

test('of several ranges around an address the longest counts', () => {
  const find = indexClouds([
    range('192.0.2.0/24', 'wide'),
    range('192.0.2.128/25', 'narrow'),
    range('192.0.2.200/32', 'one'),
    range('2001:db8::/32', 'six'),
  ]);
  const cases: [address: string, region: string | null][] = [
    ['192.0.2.1', 'wide'],
    ['192.0.2.129', 'narrow'],
    ['192.0.2.200', 'one'],
    ['2001:db8:ffff::1', 'six'],
    ['2001:db9::1', null],
    ['198.51.100.1', null],
    ['::192.0.2.1', null],
    ['nobody', null],
  ];
  for (const [address, region] of cases) assert.is(find(address)?.region ?? null, region, address);
});

test('what is an address here is one for Node too, and nothing else is', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:'), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (text) => {
      const bits = parseAddress(text)?.bits ?? 0;
      assert.is(bits, { 0: 0, 4: 32, 6: 128 }[isIP(text)], text);
    }),
  );
});

test('the longest match is that of trying every range', () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 20, max: 32 }))
    .map(([byte, length]) => {
      const first = cut({ bits: 32, value: 0xc0000200n + BigInt(byte) }, length);
      return `192.0.${Number((first >> 8n) & 255n)}.${Number(first & 255n)}/${length}`;
    });
  const address = fc.integer({ min: 0, max: 255 }).map((byte) => `192.0.2.${byte}`);
  fc.assert(
    fc.property(fc.uniqueArray(network, { maxLength: 12 }), address, (networks, asked) => {
      const value = parseAddress(asked)!;
      const around = networks
        .map((text) => ({ text, ...parseNetwork(text)! }))
        .filter((one) => cut(value, one.length) === one.value)
        .sort((a, b) => b.length - a.length);
      const find = indexClouds(networks.map((text) => range(text, text)));
      assert.is(find(asked)?.region, around[0]?.text);
    }),
  );
});

test('each provider’s own format is read, with its date', () => {
  const aws = {
    createDate: '2026-11-20-10-00-00',
    prefixes: [
      { ip_prefix: '192.0.2.0/24', region: 'us-east-1', service: 'AMAZON' },
      { ip_prefix: '192.0.2.0/24', region: 'us-east-1', service: 'EC2' },
      { ip_prefix: '198.51.100.0/24', region: 'GLOBAL', service: 'AMAZON' },
    ],
    ipv6_prefixes: [{ ipv6_prefix: '2001:db8::/40', region: 'eu-west-1', service: 'EC2' }],
  };
  assert.equal(parseCloudFile(aws), {
    provider: 'aws',
    dated: '2026-11-20-10-00-00',
    ranges: [
      range('192.0.2.0/24', 'us-east-1'),
      range('198.51.100.0/24', null),
      range('2001:db8::/40', 'eu-west-1'),
    ],
  });
  const google = {
    creationTime: '2026-11-20T10:00:00',
    prefixes: [
      { ipv4Prefix: '192.0.2.0/24', service: 'Google Cloud', scope: 'us-east1' },
      { ipv6Prefix: '2001:db8::/40', service: 'Google Cloud', scope: 'global' },
    ],
  };
  assert.equal(parseCloudFile(google), {
    provider: 'gcp',
    dated: '2026-11-20T10:00:00',
    ranges: [
      { network: '192.0.2.0/24', provider: 'gcp', region: 'us-east1' },
      { network: '2001:db8::/40', provider: 'gcp', region: null },
    ],
  });
  const tag = (name: string, region: string, addressPrefixes: string[]) => ({
    name,
    properties: { region, addressPrefixes },
  });
  const azure = {
    changeNumber: 345,
    values: [
      tag('AzureCloud', '', ['192.0.2.0/25', '192.0.2.128/25']),
      tag('AzureCloud.eastus', 'eastus', ['192.0.2.0/25', '198.51.100.0/24']),
      tag('AzureCloud.westus', 'westus', ['198.51.100.0/24']),
      tag('Sql.eastus', 'eastus', ['203.0.113.0/24']),
    ],
  };
  assert.equal(parseCloudFile(azure), {
    provider: 'azure',
    dated: 'change 345',
    ranges: [
      { network: '192.0.2.0/25', provider: 'azure', region: 'eastus' },
      { network: '192.0.2.128/25', provider: 'azure', region: null },
      { network: '198.51.100.0/24', provider: 'azure', region: null },
    ],
  });
});

test('what cannot be read whole is refused with what is wrong', () => {
  const aws = (...prefixes: unknown[]) => ({ createDate: '2026', prefixes });
  const cases: [content: unknown, words: RegExp][] = [
    [[], /^must be a JSON object$/],
    [{}, /^is none of AWS/],
    [aws(), /^holds no ranges$/],
    [aws({ ip_prefix: '192.0.2.1/24', region: 'x' }), /^holds "192\.0\.2\.1\/24" where a network/],
    [aws({ ip_prefix: '192.0.2.0/33', region: 'x' }), /where a network should stand$/],
    [aws({ region: 'x' }), /^holds an entry where/],
    [aws(null), /^holds an entry where/],
    [aws({ ip_prefix: '192.0.2.0/24' }), /^names no region for the network 192\.0\.2\.0\/24$/],
  ];
  for (const [content, words] of cases) assert.match(String(parseCloudFile(content)), words);
});

test.run();
