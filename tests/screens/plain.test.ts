import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EditedScreen } from '#contract/screens.ts';
import { licenseIds } from '../support/fleet.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { tokenOf } from '../support/session.ts';
import { type Ask, makeScreen, sent } from './wall.ts';

interface Hall {
  house: TestApp;
  ask: Ask;
  vendor: Record<string, string>;
  clock: { now: number };
  doubt: { reason: string | null };
}
const test = suite<Hall>('walls for browsers without script');

test.before.each(async (context) => {
  const clock = { now: Date.now() };
  const doubt: Hall['doubt'] = { reason: null };
  Object.assign(context, { clock, doubt });
  context.house = await openApp({ clock: () => clock.now, doubt: () => doubt.reason });
  context.ask = async (path, init) => context.house.app.request(path, init);
  context.vendor = await tokenOf(context.house.fresh.db, 'write');
});
test.after.each(({ house }) => house.close());

const report = ({ ask }: Hall, body: object, license: string = licenseIds.geeglo) =>
  ask('/api/check-ins', {
    method: 'POST',
    headers: { authorization: `Bearer ${license}` },
    body: JSON.stringify(body),
  });
async function plainOf({ ask, vendor }: Hall, wanted: object = {}): Promise<string> {
  const { plainAddress } = await makeScreen(ask, vendor, { plain: true, ...wanted });
  return new URL(plainAddress!).pathname;
}
const wordsOf = (page: string) =>
  page
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

test('it shows counts and problems, worst first, without a script, and renews itself', async (context) => {
  await report(context, { instanceId: 'fine', status: 'ready' });
  await report(context, { instanceId: 'slow', status: 'degraded' });
  await report(context, { instanceId: 'dead', status: 'unavailable' });
  context.clock.now = Date.now() + 3 * 60_000;
  const answer = await context.ask(await plainOf(context, { name: 'Hall <1>' }));
  assert.is(answer.status, 200);
  const page = await answer.text();
  assert.match(page, '<meta http-equiv="refresh" content="30" />');
  assert.not.match(page, /<script|style=/);
  assert.match(page, 'Hall &lt;1&gt;');
  const words = wordsOf(page);
  assert.match(words, /As of \d+ \w+ 20\d\d, \d\d:\d\d:\d\d UTC/);
  assert.match(words, /3 instances 1 ✕ Unavailable 1 ▲ Degraded 1 ✓ Ready/);
  assert.match(words, /✕ Unavailable Geeglo dead for [23] min ▲ Degraded Geeglo slow/);
  assert.match(words, 'Share ready, of those that are monitored: 33 % (1 of 3)');
  assert.not.match(words, /All clear|STALE/);
});

test('its address goes to nobody, and its style and policy are its own', async (context) => {
  const answer = await context.ask(await plainOf(context));
  assert.is(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.is(answer.headers.get('cache-control'), 'no-store');
  assert.match(answer.headers.get('content-security-policy')!, /^default-src 'none'; style-src/);
  const style = /href="([^"]+)"/.exec(await answer.text())![1]!;
  const sheet = await context.ask(style);
  assert.is(sheet.status, 200);
  assert.match(sheet.headers.get('content-type')!, 'text/css');
  assert.match(sheet.headers.get('cache-control')!, 'immutable');
});

test('all clear, nothing ever, and a revoked screen look different', async (context) => {
  const { ask, vendor } = context;
  const path = await plainOf(context);
  const words = async () => wordsOf(await (await ask(path)).text());
  assert.match(await words(), 'Nothing has ever checked in here.');
  assert.match(await words(), '–');
  await report(context, { instanceId: 'fine', status: 'ready' });
  assert.match(await words(), 'All clear');
  // Its app knows no status informers: that is no reason to be green, nor for alarm.
  await report(context, { instanceId: 'mute' });
  assert.not.match(await words(), 'All clear');
  const made = await makeScreen(ask, vendor, { plain: true });
  await sent(ask, 'POST', `/api/screens/${made.screen.id}/revoke`, vendor, { revision: 0 });
  const revoked = await ask(new URL(made.plainAddress!).pathname);
  assert.is(revoked.status, 410);
  assert.match(wordsOf(await revoked.text()), 'This screen was revoked');
});

test('names are hidden here too', async (context) => {
  await report(context, { instanceId: 'geeglo-1', status: 'unavailable' });
  for (const redaction of ['initials', 'none']) {
    const page = await (await context.ask(await plainOf(context, { redaction }))).text();
    assert.not.match(page, /geeglo|acme/i);
    assert.match(wordsOf(page), redaction === 'none' ? /Customer \d+ #\d+/ : /G #\d+/);
  }
});

test('what the server cannot vouch for is stale, since it last could', async (context) => {
  await report(context, { instanceId: 'fine', status: 'ready' });
  const path = await plainOf(context, { options: { tz: 'UTC' } });
  const words = async () => wordsOf(await (await context.ask(path)).text());
  const goodAt = new Date(context.clock.now).toISOString().slice(11, 19);
  assert.match(await words(), 'All clear');
  context.clock.now += 60_000;
  context.doubt.reason = 'The connection to the other server processes is broken.';
  const stale = await words();
  assert.match(stale, new RegExp(`DATA STALE since .* ${goodAt} UTC: The connection to`));
  assert.not.match(stale, 'All clear');
  context.doubt.reason = null;
  assert.match(await words(), 'All clear');
  // The whole scope silent, as after a night: five hours on by the server's clock.
  context.clock.now += 5 * 3_600_000;
  assert.match(await words(), 'No instance here was heard as promised.');
});

test('with the database away it says what was so last, and that it is stale', async (context) => {
  await report(context, { instanceId: 'fine', status: 'ready' });
  const known = await plainOf(context);
  const unknown = await plainOf(context);
  await context.ask(known);
  await context.house.fresh.open.close();
  const answer = await context.ask(known);
  assert.is(answer.status, 200);
  const words = wordsOf(await answer.text());
  assert.match(words, /DATA STALE since .*: The database does not answer\./);
  assert.match(words, '1 instance ');
  assert.not.match(words, 'All clear');
  const other = await context.ask(unknown);
  assert.is(other.status, 503);
  assert.match(wordsOf(await other.text()), 'STALE');
});

test('the second address exists only while it is wanted', async (context) => {
  const { ask, vendor } = context;
  const { screen, plainAddress } = await makeScreen(ask, vendor);
  assert.is(plainAddress, null);
  const change = (body: object) =>
    sent<EditedScreen>(ask, 'PATCH', `/api/screens/${screen.id}`, vendor, body);
  const wanted = await change({ plain: true, revision: 0 });
  const path = new URL(wanted.plainAddress!).pathname;
  assert.is((await ask(path)).status, 200);
  assert.is((await change({ name: 'Hall 2', plain: true, revision: 1 })).plainAddress, null);
  await change({ plain: false, revision: 2 });
  assert.is((await ask(path)).status, 410);
  assert.is((await ask('/wall/plain/rcw_nobodys')).status, 401);
});

test.run();
