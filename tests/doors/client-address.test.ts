import fc from 'fast-check';
import { isIP } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findClientAddress, networkOf } from '#server/doors/index.ts';

const socket = '10.0.0.9';
const table: [header: string | undefined, proxies: number, address: string, why: string][] = [
  [undefined, 0, socket, 'nothing is said'],
  ['203.0.113.5', 0, socket, 'nobody is trusted'],
  [undefined, 1, socket, 'the proxy says nothing'],
  ['203.0.113.5', 1, '203.0.113.5', 'the proxy says who asked it'],
  ['1.1.1.1, 203.0.113.5', 1, '203.0.113.5', 'the client invents one to the left'],
  ['1.1.1.1, 203.0.113.5,10.0.0.2', 2, '203.0.113.5', 'two proxies in front'],
  ['203.0.113.5', 2, '203.0.113.5', 'fewer entries than proxies'],
  ['203.0.113.5:4711', 1, '203.0.113.5', 'with a port'],
  ['[2001:db8::1]:443', 1, '2001:db8::1', 'IPv6 with a port'],
  ['2001:DB8::1', 1, '2001:db8::1', 'IPv6'],
  ['::ffff:203.0.113.5', 1, '203.0.113.5', 'IPv4 in IPv6 spelling'],
  ['fe80::1%eth0', 1, 'fe80::1', 'with a zone'],
  ['unknown', 1, socket, 'no address'],
  ['', 1, socket, 'nothing'],
  ['1.1.1.1,', 1, socket, 'an empty entry'],
];
for (const [header, proxies, address, why] of table) {
  test(`X-Forwarded-For ${header ?? '–'} behind ${proxies}: ${address} (${why})`, () => {
    assert.is(findClientAddress(header, socket, proxies), address);
  });
}

test('a socket of both kinds names an IPv4 client plainly, and no socket names none', () => {
  assert.is(findClientAddress(undefined, '::ffff:10.1.2.3', 0), '10.1.2.3');
  assert.is(findClientAddress(undefined, undefined, 0), null);
});

test('whatever a client writes into the header, behind one proxy its own address counts', () => {
  const invented = fc
    .array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()))
    .map((all) => all.join(','));
  fc.assert(
    fc.property(invented, fc.ipV4(), (lies, truth) => {
      assert.is(findClientAddress(`${lies}, ${truth}`, socket, 1), truth);
    }),
  );
});

test('whatever stands in the header, the result is an address', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(3), (header, proxies) => {
      assert.ok(isIP(findClientAddress(header, socket, proxies)!) > 0);
    }),
  );
});

test('limits count an IPv6 client by its network, an IPv4 client by its address', () => {
  assert.is(networkOf('203.0.113.5'), '203.0.113.5');
  assert.is(networkOf('2001:db8:0:7:1:2:3:4'), '2001:db8:0:7::/64');
  assert.is(networkOf('2001:db8::1'), '2001:db8:0:0::/64');
  assert.is(networkOf('2001:db8:0:0:ffff::'), '2001:db8:0:0::/64');
  assert.is(networkOf('::1'), '0:0:0:0::/64');
  assert.is(networkOf('2001:0db8:0000:0007::1'), networkOf('2001:db8:0:7:9::'));
});

test.run();
