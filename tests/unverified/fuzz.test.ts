import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anonymousReports, instances } from '#db/schema.ts';
import { openApp } from '../support/app.ts';

let now = Date.now();
const house = await openApp({ env: { TRUST_PROXY: '1' }, clock: () => now });

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '0001-01-01T00:00:00Z',
    '2026-11-24T10:00:00+01:00',
    '\0',
    '\ud800',
    '__proto__',
  ),
  fc.constantFrom('x'.repeat(300), 'x'.repeat(301), 'x'.repeat(4096)),
);
const value = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);
const field = fc.constantFrom(
  'install_id',
  'started',
  'finished',
  'failed',
  'kots_version',
  'cause',
  'toString',
);
const body = fc.oneof(
  { weight: 6, arbitrary: fc.dictionary(field, value).map((said) => JSON.stringify(said)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5000 }) },
);
const installId = fc.oneof(
  fc.constantFrom('one', 'two', '%', '%00', '%ff', '%ed%a0%80', '%2F', 'constructor'),
  text.map((id) => encodeURIComponent(id.toWellFormed())),
);
const call = fc.oneof(
  fc
    .tuple(fc.constantFrom('start', 'fail', 'finish'), installId)
    .map(([step, id]) => `/kots_metrics/${step}_install/${id}`),
  fc
    .tuple(installId, installId, fc.webQueryParameters())
    .map(([app, cluster, query]) => `/kots_metrics/preflights/${app}/${cluster}?${query}`),
);
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', ',', 'nobody'));

test('nothing that is sent without a license makes the server fail, or touches an instance', async () => {
  const statuses = new Map<number, number>();
  const property = async (path: string, sent: string | Uint8Array, from: string) => {
    // Long enough for the limits on senders to say nothing.
    now += 60_000;
    const request = {
      method: 'POST',
      headers: { 'x-forwarded-for': from },
      body: sent as RequestInit['body'],
    };
    const answer = await house.app.request(path, request);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const words = await answer.text();
    assert.ok(answer.status < 500, `${answer.status} ${path}: ${words}`);
    if (answer.status < 400) assert.is(words, '');
    else assert.match(words, /^[^\n]{3,300}$/);
  };
  await fc.assert(fc.asyncProperty(call, body, address, property), { numRuns: 400 });
  for (const status of [200, 400, 401]) assert.ok(statuses.has(status), `some are ${status}`);
  assert.is(await house.fresh.db.$count(instances), 0);
  assert.ok((await house.fresh.db.$count(anonymousReports)) > 0);
});

test.after(() => house.close());
test.run();
