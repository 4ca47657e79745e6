import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Db } from '#db/client.ts';
import { createLog } from '#server/log.ts';
import { openApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { ownerOf, tokenOf, visitorOf } from '../support/session.ts';
import { type AnyRequest, anyRequest, toRequest } from './requests.ts';

const words = ['geeglo', 'roamway', 'gone', 'nobody', 'acme', 'acme-stable', 'seats', 'known', '1'];

/**
 * Sends `runs` arbitrary requests to the whole application over a real database, each with or without valid
 * credentials, and fails for an answer of 500 and more, and for an error that is not told as all errors are.
 */
export async function fuzz(runs: number): Promise<number> {
  let log = '';
  const write = (line: string) => void (log += line);
  const house = await openApp({ log: createLog({ logLevel: 'warn' }, { write }) });
  const routes = house.app.routes.filter(({ path }) => path !== '/*' && path !== '/api/*');
  const credentials = await makeCredentials(house.fresh.db);
  await house.app.request('/api/check-ins', {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}` },
    body: JSON.stringify({ instanceId: 'known', status: 'ready' }),
  });
  let sent = 0;
  const property = async (any: AnyRequest, who: Record<string, string>) => {
    const request = toRequest(any, who);
    if (!request) return;
    sent += 1;
    log = '';
    await judge(await house.app.request(request), () => log);
  };
  try {
    const who = fc.constantFrom(...credentials);
    await fc.assert(fc.asyncProperty(anyRequest({ routes, words }), who, property), {
      numRuns: runs,
    });
  } finally {
    await house.close();
  }
  return sent;
}

async function makeCredentials(db: Db): Promise<Record<string, string>[]> {
  const { geeglo, expired, archived } = licenseIds;
  const basic = (id: string) => `Basic ${Buffer.from(`${id}:${id}`).toString('base64')}`;
  const people = [await visitorOf(db, 'viewer'), await visitorOf(db, 'admin'), await ownerOf(db)];
  // More of them than one arbitrary sign-out ends.
  for (let n = 0; n < 20; n += 1) people.push(await ownerOf(db));
  return [
    {},
    ...[geeglo, expired, archived].map((id) => ({ authorization: basic(id) })),
    { authorization: `Bearer ${geeglo}` },
    ...people.map(({ cookie, origin }) => ({ cookie, origin })),
    await tokenOf(db, 'read'),
    await tokenOf(db, 'write'),
  ];
}

async function judge(answer: Response, log: () => string): Promise<void> {
  const text = await answer.text();
  assert.ok(answer.status < 500, `${answer.status}: ${text}\n${log()}`);
  assert.ok(answer.headers.get('x-request-id'), 'an answer without a request id');
  assert.ok(answer.headers.get('content-security-policy'), 'an answer without a policy');
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  if (answer.status < 400 || !isJson || text === '') return;
  const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
  assert.equal(typeof error?.code, 'string', text);
  assert.match(String(error?.message), /^[^\n]{3,600}$/, text);
  assert.doesNotMatch(text, /node_modules|\.ts:\d|select .* from|insert into/i);
}
